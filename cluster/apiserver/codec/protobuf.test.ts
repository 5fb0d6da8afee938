import { expect, test } from 'vitest';
import { decodeProtobuf } from './protobuf.ts';

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)]);
const bytesOf = (number: number, content: number[] | string): number[] => {
  const data = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(number * 8 + 2), ...varint(data.length), ...data];
};
const numberOf = (number: number, value: number): number[] => [...varint(number * 8), ...varint(value)];
const body = (apiVersion: string, kind: string, message: number[]): Uint8Array =>
  Uint8Array.from([
    0x6b,
    0x38,
    0x73,
    0,
    ...bytesOf(1, [...bytesOf(1, apiVersion), ...bytesOf(2, kind)]),
    ...bytesOf(2, message),
  ]);

test('a deployment: numbers, maps, int-or-string, embedded structs, quantities', () => {
  const probe = bytesOf(1, bytesOf(2, bytesOf(2, [...numberOf(1, 0), ...numberOf(2, 80)])));
  const limits = bytesOf(8, bytesOf(1, [...bytesOf(1, 'cpu'), ...bytesOf(2, bytesOf(1, '1'))]));
  const container = bytesOf(2, [...bytesOf(1, 'c'), ...limits, ...bytesOf(10, probe)]);
  const template = bytesOf(3, [
    ...bytesOf(1, bytesOf(11, [...bytesOf(1, 'a'), ...bytesOf(2, 'b')])),
    ...bytesOf(2, container),
  ]);
  const message = [...bytesOf(1, bytesOf(1, 'web')), ...bytesOf(2, [...numberOf(1, 3), ...template])];
  expect(decodeProtobuf(body('apps/v1', 'Deployment', message))).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      template: {
        metadata: { labels: { a: 'b' } },
        spec: {
          containers: [{ name: 'c', resources: { limits: { cpu: '1' } }, livenessProbe: { httpGet: { port: 80 } } }],
        },
      },
    },
  });
});

test('secret data is base64, times are text, an empty time is null', () => {
  const data = bytesOf(2, [...bytesOf(1, 'k'), ...bytesOf(2, [1, 2, 3])]);
  const message = [...bytesOf(1, [...bytesOf(8, numberOf(1, 60)), ...bytesOf(9, [])]), ...data];
  expect(decodeProtobuf(body('v1', 'Secret', message))).toMatchObject({
    metadata: { creationTimestamp: '1970-01-01T00:01:00Z', deletionTimestamp: null },
    data: { k: 'AQID' },
  });
});

test.each([
  ['an unknown kind', body('v1', 'Nothing', [])],
  ['a length beyond the end', body('v1', 'Secret', [0x0a, 0x7f, 0x01])],
  ['a number that never ends', body('v1', 'Secret', Array<number>(12).fill(0xff))],
])('%s is refused', (_why, bytes) =>
  expect(() => decodeProtobuf(bytes)).toThrow(expect.objectContaining({ reason: 'BadRequest' })),
);

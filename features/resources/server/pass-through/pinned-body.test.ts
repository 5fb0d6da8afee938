import { isApiError } from '@kit/base';
import type { KubeObject } from '@kit/kube';
import { describe, expect, it } from 'vitest';
import { pinned } from './pinned-body.ts';

const before: KubeObject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', resourceVersion: '7' } };
const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';

const rows: [why: string, type: string, body: string, sent: unknown][] = [
  [
    'tests first',
    json,
    '[{"op":"add"}]',
    [{ op: 'test', path: '/metadata/resourceVersion', value: '7' }, { op: 'add' }],
  ],
  ['names the version', merge, '{"spec":1}', { spec: 1, metadata: { resourceVersion: '7' } }],
  ['beside what is said of it', strategic, '{"metadata":{"a":1}}', { metadata: { a: 1, resourceVersion: '7' } }],
  ['keeps one the caller names', merge, '{"metadata":{"resourceVersion":"5"}}', { metadata: { resourceVersion: '5' } }],
  ['but not none', merge, '{"metadata":{"resourceVersion":null}}', { metadata: { resourceVersion: '7' } }],
  ['nor any', merge, '{"metadata":{"resourceVersion":"0"}}', { metadata: { resourceVersion: '7' } }],
  ['reads YAML', apply, 'kind: X\nrules: [a]\n', { kind: 'X', rules: ['a'], metadata: { resourceVersion: '7' } }],
  ['with parameters behind the type', `${merge}; charset=utf-8`, '{}', { metadata: { resourceVersion: '7' } }],
];

describe('a patch that is looked at', () => {
  it.each(rows)('%s (%s)', (_why, ...[type, body, sent]) => {
    const request = { method: 'PATCH', headers: { 'content-type': type } };
    expect(JSON.parse(Buffer.from(pinned(Buffer.from(body), request, before)).toString())).toEqual(sent);
  });

  const refused: [why: string, headers: Record<string, string>, body: string][] = [
    ['that is no list', { 'content-type': json }, '{}'],
    ['that is no object', { 'content-type': merge }, '[]'],
    ['that is no JSON', { 'content-type': merge }, '{'],
    ['in a format that is not read', { 'content-type': 'application/apply-patch+cbor' }, '\u0000'],
    ['that is packed', { 'content-type': merge, 'content-encoding': 'gzip' }, '{}'],
  ];
  it.each(refused)('%s is refused', (_why, headers, body) => {
    let error: unknown;
    try {
      pinned(Buffer.from(body), { method: 'PATCH', headers }, before);
    } catch (thrown) {
      error = thrown;
    }
    expect(isApiError(error, 'BadRequest')).toBe(true);
  });

  it('leaves whole objects as they are, and what is not there yet', () => {
    const body = Buffer.from('{}');
    expect(pinned(body, { method: 'PUT', headers: {} }, before)).toBe(body);
    expect(pinned(body, { method: 'PATCH', headers: { 'content-type': merge } }, undefined)).toBe(body);
  });
});

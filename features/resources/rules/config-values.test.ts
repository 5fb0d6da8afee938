import { describe, expect, test } from 'vitest';
import { configValues, usesConfig } from './config-values.ts';

const object = (kind: string, data: Record<string, string>, binaryData = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  data,
  binaryData,
});

describe('configValues', () => {
  test('a config map holds text, and its size is in bytes', () =>
    expect(configValues(object('ConfigMap', { b: 'ü', a: 'x' }))).toEqual([
      { key: 'a', text: 'x', bytes: 1 },
      { key: 'b', text: 'ü', bytes: 2 },
    ]));
  test('a secret holds base64', () =>
    expect(configValues(object('Secret', { password: btoa('geheim') }))).toEqual([
      { key: 'password', text: 'geheim', bytes: 6 },
    ]));
  test('bytes that are no text have none', () =>
    expect(configValues(object('ConfigMap', {}, { icon: '//79' }))).toEqual([{ key: 'icon', bytes: 3 }]));
  test('a broken value is empty and harms no other', () =>
    expect(configValues(object('Secret', { a: '%%%' }))).toEqual([{ key: 'a', text: '', bytes: 0 }]));
});

describe('usesConfig', () => {
  const rows = [
    {
      why: 'a variable',
      spec: {
        containers: [{ name: 'c', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'x', key: 'k' } } }] }],
      },
      kind: 'ConfigMap',
      expected: true,
    },
    {
      why: 'all variables of an init container',
      spec: { initContainers: [{ name: 'c', envFrom: [{ secretRef: { name: 'x' } }] }] },
      kind: 'Secret',
      expected: true,
    },
    {
      why: 'a volume',
      spec: { volumes: [{ name: 'v', secret: { secretName: 'x' } }] },
      kind: 'Secret',
      expected: true,
    },
    { why: 'a pull secret', spec: { imagePullSecrets: [{ name: 'x' }] }, kind: 'Secret', expected: true },
    {
      why: 'the same name of the other kind',
      spec: { volumes: [{ name: 'v', secret: { secretName: 'x' } }] },
      kind: 'ConfigMap',
      expected: false,
    },
    { why: 'nothing', spec: undefined, kind: 'Secret', expected: false },
  ] as const;
  test.each(rows)('$why', ({ spec, kind, expected }) => expect(usesConfig(spec, kind, 'x')).toBe(expected));
});

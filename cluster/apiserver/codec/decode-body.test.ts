import { isApiError } from '@kit/base';
import { describe, expect, test } from 'vitest';
import { decodeBody } from './decode-body.ts';

const configMap = { group: '', version: 'v1', kind: 'ConfigMap', builtin: true };
const thing = { group: 'a.example.com', version: 'v1', kind: 'Thing', builtin: false };
const bytes = (text: string) => new TextEncoder().encode(text);
const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return isApiError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'no failure';
};

test('a body without a content type is JSON; a built-in kind need not say what it is', () => {
  expect(decodeBody(bytes('{"data":{"a":"1"}}'), undefined, configMap).object).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: { a: '1' },
  });
});

test('YAML is read as Kubernetes reads it: version 1.1, one document', () => {
  const { object } = decodeBody(bytes('data:\n  a: "yes"\n  m: 010\nflag: yes\n'), 'application/yaml', configMap);
  expect(object).toMatchObject({ data: { a: 'yes', m: 8 }, flag: true });
});

test.each([
  ['application/json', '{"data":{"a":"1","a":"2"},"list":[{"x":1,"x":2}]}', ['data.a', 'list[0].x']],
  ['application/yaml', 'data:\n  a: "1"\n  a: "2"\n', ['data.a']],
])('duplicate keys of %s are named', (type, text, paths) => {
  const { object, problems } = decodeBody(bytes(text), type, configMap);
  expect(problems).toEqual(paths.map((path) => `duplicate field "${path}"`));
  expect(object['data']).toEqual({ a: '2' });
});

describe('refusals', () => {
  test.each([
    ['application/json', '{"a":', 400, 'unexpected end of JSON input ({"a":)'],
    ['application/json', 'null', 400, 'cannot unmarshal null'],
    ['application/json', '{"kind":"Secret","apiVersion":"v1"}', 400, 'cannot be handled as a ConfigMap'],
    ['application/yaml', 'a: &x [1]\nb: [*x,*x]\nc: {d: [', 400, 'yaml: line'],
    ['text/plain', 'x', 415, 'application/vnd.kubernetes.protobuf'],
    ['application/vnd.kubernetes.protobuf', 'k8s', 400, 'protobuf prefix'],
    ['application/vnd.kubernetes.protobuf', 'k8s\0\xff\xff', 400, 'protobuf'],
  ])('%s %j', (...[type, text, code, message]) => {
    const said = failure(() => decodeBody(Buffer.from(text, 'latin1'), type, configMap));
    expect(said).toContain(String(code));
    expect(said).toContain(message);
  });

  test('a YAML alias bomb', () => {
    const levels = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ];
    expect(failure(() => decodeBody(bytes(levels.join('\n')), 'application/yaml', configMap))).toContain('400');
  });

  test('a custom kind must say what it is', () => {
    expect(failure(() => decodeBody(bytes('{"metadata":{}}'), undefined, thing))).toContain("Object 'Kind' is missing");
  });
});

import { describe, expect, it } from 'vitest';
import { indentJson } from './indent-json.ts';

describe('JSON for people', () => {
  it.each([
    { why: 'empty ones stay on their line', value: { a: {}, b: [], c: [{}, []] } },
    { why: 'nested', value: { a: [1, [2, { b: null }]], c: { d: { e: true } } } },
    { why: 'signs within texts are texts', value: { 'a"{': '}],:"\\', b: '\\' } },
    { why: 'a list', value: [1, 'a', false] },
    { why: 'no object at all', value: 'a' },
  ])('$why', ({ value }) => {
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps every digit', () => {
    expect(indentJson('{"a":9007199254740993,"b":1.0}')).toBe('{\n  "a": 9007199254740993,\n  "b": 1.0\n}');
  });
});

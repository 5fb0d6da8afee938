import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeYaml } from './write-yaml.ts';

// What stands on the right was written by a kube-apiserver 1.36.3 for a ConfigMap with such a value.
describe('a text', () => {
  it.each([
    ['', '""', 'nothing'],
    ['a', 'a', 'a word'],
    ['a ', "'a '", 'a space at its end'],
    ['yes', '"yes"', 'a truth of old'],
    ['1_000', '"1_000"', 'a number with lines in it'],
    ['08', '"08"', 'a number that is none in base 8, but one with a fraction'],
    ['12:30:45', '"12:30:45"', 'a number to the base of 60'],
    ['2026-01-01', '"2026-01-01"', 'a day'],
    ['2026-1x-01', '2026-1x-01', 'no day'],
    ['1.2.3', '1.2.3', 'no number'],
    ['a: b', "'a: b'", 'a name and a value'],
    ['a:b', 'a:b', 'a colon inside a word'],
    ['a #b', "'a #b'", 'a remark'],
    ["it's: a", "'it''s: a'", 'quotes within quotes'],
    ['a\tb', '"a\\tb"', 'a tab'],
    ['é', 'é', 'a letter beyond ASCII'],
    ['😀', '"\\U0001F600"', 'a sign beyond the first plane'],
    ['a\nb', '|-\n  a\n  b', 'two lines'],
    ['a\nb\n', '|\n  a\n  b', 'two whole lines'],
    ['a\n\n', '|+\n  a\n', 'an empty line at the end'],
    [' a\nb', '|2-\n   a\n  b', 'a space at the start of a block'],
    ['a \nb', '"a \\nb"', 'a space before a line break'],
  ])('%j is %j: %s', (text, written) => {
    expect(writeYaml({ a: text })).toBe(`a: ${written}\n`);
    expect(parse(writeYaml({ a: text }), { version: '1.1' })).toEqual({ a: text });
  });

  it('is broken at the first space behind the width', () => {
    const long = `${'x'.repeat(79)} a b`;
    expect(writeYaml({ a: long })).toBe(`a: ${'x'.repeat(79)}\n  a b\n`);
    expect(writeYaml({ a: { b: `${long}: c` } })).toBe(`a:\n  b: '${'x'.repeat(79)}\n    a b: c'\n`);
  });
});

describe('structure', () => {
  it.each([
    [{ a: [], b: {}, c: null, d: [{}, []] }, 'a: []\nb: {}\nc: null\nd:\n- {}\n- []\n'],
    [{ a: [{ b: 1, c: [true] }, 'd', ['e', 'f']] }, 'a:\n- b: 1\n  c:\n  - true\n- d\n- - e\n  - f\n'],
    [{ c2: 1, c10: 2, c1: 3, 'c-x': 4, C: 5, a1: 6, ab: 7 }, 'C: 5\na1: 6\nab: 7\nc-x: 4\nc1: 3\nc2: 1\nc10: 2\n'],
    [{ ['k'.repeat(130)]: 'v' }, `? ${'k'.repeat(130)}\n: v\n`],
    [{ a: 1e21, b: 1.5, c: 1e-7 }, 'a: 1e+21\nb: 1.5\nc: 1e-07\n'],
  ])('%j', (value, written) => {
    expect(writeYaml(value)).toBe(written);
    expect(parse(written)).toEqual(value);
  });
});

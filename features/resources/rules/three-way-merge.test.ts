import { describe, expect, test } from 'vitest';
import { mergeEdits, pathText } from './three-way-merge.ts';

const container = (name: string, image: string) => ({ name, image });

const rows = [
  { why: 'only I changed it', base: { a: 1 }, mine: { a: 2 }, theirs: { a: 1 }, value: { a: 2 }, clashes: [] },
  { why: 'only they changed it', base: { a: 1 }, mine: { a: 1 }, theirs: { a: 2 }, value: { a: 2 }, clashes: [] },
  { why: 'both did the same', base: { a: 1 }, mine: { a: 2 }, theirs: { a: 2 }, value: { a: 2 }, clashes: [] },
  {
    why: 'different fields',
    base: { a: 1, b: 1 },
    mine: { a: 2, b: 1 },
    theirs: { a: 1, b: 2 },
    value: { a: 2, b: 2 },
    clashes: [],
  },
  {
    why: 'I took a field out, they added one',
    base: { a: 1, b: 1 },
    mine: { a: 1 },
    theirs: { a: 1, b: 1, c: 1 },
    value: { a: 1, c: 1 },
    clashes: [],
  },
  {
    why: 'the same field in two ways: theirs stands, and the clash is named',
    base: { a: 1 },
    mine: { a: 2 },
    theirs: { a: 3 },
    value: { a: 3 },
    clashes: ['a'],
  },
  { why: 'I took out what they changed', base: { a: 1 }, mine: {}, theirs: { a: 3 }, value: { a: 3 }, clashes: ['a'] },
  {
    why: 'different containers of one list',
    base: { c: [container('x', '1'), container('y', '1')] },
    mine: { c: [container('x', '2'), container('y', '1')] },
    theirs: { c: [container('x', '1'), container('y', '3')] },
    value: { c: [container('x', '2'), container('y', '3')] },
    clashes: [],
  },
  {
    why: 'the same container in two ways',
    base: { c: [container('x', '1')] },
    mine: { c: [container('x', '2')] },
    theirs: { c: [container('x', '3')] },
    value: { c: [container('x', '3')] },
    clashes: ['c.x.image'],
  },
  {
    why: 'lists without names are one value',
    base: { a: [1] },
    mine: { a: [1, 2] },
    theirs: { a: [0, 1] },
    value: { a: [0, 1] },
    clashes: ['a'],
  },
  {
    why: 'the order of fields is no change',
    base: { a: { x: 1, y: 2 } },
    mine: { a: { y: 2, x: 1 } },
    theirs: { a: { x: 5, y: 2 } },
    value: { a: { x: 5, y: 2 } },
    clashes: [],
  },
];

describe('mergeEdits', () => {
  test.each(rows)('$why', ({ value, clashes, ...sides }) => {
    const merge = mergeEdits(sides);
    expect(merge.value).toEqual(value);
    expect(merge.clashes.map(({ path }) => pathText(path))).toEqual(clashes);
  });
});

test('a path keeps names that are no words in brackets', () => {
  expect(pathText(['metadata', 'annotations', 'example.org/owner'])).toBe('metadata.annotations[example.org/owner]');
});

test('in a clash the chosen side stands, the others stay theirs', () => {
  const sides = { base: { a: 1, b: 1 }, mine: { a: 2, b: 2 }, theirs: { a: 3, b: 3 } };
  expect(mergeEdits({ ...sides, winsMine: ({ path }) => pathText(path) === 'a' }).value).toEqual({ a: 2, b: 3 });
});

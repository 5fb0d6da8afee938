import { expect, it } from 'vitest';
import { shapeOf } from './shape-of.ts';

it.each([
  { why: 'values do not matter', a: { a: 'x', b: { c: 5 } }, b: { a: 'y', b: { c: 7 } }, same: true },
  { why: 'fields do', a: { a: 1 }, b: { b: 1 }, same: false },
  { why: 'so does where they are', a: { a: { b: 1 } }, b: { a: {}, b: 1 }, same: false },
  { why: 'an empty text is no value', a: { a: '' }, b: { a: 'x' }, same: false },
  { why: 'names cannot be taken for structure', a: { 'a"1"b': 1 }, b: { a: 1, b: 1 }, same: false },
])('$why', ({ a, b, same }) => {
  expect(shapeOf(a as never) === shapeOf(b as never)).toBe(same); // objects of different fields
});

it('knows no shape of what has a list', () => {
  expect(shapeOf({ a: { b: [] } })).toBeUndefined();
});

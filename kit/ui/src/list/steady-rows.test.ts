import { expect, test } from 'vitest';
import { steady } from './steady-rows.ts';

const row = (name: string, value = 1) => ({ name, value });
const key = ({ name }: { name: string }) => name;

test.each([
  {
    why: 'values change in place',
    held: [row('a'), row('b')],
    fresh: [row('a', 2), row('b')],
    names: 'ab',
    added: 0,
    gone: [],
  },
  { why: 'a new first row waits', held: [row('b')], fresh: [row('a'), row('b')], names: 'b', added: 1, gone: [] },
  {
    why: 'a row that went stays where it was',
    held: [row('a'), row('b')],
    fresh: [row('b')],
    names: 'ab',
    added: 0,
    gone: ['a'],
  },
  {
    why: 'another order of the server does not move rows',
    held: [row('a'), row('b')],
    fresh: [row('b'), row('a')],
    names: 'ab',
    added: 0,
    gone: [],
  },
])('$why', ({ held, fresh, names, added, gone }) => {
  const shown = steady(held, fresh, key);
  expect(shown.rows.map(key).join('')).toBe(names);
  expect(shown.added).toBe(added);
  expect([...shown.gone]).toEqual(gone);
  const values = new Map(fresh.map((one) => [one.name, one.value]));
  for (const one of shown.rows) expect(one.value).toBe(values.get(one.name) ?? 1);
});

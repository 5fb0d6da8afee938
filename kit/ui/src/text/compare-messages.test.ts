import { expect, test } from 'vitest';
import { compareMessages } from './compare-messages.ts';

const en = { title: 'Users of {{name}}', rows_one: '{{count, number}} row', rows_other: '{{count, number}} rows' };
const other = { title: '{{name}}', rows_other: '{{count, number}}' };

test.each([
  { why: 'each language has the plural forms it needs', all: { en, ko: other, zh: other }, expected: [] },
  { why: 'a missing key', all: { en, ko: { rows_other: '{{count}}' }, zh: other }, expected: ['ko: no "title"'] },
  {
    why: 'a key English has not',
    all: { en, ko: other, zh: { ...other, more: '' } },
    expected: ['zh: "more" is not in English'],
  },
  {
    why: 'another placeholder',
    all: { en, ko: { ...other, title: '{{nmae}}' }, zh: other },
    expected: ['ko: "title" has other placeholders'],
  },
  {
    why: 'a missing plural form',
    all: { en: { title: en.title, rows_other: en.rows_other }, ko: other, zh: other },
    expected: ['en: "rows" has no form "one"'],
  },
])('$why', ({ all, expected }) => {
  expect(compareMessages(all)).toEqual(expected);
});

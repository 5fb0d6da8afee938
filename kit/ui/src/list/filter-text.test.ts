import { expect, test } from 'vitest';
import type { FilterDef } from './column.ts';
import { completions, parseFilter } from './filter-text.ts';

const filters: readonly FilterDef[] = [
  {
    token: 'status',
    label: 'State',
    values: [
      { value: 'failing', label: 'Failing' },
      { value: 'running', label: 'Läuft' },
    ],
  },
  { token: 'label', label: 'Label' },
];

test.each([
  { why: 'words alone are searched for', text: ' check  out ', search: 'check out', tokens: {}, unknown: [] },
  {
    why: 'a token is taken out of the words',
    text: 'web status:failing',
    search: 'web',
    tokens: { status: 'failing' },
    unknown: [],
  },
  {
    why: 'a value may be typed as it is shown',
    text: 'status:läuft',
    search: '',
    tokens: { status: 'running' },
    unknown: [],
  },
  {
    why: 'a value with an equals sign stays whole',
    text: 'label:app=web',
    search: '',
    tokens: { label: 'app=web' },
    unknown: [],
  },
  {
    why: 'the token’s case does not matter',
    text: 'STATUS:failing',
    search: '',
    tokens: { status: 'failing' },
    unknown: [],
  },
  {
    why: 'a token this list has not is said, not searched',
    text: 'node:n3 a',
    search: 'a',
    tokens: {},
    unknown: ['node:n3'],
  },
  { why: 'a colon without a value is a word', text: 'status:', search: 'status:', tokens: {}, unknown: [] },
])('$why', ({ text, search, tokens, unknown }) => {
  expect(parseFilter(text, filters)).toEqual({ search, tokens, unknown });
});

test.each([
  { why: 'nothing typed offers all tokens', text: '', expected: ['status:', 'label:'] },
  { why: 'the beginning of a token', text: 'web st', expected: ['status:'] },
  { why: 'a token offers its values', text: 'status:', expected: ['status:failing ', 'status:running '] },
  { why: 'values narrow as one types what is shown', text: 'status:lä', expected: ['status:running '] },
  { why: 'a token without known values offers none', text: 'label:a', expected: [] },
])('$why', ({ text, expected }) => {
  expect(completions(text, filters).map(({ insert }) => insert)).toEqual(expected);
});

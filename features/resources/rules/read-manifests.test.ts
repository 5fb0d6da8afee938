import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { limits, readManifests } from './read-manifests.ts';

const read: readonly { text: string; kinds: unknown[]; lines: number[]; why: string }[] = [
  { text: 'kind: A\n', kinds: ['A'], lines: [1], why: 'one document without separator' },
  { text: '---\nkind: A\n---\nkind: B\n', kinds: ['A', 'B'], lines: [2, 4], why: 'a leading separator' },
  { text: '# a\n---\n# only words\n---\nkind: A\n', kinds: ['A'], lines: [5], why: 'comments are no objects' },
  { text: '', kinds: [], lines: [], why: 'nothing' },
  { text: '{"kind":"A"}', kinds: ['A'], lines: [1], why: 'JSON is YAML' },
  { text: 'kind: List\nitems:\n- kind: A\n- kind: B\n', kinds: ['A', 'B'], lines: [1, 1], why: 'a List is its items' },
];

const refused: readonly { text: string; says: RegExp; why: string }[] = [
  { text: 'kind: A\n---\na: b: c\n', says: /document 2, line 3/, why: 'where the second document is broken' },
  { text: 'a: 1\na: 2\n', says: /document 1, line 2/, why: 'a key given twice loses one of its values' },
  { text: 'just words', says: /no object/, why: 'a scalar is no manifest' },
  { text: '- a\n- b\n', says: /no object but a list/, why: 'a list is no manifest' },
  { text: 'x'.repeat(limits.characters + 1), says: /at most/, why: 'size' },
  { text: '---\nkind: A\n'.repeat(limits.documents + 1), says: /at most/, why: 'number of documents' },
  {
    text: `a: &a [x,x]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]\n`,
    says: /aliases/,
    why: 'aliases of aliases grow without bound',
  },
];

const scalars: readonly { text: string; value: unknown; why: string }[] = [
  { text: '0644', value: 420, why: 'file modes are octal' },
  { text: 'yes', value: true, why: 'YAML 1.1 has more words for true' },
  { text: 'off', value: false, why: 'and for false' },
  { text: 'y', value: true, why: 'and a letter for it' },
  { text: '0o14', value: 12, why: 'octal as YAML 1.2 writes it' },
  { text: '0b11', value: 3, why: 'binary' },
  { text: '8080:80', value: '8080:80', why: 'no number in base 60' },
  { text: '2026-01-01', value: '2026-01-01', why: 'a date stays the text it is' },
  { text: '"0644"', value: '0644', why: 'quotes make text' },
  { text: '1e3', value: 1000, why: 'a float' },
];

describe('readManifests', () => {
  it.each(scalars)('reads $text as kubectl does: $why', ({ text, value }) => {
    expect(readManifests(`a: ${text}`)[0]?.object).toEqual({ a: value });
  });

  it.each(read)('$why', ({ text, kinds, lines }) => {
    const manifests = readManifests(text);
    expect(manifests.map(({ object }) => object['kind'])).toEqual(kinds);
    expect(manifests.map(({ line }) => line)).toEqual(lines);
    expect(manifests.map(({ index }) => index)).toEqual(kinds.map((_, index) => index));
  });

  it.each(refused)('refuses $why', ({ text, says }) => {
    let thrown: unknown;
    try {
      readManifests(text);
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
    expect((thrown as Error).message).toMatch(says);
  });
});

import type { Row } from '@kit/kube';
import { partAt, searchFacet, wordAt, type SearchedPart } from './search-text.ts';

const byPart: Readonly<Record<SearchedPart, number>> = { name: 25, label: 12, image: 10, annotation: 4 };

function ofWord(text: string, word: string): number {
  const place = text.indexOf(word);
  const part = partAt(text, place);
  if (part !== 'name') return byPart[part];
  const end = text.indexOf('\n');
  if (place === 0) return word.length === end ? 100 : 60;
  return /[a-z0-9]/.test(text[place - 1] ?? '') ? byPart.name : 40; // the start of a part of the name, or within one
}

/** How well a row fits: a name before a label, an image and an annotation; a whole name first of all. */
export function scoreOf(row: Row, words: readonly string[]): number {
  const text = row.value(searchFacet);
  return words.reduce((sum, word) => sum + ofWord(text, word), 0);
}

/** Why a row was found: for each word, where it stands first. */
export function matchesOf(row: Row, words: readonly string[]): { in: SearchedPart; text: string }[] {
  const text = row.value(searchFacet);
  return words.map((word) => {
    const place = text.indexOf(word);
    return { in: partAt(text, place), text: wordAt(text, place) };
  });
}

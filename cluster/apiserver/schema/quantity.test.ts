import { expect, test } from 'vitest';
import { canonicalQuantity, isQuantity, quantityValue } from './quantity.ts';

test.each([
  ['1000m', '1', 'a whole number needs no suffix'],
  ['0.5', '500m', 'no fractions'],
  ['1024Mi', '1Gi', 'the largest binary suffix'],
  ['1.5Gi', '1536Mi', 'a binary fraction goes to the next smaller suffix'],
  ['3000k', '3M', 'the largest decimal suffix'],
  ['12E', '12E', 'E alone is a suffix, not an exponent'],
  ['2e3', '2e3', 'scientific stays scientific'],
  ['0', '0', 'zero has one form'],
  ['many', 'many', 'what is no quantity is left alone'],
])('%s is written %s: %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

test.each([
  ['100m', 0.1],
  ['1Ki', 1024],
  ['-2', -2],
  ['1e3', 1000],
])('%s is worth %d', (text, value) => expect(quantityValue(text)).toBe(value));

test.each(['', 'x', '1.2.3', '1 Gi', '1gi'])('%j is no quantity', (text) => expect(isQuantity(text)).toBe(false));

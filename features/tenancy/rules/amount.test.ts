import { describe, expect, it } from 'vitest';
import { addUp, formatAmount, parseAmount } from './amount.ts';

const read: readonly [text: string, amount: bigint | undefined, why: string][] = [
  ['1', 1_000_000_000n, 'a whole'],
  ['250m', 250_000_000n, 'thousandths'],
  ['0.1', 100_000_000n, 'no binary fraction gets in'],
  ['.5', 500_000_000n, 'no whole part'],
  ['1Ki', 1_024_000_000_000n, 'binary'],
  ['1.5Gi', 1_610_612_736_000_000_000n, 'binary with a fraction'],
  ['1e3', 1_000_000_000_000n, 'an exponent'],
  ['1E', 10n ** 27n, 'exa is no exponent'],
  ['-1', -1_000_000_000n, 'a sign'],
  ['1n', 1n, 'the smallest'],
  ['0.1n', 1n, 'less than that is rounded up'],
  ['', undefined, 'nothing'],
  ['.', undefined, 'no digit'],
  ['1 Gi', undefined, 'a space'],
  ['1Kb', undefined, 'no unit of Kubernetes'],
  ['9'.repeat(100), undefined, 'too long to be meant'],
];

describe('parseAmount', () => {
  it.each(read)('%s: %s, %s', (text, amount) => expect(parseAmount(text)).toBe(amount));
});

const written: readonly [resource: string, text: string, again: string][] = [
  ['requests.cpu', '1500m', '1500m'],
  ['requests.cpu', '2000m', '2'],
  ['limits.memory', '1.5Gi', '1536Mi'],
  ['limits.memory', '1000', '1000'],
  ['requests.storage', '0', '0'],
  ['pods', '20', '20'],
];

describe('formatAmount', () => {
  it.each(written)('%s %s is %s', (resource, text, again) =>
    expect(formatAmount(resource, parseAmount(text) ?? 0n)).toBe(again),
  );
});

it('adds up by resource', () => {
  expect([...addUp([new Map([['pods', 1n]]), new Map([['pods', 2n], ['cpu', 3n]])])]).toEqual([
    ['pods', 3n],
    ['cpu', 3n],
  ]); // prettier-ignore
});

import { describe, expect, it } from 'vitest';
import { amountOf, amountText, larger, minus, plus } from './amount.ts';

describe('amounts', () => {
  it.each([
    ['1024Mi', '1Gi', 'the largest suffix of its family'],
    ['1500m', '1500m', 'no fraction'],
    ['0.5', '500m', 'a fraction becomes a smaller unit'],
    ['2e3', '2e3', 'an exponent stays one'],
    ['512', '512', 'a plain number'],
    ['100', '100', 'no suffix below its own step'],
    ['1.5Ki', '1536', 'what is no whole multiple is written out'],
    ['0', '0', 'nothing has no unit'],
    ['nonsense', '0', 'validation refuses it elsewhere'],
  ])('%s is written %s: %s', (given, written) => {
    expect(amountText(amountOf(given))).toBe(written);
  });

  it.each([
    ['500m', '600m', '1100m', 'what is below a whole number stays exact'],
    ['1Gi', '512Mi', '1536Mi', 'binary with binary'],
    ['0', '1Gi', '1Gi', 'nothing takes the family of what is added'],
    ['1Gi', '1G', '2073741824', 'the first decides: binary, but no multiple of 1024'],
    ['0.1', '0.2', '300m', 'no rounding as with floating point numbers'],
  ])('%s + %s = %s: %s', (a, b, total) => {
    expect(amountText(plus(amountOf(a), amountOf(b)))).toBe(total);
    expect(minus(plus(amountOf(a), amountOf(b)), amountOf(b)).nanos).toBe(amountOf(a).nanos);
  });

  it('compares across families', () => {
    expect(amountText(larger(amountOf('1G'), amountOf('1Gi')))).toBe('1Gi');
  });

  it('takes an exponent nobody needs without filling the memory', () => {
    expect(amountOf('1e999999999').nanos).toBe(10n ** 60n);
    expect(amountOf('1e-999999999').nanos).toBe(1n);
  });
});

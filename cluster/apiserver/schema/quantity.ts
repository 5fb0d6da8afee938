import { amountOf, amountText, quantityForm } from '@kit/base/amount';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** True for a text such as `100m`, `1.5Gi` or `2e3`. */
export function isQuantity(text: string): boolean {
  return quantityForm.test(text);
}

/** The value of a quantity as a number; NaN when it is none. Exact enough to compare and to sum. */
export function quantityValue(value: string | number): number {
  const match = quantityForm.exec(String(value));
  if (!match) return Number.NaN;
  const [, sign, digits, suffix = ''] = match;
  const factor = factors[suffix] ?? Number(`1${suffix}`);
  return (sign === '-' ? -1 : 1) * Number(digits) * factor;
}

/**
 * The one way Kubernetes writes a quantity: no fraction, the largest suffix of its family (`0.5` is `500m`, `1024Mi` is
 * `1Gi`). Anything below a nano is rounded up. The text itself when it is no quantity.
 */
export function canonicalQuantity(text: string): string {
  return isQuantity(text) ? amountText(amountOf(text)) : text;
}

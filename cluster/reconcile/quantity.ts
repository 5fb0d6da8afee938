import { quantityValue } from '../apiserver/schema/quantity.ts';

/** A Kubernetes quantity such as `250m` or `1.5Gi` as a number; what is no quantity counts as 0. */
export function quantity(text: string | number | undefined): number {
  if (text === undefined || typeof text === 'number') return text ?? 0;
  const value = quantityValue(text);
  return Number.isNaN(value) ? 0 : value;
}

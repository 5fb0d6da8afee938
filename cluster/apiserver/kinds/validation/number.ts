import type { Cause } from '@kit/base';
import { invalid } from './cause.ts';

const percentNote =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

export function nonNegative(field: string, value: unknown): Cause[] {
  return typeof value === 'number' && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

export function positive(field: string, value: unknown, text = 'must be greater than 0'): Cause[] {
  return typeof value === 'number' && value <= 0 ? [invalid(field, value, text)] : [];
}

/** A count or a percentage. */
export function intOrPercent(field: string, value: unknown): Cause[] {
  if (typeof value !== 'string') return nonNegative(field, value);
  return /^[0-9]+%$/.test(value) ? [] : [invalid(field, value, percentNote)];
}

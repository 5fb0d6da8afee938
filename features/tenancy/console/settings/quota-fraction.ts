import { parseAmount } from '../../rules/amount.ts';

const scale = 10_000n;

/** How much of a limit is used, from 0; a limit of nothing is used up, and so is one that cannot be read. */
export function fractionOf(used: string, hard: string): number {
  const [part, whole] = [parseAmount(used) ?? 0n, parseAmount(hard) ?? 0n];
  return whole <= 0n ? 1 : Number((part * scale) / whole) / Number(scale);
}

import { amountOf, quantityForm } from '@kit/base/amount';

/** An exact amount, in billionths: what a Kubernetes quantity can say without loss. */
export type Amount = bigint;

const one = 1_000_000_000n;
/** No quantity of a cluster needs more digits; longer texts only cost time. */
const longest = 64;

/** Reads a quantity (`250m`, `1.5Gi`, `1e3`); `undefined` when it is none. Less than a billionth is rounded up. */
export function parseAmount(given: string | number): Amount | undefined {
  const text = String(given).trim();
  return text.length <= longest && quantityForm.test(text) ? amountOf(text).nanos : undefined;
}

function roundUp(numerator: bigint, divisor: bigint): bigint {
  const quotient = numerator / divisor;
  return numerator % divisor > 0n ? quotient + 1n : quotient;
}

const binary = [
  ['Ti', 40n],
  ['Gi', 30n],
  ['Mi', 20n],
  ['Ki', 10n],
] as const;

function formatBytes(bytes: bigint): string {
  const [unit, shift] = binary.find(([, by]) => bytes !== 0n && bytes % (1n << by) === 0n) ?? ['', 0n];
  return `${bytes >> shift}${unit}`;
}

/** Writes an amount as Kubernetes would read it again: bytes with a binary unit, parts of a whole in thousandths. */
export function formatAmount(resource: string, amount: Amount): string {
  if (/memory|storage|hugepages/.test(resource)) return formatBytes(roundUp(amount, one));
  return amount % one === 0n ? String(amount / one) : `${roundUp(amount, 1_000_000n)}m`;
}

/** Amounts by resource. */
export type Tally = ReadonlyMap<string, Amount>;

/** The sum of tallies. */
export function addUp(tallies: Iterable<Tally>): Map<string, Amount> {
  const sum = new Map<string, Amount>();
  for (const tally of tallies) for (const [name, amount] of tally) sum.set(name, (sum.get(name) ?? 0n) + amount);
  return sum;
}

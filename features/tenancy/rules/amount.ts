/** An exact amount, in billionths: what a Kubernetes quantity can say without loss. */
export type Amount = bigint;

const one = 1_000_000_000n;
const suffixes: Readonly<Record<string, Amount>> = {
  n: 1n, u: 1_000n, m: 1_000_000n, '': one, k: one * 10n ** 3n, M: one * 10n ** 6n, G: one * 10n ** 9n,
  T: one * 10n ** 12n, P: one * 10n ** 15n, E: one * 10n ** 18n, Ki: one << 10n, Mi: one << 20n, Gi: one << 30n,
  Ti: one << 40n, Pi: one << 50n, Ei: one << 60n,
}; // prettier-ignore
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]))?$/;
/** No quantity of a cluster needs more digits; longer texts only cost time. */
const longest = 64;

function roundUp(numerator: bigint, divisor: bigint): bigint {
  const quotient = numerator / divisor;
  return numerator % divisor > 0n ? quotient + 1n : quotient;
}

function timesTenTo(power: number, amount: bigint): bigint {
  return power >= 0 ? amount * 10n ** BigInt(power) : roundUp(amount, 10n ** BigInt(-power));
}

function partsOf(text: string): RegExpExecArray | null {
  return text.length > longest ? null : form.exec(text);
}

/** Reads a quantity (`250m`, `1.5Gi`, `1e3`); `undefined` when it is none. Less than a billionth is rounded up. */
export function parseAmount(given: string | number): Amount | undefined {
  const match = partsOf(String(given).trim());
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match ?? [];
  if (!match || whole + fraction === '') return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const unit = suffixes[suffix] ?? one;
  return timesTenTo(Number(exponent ?? 0) - fraction.length, digits * unit);
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

/** How a quantity is written: with Ki, with k, or with e3. */
type Family = 'binary' | 'decimal' | 'exponent';

/** A quantity that can be added up without loss, and remembers how it was written. */
export interface Amount {
  readonly nanos: bigint;
  readonly family: Family;
}

export const none: Amount = { nanos: 0n, family: 'decimal' };
const unit = 1_000_000_000n;
/** What a quantity looks like: sign, digits, suffix. */
export const quantityForm = /^([+-]?)(\d+\.?\d*|\.\d+)((?:[KMGTPE]i)|[numkMGTPE]?|[eE][+-]?\d+)$/;
const decimals: readonly (readonly [exponent: number, suffix: string])[] = [
  [18, 'E'],
  [15, 'P'],
  [12, 'T'],
  [9, 'G'],
  [6, 'M'],
  [3, 'k'],
  [0, ''],
  [-3, 'm'],
  [-6, 'u'],
  [-9, 'n'],
];
const binaries = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** A whole number of something. */
export function whole(count: number): Amount {
  return { nanos: BigInt(count) * unit, family: 'decimal' };
}

/** Of more digits than this nobody has a use; a text of a few characters must not fill the memory. */
const maxShift = 60;

/** digits * 10^exponent in nanos, rounded up. */
function scaled(digits: string, exponent: number): bigint {
  const [integer = '', fraction = ''] = digits.split('.');
  const shift = exponent - fraction.length + 9;
  const value = BigInt(integer + fraction || '0');
  if (shift >= 0) return value * 10n ** BigInt(Math.min(shift, maxShift));
  const divisor = 10n ** BigInt(Math.min(-shift, maxShift));
  return (value + divisor - 1n) / divisor;
}

/** Reads a quantity; what is none counts as nothing, since validation refuses it elsewhere. */
export function amountOf(quantity: unknown): Amount {
  const match = quantityForm.exec(String(quantity));
  if (!match) return none;
  const [, sign, digits = '', suffix = ''] = match;
  const power = binaries.indexOf(suffix);
  const positive = (nanos: bigint, family: Family): Amount => ({ nanos: sign === '-' ? -nanos : nanos, family });
  if (power > 0) return positive(scaled(digits, 0) * 1024n ** BigInt(power), 'binary');
  if (/^[eE][+-]?\d/.test(suffix)) return positive(scaled(digits, Number(suffix.slice(1))), 'exponent');
  return positive(scaled(digits, decimals.find(([, name]) => name === suffix)?.[0] ?? 0), 'decimal');
}

/** The sum, written as the first of the two that is not zero. */
export function plus(a: Amount, b: Amount): Amount {
  return { nanos: a.nanos + b.nanos, family: a.nanos === 0n ? b.family : a.family };
}

export function minus(a: Amount, b: Amount): Amount {
  return { nanos: a.nanos - b.nanos, family: a.nanos === 0n ? b.family : a.family };
}

export function larger(a: Amount, b: Amount): Amount {
  return b.nanos > a.nanos ? b : a;
}

function binaryText(nanos: bigint): string | undefined {
  const isSmall = nanos > -1024n * unit && nanos < 1024n * unit;
  if (isSmall || nanos % unit !== 0n) return undefined;
  let value = nanos / unit;
  let power = 0;
  while (power < binaries.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    power += 1;
  }
  return `${value}${binaries[power] ?? ''}`;
}

/** The one way Kubernetes writes the amount. */
export function amountText({ nanos, family }: Amount): string {
  if (nanos === 0n) return '0';
  const binary = family === 'binary' ? binaryText(nanos) : undefined;
  if (binary) return binary;
  for (const [exponent, suffix] of decimals) {
    const step = 10n ** BigInt(9 + exponent);
    if (nanos % step !== 0n) continue;
    return `${nanos / step}${family === 'exponent' && exponent !== 0 ? `e${exponent}` : suffix}`;
  }
  return `${nanos}n`;
}

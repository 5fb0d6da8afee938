const form = /^([+-]?)(\d+\.?\d*|\.\d+)((?:[KMGTPE]i)|[numkMGTPE]?|[eE][+-]?\d+)$/;

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
  return form.test(text);
}

/** The value of a quantity as a number; NaN when it is none. Exact enough to compare and to sum. */
export function quantityValue(value: string | number): number {
  const match = form.exec(String(value));
  if (!match) return Number.NaN;
  const [, sign, digits, suffix = ''] = match;
  const factor = factors[suffix] ?? Number(`1${suffix}`);
  return (sign === '-' ? -1 : 1) * Number(digits) * factor;
}

const decimalSuffixes: readonly (readonly [exponent: number, suffix: string])[] = [
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
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 9;

/**
 * The one way Kubernetes writes a quantity: no fraction, the largest suffix of its family (`0.5` is `500m`, `1024Mi` is
 * `1Gi`). Anything below a nano is rounded up. The text itself when it is no quantity.
 */
export function canonicalQuantity(text: string): string {
  const match = form.exec(text);
  if (!match) return text;
  const [, sign, digits = '', suffix = ''] = match;
  const power = binarySuffixes.indexOf(suffix);
  const amount = power > 0 ? binaryForm(digits, power) : decimalForm(digits, suffix);
  return sign === '-' && amount !== '0' ? `-${amount}` : amount;
}

/** What is no whole number of bytes is written in the decimal family. */
function binaryForm(digits: string, power: number): string {
  const nanos = nanosOf(digits, 0) * 1024n ** BigInt(power);
  const unit = 10n ** BigInt(nano);
  if (nanos === 0n) return '0';
  return nanos % unit === 0n ? binaryText(nanos / unit) : decimalText(nanos, false);
}

function decimalForm(digits: string, suffix: string): string {
  const scientific = /^[eE][+-]?\d/.test(suffix);
  const known = decimalSuffixes.find(([, name]) => name === suffix)?.[0] ?? 0;
  const nanos = nanosOf(digits, scientific ? Number(suffix.slice(1)) : known);
  return nanos === 0n ? '0' : decimalText(nanos, scientific);
}

/** digits * 10^exponent in nanos, rounded up. */
function nanosOf(digits: string, exponent: number): bigint {
  const [whole = '', fraction = ''] = digits.split('.');
  const shift = nano + exponent - fraction.length;
  const value = BigInt(whole + fraction || '0');
  if (shift >= 0) return value * 10n ** BigInt(Math.min(shift, 60));
  const divisor = 10n ** BigInt(Math.min(-shift, 60));
  return (value + divisor - 1n) / divisor;
}

function binaryText(value: bigint): string {
  let power = 0;
  while (power < binarySuffixes.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    power += 1;
  }
  return `${value}${binarySuffixes[power] ?? ''}`;
}

function decimalText(nanos: bigint, scientific: boolean): string {
  for (const [exponent, suffix] of decimalSuffixes) {
    const unit = 10n ** BigInt(nano + exponent);
    if (nanos % unit === 0n) return `${nanos / unit}${scientific && exponent !== 0 ? `e${exponent}` : suffix}`;
  }
  return `${nanos}n`;
}

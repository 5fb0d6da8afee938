import { functionTable, type FunctionTable } from '../functions/function-table.ts';
import { readType } from '../types/cel-type.ts';
import { CelError, type OpaqueValue, type Value } from '../values/value.ts';

const form = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, bigint>> = { Ki: 1n, Mi: 2n, Gi: 3n, Ti: 4n, Pi: 5n, Ei: 6n };
const nano = 9;
const unit = 10n ** BigInt(nano);
/** What fits the quick form of a quantity, whose whole numbers are integers; larger ones are none. */
const largest = 2n ** 63n - 1n;

/** An amount in nanos: exact for everything that Kubernetes keeps. */
class Quantity implements OpaqueValue {
  readonly celType = readType('kubernetes.Quantity');
  readonly nanos: bigint;
  /** Ei is kept as a decimal of any size by Kubernetes, and that is never an integer to it. */
  readonly big: boolean;

  constructor(nanos: bigint, big = false) {
    this.nanos = nanos;
    this.big = big;
  }

  equals(other: Value): boolean {
    return other instanceof Quantity && other.nanos === this.nanos;
  }

  integer(): bigint | undefined {
    const value = this.nanos / unit;
    return this.big || this.nanos % unit !== 0n || value > largest || value < -largest ? undefined : value;
  }
}

const badForm = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function parse(text: string): Quantity | { problem: string } {
  const match = form.exec(text);
  const [, sign, whole = '', fraction = '', suffix = ''] = match ?? [];
  if (!match || whole + fraction === '') return { problem: badForm };
  const factor = factorOf(suffix);
  if (!factor) return { problem: "unable to parse quantity's suffix" };
  const nanos = scaled(BigInt(whole + fraction) * factor.times, nano - fraction.length + factor.exponent);
  return new Quantity(sign === '-' ? -nanos : nanos, suffix === 'Ei');
}

/** What a suffix multiplies by: a power of 1024, or one of ten. */
function factorOf(suffix: string): { times: bigint; exponent: number } | undefined {
  const power = binary[suffix];
  if (power !== undefined) return { times: 1024n ** power, exponent: 0 };
  const exponent = /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : decimal[suffix];
  return exponent === undefined ? undefined : { times: 1n, exponent };
}

/** value * 10^exponent; fractions are rounded up. */
function scaled(value: bigint, exponent: number): bigint {
  return exponent >= 0 ? value * 10n ** BigInt(Math.min(exponent, 400)) : roundedUp(value, -exponent);
}

function roundedUp(value: bigint, digits: number): bigint {
  const divisor = 10n ** BigInt(Math.min(digits, 400));
  return (value + divisor - 1n) / divisor;
}

function quantity(text: string): Quantity {
  const parsed = parse(text);
  if (!(parsed instanceof Quantity)) throw new CelError(parsed.problem);
  return parsed;
}

function integer(amount: Quantity): bigint {
  const value = amount.integer();
  if (value === undefined) throw new CelError('cannot convert value to integer');
  return value;
}

const order = (a: Quantity, b: Quantity): bigint => (a.nanos < b.nanos ? -1n : a.nanos > b.nanos ? 1n : 0n);
const zero = new Quantity(0n);
const sum = (a: Quantity, nanos: bigint): Quantity =>
  new Quantity(a.nanos + nanos, a.big || overflows(a.nanos + nanos));
const overflows = (nanos: bigint): boolean => nanos / unit > largest || nanos / unit < -largest;
const self = 'kubernetes.Quantity';

/** Amounts such as `1.5Gi`. */
export const quantityTable: FunctionTable = functionTable([
  ['quantity', `(string): ${self}`, quantity],
  ['isQuantity', '(string): bool', (text: string) => parse(text) instanceof Quantity],
  ['sign', `(${self}): int`, (a: Quantity) => order(a, zero)],
  ['isGreaterThan', `${self}.(${self}): bool`, (a: Quantity, b: Quantity) => a.nanos > b.nanos],
  ['isLessThan', `${self}.(${self}): bool`, (a: Quantity, b: Quantity) => a.nanos < b.nanos],
  ['compareTo', `${self}.(${self}): int`, order],
  [
    'asApproximateFloat',
    `${self}.(): double`,
    ({ nanos }: Quantity) => Number(nanos / unit) + Number(nanos % unit) / Number(unit),
  ],
  ['asInteger', `${self}.(): int`, integer],
  ['isInteger', `${self}.(): bool`, (a: Quantity) => a.integer() !== undefined],
  ['add', `${self}.(${self}): ${self}`, (a: Quantity, b: Quantity) => sum(a, b.nanos)],
  ['add', `${self}.(int): ${self}`, (a: Quantity, b: bigint) => sum(a, b * unit)],
  ['sub', `${self}.(${self}): ${self}`, (a: Quantity, b: Quantity) => sum(a, -b.nanos)],
  ['sub', `${self}.(int): ${self}`, (a: Quantity, b: bigint) => sum(a, -b * unit)],
]);

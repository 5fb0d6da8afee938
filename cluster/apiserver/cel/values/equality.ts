import { isSameType } from '../types/cel-type.ts';
import { isEqualUnordered } from './keyed-list.ts';
import {
  CelError,
  Duration,
  isList,
  isMap,
  OptionalValue,
  Timestamp,
  typeOf,
  TypeValue,
  Uint,
  type CelMap,
  type Value,
} from './value.ts';

type Numeric = bigint | number | Uint;

const isNumeric = (value: Value): value is Numeric =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;
const plain = (value: Numeric): bigint | number => (value instanceof Uint ? value.value : value);

/** Values of different types are not equal, but numbers of different types can be. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isNumeric(a)) return isNumeric(b) && plain(a) == plain(b); // == compares bigint and number by value
  return isObject(a) && isObject(b) && isEqualContainer(a, b);
}

const isObject = (value: Value): value is Value & object => typeof value === 'object' && value !== null;

function isEqualContainer(a: Value & object, b: Value & object): boolean {
  if (isList(a)) return isList(b) && isEqualList(a, b);
  if (isMap(a)) return isMap(b) && isEqualMap(a, b);
  return isEqualPlain(a, b);
}

function isEqualList(a: readonly Value[], b: readonly Value[]): boolean {
  const unordered = isEqualUnordered(a, b, isEqual);
  if (unordered !== undefined) return unordered;
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null));
}

function isEqualPlain(a: Value & object, b: Value & object): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  return isEqualObject(a, b);
}

function isEqualMap(a: CelMap, b: CelMap): boolean {
  if (a.size !== b.size) return false;
  return a.keys().every((key) => {
    const other = b.get(key);
    return other !== undefined && isEqual(a.get(key) ?? null, other);
  });
}

function isEqualObject(a: Value & object, b: Value & object): boolean {
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && isSameTypeName(a, b);
  if (a instanceof OptionalValue) return b instanceof OptionalValue && isEqualOptional(a, b);
  return 'equals' in a && a.equals(b);
}

/** At run time a type has no parameters. */
function isSameTypeName(a: TypeValue, b: TypeValue): boolean {
  return a.type.kind === b.type.kind &&
    (a.type.params.length > 0 || b.type.params.length > 0 || isSameType(a.type, b.type))
    ? a.type.name === b.type.name
    : false;
}

function isEqualOptional(a: OptionalValue, b: OptionalValue): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return isEqual(a.value, b.value);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}

const surrogate = /[\ud800-\udfff]/;

/** By code points, which is not the order of UTF-16. */
function compareText(a: string, b: string): number {
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return compareBytes(new TextEncoder().encode(a), new TextEncoder().encode(b));
}

function order<T extends bigint | number | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Negative, zero or positive, for two values that have an order; undefined for others. */
export function compare(a: Value, b: Value): number | undefined {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(plain(a), plain(b));
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(a, b);
  return compareObjects(a, b);
}

function compareObjects(a: Value, b: Value): number | undefined {
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  return a instanceof Uint8Array && b instanceof Uint8Array ? compareBytes(a, b) : undefined;
}

function compareNumbers(a: bigint | number, b: bigint | number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) throw new CelError('NaN values cannot be ordered');
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Like `compare`, but values without an order are an error. */
export function compareOrFail(a: Value, b: Value): number {
  const found = compare(a, b);
  if (found === undefined || typeOf(a).kind !== typeOf(b).kind) throw new CelError('no such overload');
  return found;
}

import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  nullType,
  opaqueType,
  stringType,
  timestampType,
  typeType,
  uintType,
  type CelType,
} from '../types/cel-type.ts';

/** Anything an expression can have as a value: integers are bigint, doubles are numbers. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | CelMap
  | Uint
  | Timestamp
  | Duration
  | OptionalValue
  | TypeValue
  | OpaqueValue;

/** Entries by keys that are equal as CEL sees it. */
export interface CelMap {
  readonly isCelMap: true;
  readonly size: number;
  get(key: Value): Value | undefined;
  keys(): Value[];
}

/** A value of a type that a library brings. */
export interface OpaqueValue {
  readonly celType: CelType;
  equals(other: Value): boolean;
}

/** Why an expression has no value. */
export class CelError extends Error {}

/** The expression was stopped: nothing may go on in its stead. */
export class CelCancelled extends Error {}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    if (BigInt.asUintN(64, value) !== value) throw new CelError('unsigned integer overflow');
    this.value = value;
  }
}

const minNanos = -62_135_596_800n * 1_000_000_000n;
const maxNanos = 253_402_300_800n * 1_000_000_000n - 1n;

/** A moment, in nanoseconds since 1970. */
export class Timestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    if (nanos < minNanos || nanos > maxNanos) throw new CelError('timestamp overflow');
    this.nanos = nanos;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    if (BigInt.asIntN(64, nanos) !== nanos) throw new CelError('duration overflow');
    this.nanos = nanos;
  }
}

export class OptionalValue {
  static readonly none = new OptionalValue(undefined);
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export class TypeValue {
  readonly type: CelType;
  constructor(type: CelType) {
    this.type = type;
  }
}

export function isMap(value: Value | undefined): value is CelMap {
  return typeof value === 'object' && value !== null && 'isCelMap' in value;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** One text for all keys that are equal: 1, 1u and 1.0 are one key. */
function keyText(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  if (typeof key === 'number') return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`;
  return undefined;
}

/** A map an expression made. */
export class EntryMap implements CelMap {
  readonly isCelMap = true;
  readonly #entries = new Map<string, readonly [key: Value, value: Value]>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    const text = keyText(key);
    return text === undefined ? undefined : this.#entries.get(text)?.[1];
  }

  keys(): Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  /** The last value of a key is the one that counts. */
  set(key: Value, value: Value): void {
    this.#entries.set(keyText(key) ?? `#${this.#entries.size}`, [key, value]);
  }

  /** False when the key is there already. */
  add(key: Value, value: Value): boolean {
    if (this.get(key) !== undefined) return false;
    this.set(key, value);
    return true;
  }

  static of(entries: Iterable<readonly [Value, Value]>): EntryMap {
    const map = new EntryMap();
    for (const [key, value] of entries) map.add(key, value);
    return map;
  }
}

function typeOfObject(value: Exclude<Value & object, Uint8Array>): CelType {
  if (isList(value)) return listType(dynType);
  if (isMap(value)) return mapType(dynType, dynType);
  if (value instanceof Uint) return uintType;
  if (value instanceof Timestamp) return timestampType;
  if (value instanceof Duration) return durationType;
  if (value instanceof OptionalValue) return opaqueType('optional_type', dynType);
  return value instanceof TypeValue ? typeType() : value.celType;
}

/** The type of a value as it is now. */
export function typeOf(value: Value): CelType {
  switch (typeof value) {
    case 'boolean':
      return boolType;
    case 'bigint':
      return intType;
    case 'number':
      return doubleType;
    case 'string':
      return stringType;
    default:
      if (value === null) return nullType;
      return value instanceof Uint8Array ? bytesType : typeOfObject(value);
  }
}

import { doubleText } from '../values/number-text.ts';
import {
  durationText,
  inZone,
  parseDuration,
  parseTimestamp,
  timestampSeconds,
  timestampText,
} from '../values/time.ts';
import {
  CelError,
  Duration,
  isList,
  Timestamp,
  typeOf,
  TypeValue,
  Uint,
  type CelMap,
  type Value,
} from '../values/value.ts';
import { functionTable, type FunctionRow, type FunctionTable } from './function-table.ts';

function failed(from: string, to: string): CelError {
  return new CelError(`type conversion error from '${from}' to '${to}'`);
}

function toBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw failed('string', 'bool');
}

function textToInt(text: string): bigint {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (value === undefined || BigInt.asIntN(64, value) !== value) throw failed('string', 'int');
  return value;
}

function textToUint(text: string): Uint {
  const value = /^\d+$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || BigInt.asUintN(64, value) !== value) throw failed('string', 'uint');
  return new Uint(value);
}

function textToDouble(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw failed('string', 'double');
  return value;
}

function doubleToInt(value: number): bigint {
  if (!(value > -9_223_372_036_854_775_808 && value < 9_223_372_036_854_775_807))
    throw new CelError('integer overflow');
  return BigInt(Math.trunc(value));
}

function doubleToUint(value: number): Uint {
  if (!(value >= 0 && value < 18_446_744_073_709_551_615)) throw new CelError('unsigned integer overflow');
  return new Uint(BigInt(Math.trunc(value)));
}

function uintToInt({ value }: Uint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelError('integer overflow');
  return value;
}

function bytesToText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new CelError('invalid UTF-8 in bytes, cannot convert to string', { cause: error });
  }
}

const same = (value: Value): Value => value;

/** Functions that make a value of one type from one of another; known at once when the argument is a literal. */
export const conversionNames: ReadonlySet<string> = new Set(
  'bool bytes double duration dyn int string timestamp uint'.split(' '),
);

const conversions: readonly FunctionRow[] = [
  ['type', '(A): type<A>', (value: Value) => new TypeValue(typeOf(value))],
  ['bool', '(bool): bool', same],
  ['bool', '(string): bool', toBool],
  ['bytes', '(bytes): bytes', same],
  ['bytes', '(string): bytes', (text: string) => new TextEncoder().encode(text)],
  ['double', '(double): double', same],
  ['double', '(int): double', Number],
  ['double', '(string): double', textToDouble],
  ['double', '(uint): double', ({ value }: Uint) => Number(value)],
  ['duration', '(duration): duration', same],
  ['duration', '(int): duration', (nanos: bigint) => new Duration(nanos)],
  [
    'duration',
    '(string): duration',
    (text: string) => parseDuration(text) ?? fail('string', 'google.protobuf.Duration'),
  ],
  ['dyn', '(A): dyn', same],
  ['int', '(int): int', same],
  ['int', '(double): int', doubleToInt],
  ['int', '(duration): int', ({ nanos }: Duration) => nanos],
  ['int', '(string): int', textToInt],
  ['int', '(timestamp): int', timestampSeconds],
  ['int', '(uint): int', uintToInt],
  ['string', '(string): string', same],
  ['string', '(bool): string', String],
  ['string', '(bytes): string', bytesToText],
  ['string', '(double): string', (value: number) => doubleText(value)],
  ['string', '(duration): string', durationText],
  ['string', '(int): string', String],
  ['string', '(timestamp): string', timestampText],
  ['string', '(uint): string', ({ value }: Uint) => String(value)],
  ['timestamp', '(timestamp): timestamp', same],
  ['timestamp', '(int): timestamp', (seconds: bigint) => new Timestamp(seconds * 1_000_000_000n)],
  [
    'timestamp',
    '(string): timestamp',
    (text: string) => parseTimestamp(text) ?? fail('string', 'google.protobuf.Timestamp'),
  ],
  ['uint', '(uint): uint', same],
  ['uint', '(double): uint', doubleToUint],
  ['uint', '(int): uint', (value: bigint) => new Uint(value)],
  ['uint', '(string): uint', textToUint],
];

function fail(from: string, to: string): never {
  throw failed(from, to);
}

const dayMillis = 86_400_000;

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMillis);
}

const parts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: dayOfYear,
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};
const unitNanos: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
};

const times: readonly FunctionRow[] = [
  ...Object.entries(parts).flatMap(([name, part]): FunctionRow[] => [
    [name, 'timestamp.(): int', (at: Timestamp) => BigInt(part(inZone(at)))],
    [name, 'timestamp.(string): int', (at: Timestamp, zone: string) => BigInt(part(inZone(at, zone)))],
  ]),
  ...Object.entries(unitNanos).map(([name, unit]): FunctionRow => [
    name,
    'duration.(): int',
    ({ nanos }: Duration) => nanos / unit,
  ]),
];

const sizeOf = (value: Value): bigint => {
  if (typeof value === 'string') return BigInt([...value].length);
  return BigInt(isList(value) || value instanceof Uint8Array ? value.length : (value as CelMap).size); // by the signatures
};
const sized = ['bytes', 'list<A>', 'map<A, B>', 'string'];
const sizes: readonly FunctionRow[] = sized.flatMap((type): FunctionRow[] => [
  ['size', `(${type}): int`, sizeOf],
  ['size', `${type}.(): int`, sizeOf],
]);

/** Conversions, sizes, and the parts of times. */
export const conversionTable: FunctionTable = functionTable([...conversions, ...times, ...sizes]);

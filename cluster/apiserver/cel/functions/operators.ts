import { addUnordered } from '../values/keyed-list.ts';
import { operators } from '../syntax/ast.ts';
import { compareOrFail, isEqual } from '../values/equality.ts';
import {
  CelError,
  Duration,
  EntryMap,
  isList,
  OptionalValue,
  Timestamp,
  typeOf,
  Uint,
  type CelMap,
  type Value,
} from '../values/value.ts';
import { functionTable, type FunctionRow, type FunctionTable } from './function-table.ts';

function int(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelError('integer overflow');
  return value;
}

function divisor(value: bigint, operation: string): bigint {
  if (value === 0n) throw new CelError(`${operation} by zero`);
  return value;
}

const arithmetic: readonly FunctionRow[] = [
  ['_+_', '(bytes, bytes): bytes', (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b])],
  ['_+_', '(double, double): double', (a: number, b: number) => a + b],
  ['_+_', '(duration, duration): duration', (a: Duration, b: Duration) => new Duration(a.nanos + b.nanos)],
  ['_+_', '(duration, timestamp): timestamp', (a: Duration, b: Timestamp) => new Timestamp(a.nanos + b.nanos)],
  ['_+_', '(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos + b.nanos)],
  ['_+_', '(int, int): int', (a: bigint, b: bigint) => int(a + b)],
  ['_+_', '(list<A>, list<A>): list<A>', (a: Value[], b: Value[]) => addUnordered(a, b, isEqual) ?? [...a, ...b]],
  ['_+_', '(string, string): string', (a: string, b: string) => a + b],
  ['_+_', '(uint, uint): uint', (a: Uint, b: Uint) => new Uint(a.value + b.value)],
  ['_-_', '(double, double): double', (a: number, b: number) => a - b],
  ['_-_', '(duration, duration): duration', (a: Duration, b: Duration) => new Duration(a.nanos - b.nanos)],
  ['_-_', '(int, int): int', (a: bigint, b: bigint) => int(a - b)],
  ['_-_', '(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => new Timestamp(a.nanos - b.nanos)],
  ['_-_', '(timestamp, timestamp): duration', (a: Timestamp, b: Timestamp) => new Duration(a.nanos - b.nanos)],
  ['_-_', '(uint, uint): uint', (a: Uint, b: Uint) => new Uint(a.value - b.value)],
  ['_*_', '(double, double): double', (a: number, b: number) => a * b],
  ['_*_', '(int, int): int', (a: bigint, b: bigint) => int(a * b)],
  ['_*_', '(uint, uint): uint', (a: Uint, b: Uint) => new Uint(a.value * b.value)],
  ['_/_', '(double, double): double', (a: number, b: number) => a / b],
  ['_/_', '(int, int): int', (a: bigint, b: bigint) => int(a / divisor(b, 'division'))],
  ['_/_', '(uint, uint): uint', (a: Uint, b: Uint) => new Uint(a.value / divisor(b.value, 'division'))],
  ['_%_', '(int, int): int', (a: bigint, b: bigint) => int(a % divisor(b, 'modulus'))],
  ['_%_', '(uint, uint): uint', (a: Uint, b: Uint) => new Uint(a.value % divisor(b.value, 'modulus'))],
  [operators.negate, '(double): double', (a: number) => -a],
  [operators.negate, '(int): int', (a: bigint) => int(-a)],
];

const ordered = [
  ['bool', 'bool'],
  ['int', 'int'],
  ['int', 'double'],
  ['int', 'uint'],
  ['uint', 'uint'],
  ['uint', 'double'],
  ['uint', 'int'],
  ['double', 'double'],
  ['double', 'int'],
  ['double', 'uint'],
  ['string', 'string'],
  ['bytes', 'bytes'],
  ['timestamp', 'timestamp'],
  ['duration', 'duration'],
];
const order: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '_<_': (a, b) => compareNumbersToo(a, b) < 0,
  '_<=_': (a, b) => compareNumbersToo(a, b) <= 0,
  '_>_': (a, b) => compareNumbersToo(a, b) > 0,
  '_>=_': (a, b) => compareNumbersToo(a, b) >= 0,
};

/** Numbers of different types have an order among each other. */
function compareNumbersToo(a: Value, b: Value): number {
  const plain = (value: Value): Value => (value instanceof Uint ? value.value : value);
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === 'bigint' && typeof right === 'number') return -compareMixed(right, left);
  return typeof left === 'number' && typeof right === 'bigint' ? compareMixed(left, right) : compareOrFail(left, right);
}

function compareMixed(a: number, b: bigint): number {
  if (Number.isNaN(a)) throw new CelError('NaN values cannot be ordered');
  return a < b ? -1 : a > b ? 1 : 0;
}

const comparisons: readonly FunctionRow[] = Object.entries(order).flatMap(([name, run]) =>
  ordered.map(([left, right]): FunctionRow => [name, `(${left}, ${right}): bool`, run]),
);

function position(index: Value): number | undefined {
  if (typeof index === 'bigint') return Number(index);
  if (index instanceof Uint) return Number(index.value);
  return typeof index === 'number' && Number.isInteger(index) ? index : undefined;
}

/** An item of a list or an entry of a map; an error when there is none. */
export function itemAt(container: Value, key: Value): Value {
  if (container instanceof OptionalValue)
    return container.value === undefined ? container : optionalItem(container.value, key);
  if (isList(container)) {
    const at = position(key);
    if (at === undefined) throw new CelError(`unsupported index type '${typeOf(key).name}' in list`);
    const item = container[at];
    if (item === undefined) throw new CelError(`index out of bounds: ${at}`);
    return item;
  }
  const found = (container as CelMap).get(key); // by the signatures of indexing
  if (found === undefined) throw new CelError(`no such key: ${keyShown(key)}`);
  return found;
}

function keyShown(key: Value): string {
  if (typeof key !== 'object') return String(key);
  return key instanceof Uint ? String(key.value) : typeOf(key).name;
}

/** The same, but nothing where there is none. */
export function optionalItem(container: Value, key: Value): OptionalValue {
  const inner = container instanceof OptionalValue ? container.value : container;
  if (inner === undefined) return OptionalValue.none;
  const at = isList(inner) ? position(key) : undefined;
  const found = isList(inner) ? (at === undefined ? undefined : inner[at]) : (inner as CelMap).get(key); // by the signatures
  return found === undefined ? OptionalValue.none : new OptionalValue(found);
}

function insert(map: CelMap, entries: readonly (readonly [Value, Value])[]): CelMap {
  const next = EntryMap.of(map.keys().map((key) => [key, map.get(key) ?? null] as const));
  for (const [key, value] of entries)
    if (!next.add(key, value)) throw new CelError(`insert failed: key ${keyShown(key)} already exists`);
  return next;
}

const access: readonly FunctionRow[] = [
  ['_==_', '(A, A): bool', isEqual],
  ['_!=_', '(A, A): bool', (a: Value, b: Value) => !isEqual(a, b)],
  [operators.not, '(bool): bool', (a: boolean) => !a],
  [operators.and, '(bool, bool): bool', (a: boolean, b: boolean) => a && b],
  [operators.or, '(bool, bool): bool', (a: boolean, b: boolean) => a || b],
  [operators.conditional, '(bool, A, A): A', (test: boolean, a: Value, b: Value) => (test ? a : b)],
  [operators.notStrictlyFalse, '(bool): bool', (a: boolean) => a],
  [operators.index, '(list<A>, int): A', itemAt],
  [operators.index, '(map<A, B>, A): B', itemAt],
  [operators.index, '(optional<list<A>>, int): optional<A>', itemAt],
  [operators.index, '(optional<map<A, B>>, A): optional<B>', itemAt],
  [operators.optionalIndex, '(list<A>, int): optional<A>', optionalItem],
  [operators.optionalIndex, '(optional<list<A>>, int): optional<A>', optionalItem],
  [operators.optionalIndex, '(map<A, B>, A): optional<B>', optionalItem],
  [operators.optionalIndex, '(optional<map<A, B>>, A): optional<B>', optionalItem],
  [operators.in, '(A, list<A>): bool', (a: Value, list: Value[]) => list.some((item) => isEqual(a, item))],
  [operators.in, '(A, map<A, B>): bool', (a: Value, map: CelMap) => map.get(a) !== undefined],
  [
    'cel.@mapInsert',
    '(map<A, B>, A, B): map<A, B>',
    (map: CelMap, key: Value, value: Value) => insert(map, [[key, value]]),
  ],
  [
    'cel.@mapInsert',
    '(map<A, B>, map<A, B>): map<A, B>',
    (map: CelMap, more: CelMap) => insert(map, more.keys().map((key) => [key, more.get(key) ?? null] as const)), // prettier-ignore
  ],
];

/** What operators do, under the names that messages give them. */
export const operatorTable: FunctionTable = functionTable([...access, ...arithmetic, ...comparisons]);

import { compareOrFail, isEqual } from '../values/equality.ts';
import { CelError, Duration, isList, OptionalValue, typeOf, Uint, type Value } from '../values/value.ts';
import { functionTable, type FunctionRow, type FunctionTable } from './function-table.ts';

type List = readonly Value[];

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const summable: Readonly<Record<string, readonly [zero: Value, add: (a: never, b: never) => Value]>> = {
  int: [0n, (a: bigint, b: bigint) => checkedInt(a + b)],
  uint: [new Uint(0n), (a: Uint, b: Uint) => new Uint(a.value + b.value)],
  double: [0, (a: number, b: number) => a + b],
  duration: [new Duration(0n), (a: Duration, b: Duration) => new Duration(a.nanos + b.nanos)],
};

function checkedInt(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelError('integer overflow');
  return value;
}

function isSorted(list: List): boolean {
  return list.every((item, index) => index === 0 || compareOrFail(list[index - 1] ?? null, item) <= 0);
}

function extreme(name: string, sign: 1 | -1): (list: List) => Value {
  return (list) => {
    const [first, ...rest] = list;
    if (first === undefined) throw new CelError(`${name} called on empty list`);
    return rest.reduce((best, item) => (compareOrFail(item, best) * sign > 0 ? item : best), first);
  };
}

function sum(type: string): (list: List) => Value {
  const [zero, add] = summable[type] ?? [0n, (a: Value) => a];
  return (list) => list.reduce(add as (a: Value, b: Value) => Value, zero); // by the signature
}

const position = (at: number): bigint => BigInt(at);

const kubernetes: readonly FunctionRow[] = [
  ...comparable.map((type): FunctionRow => ['isSorted', `list<${type}>.(): bool`, isSorted]),
  ...Object.keys(summable).map((type): FunctionRow => ['sum', `list<${type}>.(): ${type}`, sum(type)]),
  ...comparable.map((type): FunctionRow => ['max', `list<${type}>.(): ${type}`, extreme('max', 1)]),
  ...comparable.map((type): FunctionRow => ['min', `list<${type}>.(): ${type}`, extreme('min', -1)]),
  ['indexOf', 'list<A>.(A): int', (list: List, item: Value) => position(list.findIndex((one) => isEqual(one, item)))],
  [
    'lastIndexOf',
    'list<A>.(A): int',
    (list: List, item: Value) => position(list.findLastIndex((one) => isEqual(one, item))),
  ],
];

function slice(list: List, start: bigint, end: bigint): List {
  const range = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) throw new CelError(`${range}, negative indexes not supported`);
  if (start > end) throw new CelError(`${range}, start index must be less than or equal to end index`);
  if (list.length < end) throw new CelError(`${range}, list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function flatten(list: List, depth = 1n): List {
  if (depth < 0n) throw new CelError('level must be non-negative');
  return depth === 0n ? list : list.flatMap((item) => (isList(item) ? flatten(item, depth - 1n) : [item]));
}

function sort(list: List, keys: List = list): List {
  if (list.length !== keys.length)
    throw new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${list.length} and ${keys.length} elements respectively`,
    );
  const kind = keys[0] === undefined ? '' : typeOf(keys[0]).kind;
  if (keys.some((key) => typeOf(key).kind !== kind)) throw new CelError('list elements must have the same type');
  const places = keys.map((key, index) => ({ key, index }));
  places.sort((a, b) => compareOrFail(a.key, b.key));
  return places.map(({ index }) => list[index] ?? null);
}

const longestRange = 1_000_000n;

function range(count: bigint): List {
  if (count > longestRange) throw new CelError('the list is too long');
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

function distinct(list: List): List {
  const kept: Value[] = [];
  for (const item of list) if (!kept.some((one) => isEqual(one, item))) kept.push(item);
  return kept;
}

const lists: readonly FunctionRow[] = [
  ['slice', 'list<A>.(int, int): list<A>', slice],
  ['flatten', 'list<list<A>>.(): list<A>', (list: List) => flatten(list)],
  ['flatten', 'list<dyn>.(int): list<dyn>', flatten],
  ...comparable.map((type): FunctionRow => ['sort', `list<${type}>.(): list<${type}>`, (list: List) => sort(list)]),
  ...comparable.map((type): FunctionRow => ['@sortByAssociatedKeys', `list<A>.(list<${type}>): list<A>`, sort]),
  ['lists.range', '(int): list<int>', range],
  ['reverse', 'list<A>.(): list<A>', (list: List) => list.toReversed()],
  ['distinct', 'list<A>.(): list<A>', distinct],
];

const has = (list: List, item: Value): boolean => list.some((one) => isEqual(one, item));
const contains = (list: List, part: List): boolean => part.every((item) => has(list, item));

const sets: readonly FunctionRow[] = [
  ['sets.contains', '(list<A>, list<A>): bool', contains],
  ['sets.equivalent', '(list<A>, list<A>): bool', (a: List, b: List) => contains(a, b) && contains(b, a)],
  ['sets.intersects', '(list<A>, list<A>): bool', (a: List, b: List) => a.some((item) => has(b, item))],
];

function isZero(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  return 'size' in value && value.size === 0;
}

function value(optional: OptionalValue): Value {
  if (optional.value === undefined) throw new CelError('optional.none() dereference');
  return optional.value;
}

function firstOf(list: List, at: number): OptionalValue {
  const item = list.at(at);
  return item === undefined ? OptionalValue.none : new OptionalValue(item);
}

const present = (list: List): List =>
  list.flatMap((item) => (item instanceof OptionalValue ? (item.value === undefined ? [] : [item.value]) : [item]));

const optionals: readonly FunctionRow[] = [
  ['optional.of', '(A): optional<A>', (item: Value) => new OptionalValue(item)],
  ['optional.ofNonZeroValue', '(A): optional<A>', (item: Value) => (isZero(item) ? OptionalValue.none : new OptionalValue(item))], // prettier-ignore
  ['optional.none', '(): optional<A>', () => OptionalValue.none],
  ['value', 'optional<A>.(): A', value],
  ['hasValue', 'optional<A>.(): bool', (optional: OptionalValue) => optional.value !== undefined],
  ['or', 'optional<A>.(optional<A>): optional<A>', (a: OptionalValue, b: Value) => (a.value === undefined ? b : a)],
  ['orValue', 'optional<A>.(A): A', (a: OptionalValue, other: Value) => a.value ?? other],
  ['first', 'list<A>.(): optional<A>', (list: List) => firstOf(list, 0)],
  ['last', 'list<A>.(): optional<A>', (list: List) => firstOf(list, -1)],
  ['optional.unwrap', '(list<optional<A>>): list<A>', present],
  ['unwrapOpt', 'list<optional<A>>.(): list<A>', present],
];

/** Lists, lists as sets, and optional values. */
export const listTable: FunctionTable = functionTable([...kubernetes, ...lists, ...sets, ...optionals]);

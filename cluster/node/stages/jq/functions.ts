import { compare, type Filter, isRecord, isTrue, type Json, JqError, typeOf, type Variables } from './json.ts';

type Call = (input: Json, args: readonly Filter[], variables: Variables) => Json[];

function lengthOf(input: Json): number {
  if (input === null || input === undefined) return 0;
  if (typeof input === 'string') return [...input].length;
  if (typeof input === 'number') return Math.abs(input);
  if (Array.isArray(input)) return input.length;
  if (isRecord(input)) return Object.keys(input).length;
  throw new JqError(`${typeOf(input)} has no length`);
}

function keysOf(input: Json): Json[] {
  if (Array.isArray(input)) return input.map((_value, index) => index);
  if (isRecord(input)) return Object.keys(input).sort();
  throw new JqError(`${typeOf(input)} has no keys`);
}

export function valuesOf(input: Json): Json[] {
  if (Array.isArray(input)) return input;
  if (isRecord(input)) return Object.values(input);
  throw new JqError(`cannot iterate over ${typeOf(input)}`);
}

function listOf(input: Json): Json[] {
  if (Array.isArray(input)) return input;
  throw new JqError(`${typeOf(input)} is no array`);
}

function textOf(input: Json): string {
  if (typeof input === 'string') return input;
  throw new JqError(`${typeOf(input)} is no string`);
}

function contains(input: Json, part: Json): boolean {
  if (typeof input === 'string' && typeof part === 'string') return input.includes(part);
  if (Array.isArray(input) && Array.isArray(part)) return part.every((one) => input.some((own) => contains(own, one)));
  if (isRecord(input) && isRecord(part))
    return Object.entries(part).every(([key, value]) => Object.hasOwn(input, key) && contains(input[key], value));
  return compare(input, part) === 0;
}

function has(input: Json, key: Json): boolean {
  if (isRecord(input) && typeof key === 'string') return Object.hasOwn(input, key);
  if (Array.isArray(input) && typeof key === 'number') return key >= 0 && key < input.length;
  throw new JqError(`cannot check whether ${typeOf(input)} has a ${typeOf(key)} key`);
}

function toNumber(input: Json): number {
  const number = typeof input === 'string' && input.trim() !== '' ? Number(input) : input;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new JqError(`${typeOf(input)} cannot be parsed as a number`);
}

const sums: Record<string, (left: never, right: never) => Json> = {
  number: (left: number, right: number) => left + right,
  string: (left: string, right: string) => left + right,
  array: (left: Json[], right: Json[]) => [...left, ...right],
  object: (left: Record<string, Json>, right: Record<string, Json>) => ({ ...left, ...right }),
};

export function plus(left: Json, right: Json): Json {
  if (left === null || left === undefined) return right;
  if (right === null || right === undefined) return left;
  const sum = typeOf(left) === typeOf(right) ? sums[typeOf(left)] : undefined;
  if (sum) return sum(left as never, right as never); // both are of the type the sum is for
  throw new JqError(`${typeOf(left)} and ${typeOf(right)} cannot be added`);
}

const matches = (text: string, pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch (error) {
    throw new JqError(`${JSON.stringify(pattern)} is no pattern`, { cause: error });
  }
};

const entriesOf = (input: Json): Json[] => {
  if (isRecord(input)) return Object.entries(input).map(([key, value]) => ({ key, value }));
  throw new JqError(`${typeOf(input)} has no entries`);
};

const unique = (list: readonly Json[]): Json[] =>
  list.toSorted(compare).filter((one, index, all) => index === 0 || compare(all[index - 1], one) !== 0);

/** Functions of the input alone. */
const plain: Record<string, (input: Json) => Json> = {
  length: lengthOf,
  keys: keysOf,
  not: (input) => !isTrue(input),
  type: typeOf,
  add: (input) => valuesOf(input).reduce<Json>(plus, null),
  any: (input) => valuesOf(input).some(isTrue),
  all: (input) => valuesOf(input).every(isTrue),
  first: (input) => listOf(input)[0] ?? null,
  last: (input) => listOf(input).at(-1) ?? null,
  sort: (input) => listOf(input).toSorted(compare),
  unique: (input) => unique(listOf(input)),
  reverse: (input) => listOf(input).toReversed(),
  min: (input) => listOf(input).toSorted(compare)[0] ?? null,
  max: (input) => listOf(input).toSorted(compare).at(-1) ?? null,
  tostring: (input) => (typeof input === 'string' ? input : JSON.stringify(input ?? null)),
  tonumber: toNumber,
  floor: (input) => Math.floor(toNumber(input)),
  ascii_downcase: (input) => textOf(input).toLowerCase(),
  ascii_upcase: (input) => textOf(input).toUpperCase(),
  to_entries: entriesOf,
  null: () => null,
  true: () => true,
  false: () => false,
};

/** Functions of the input and one more value; with several of those there are several answers. */
const binary: Record<string, (input: Json, argument: Json) => Json> = {
  has,
  contains,
  inside: (input, whole) => contains(whole, input),
  startswith: (input, start) => textOf(input).startsWith(textOf(start)),
  endswith: (input, end) => textOf(input).endsWith(textOf(end)),
  split: (input, separator) => textOf(input).split(textOf(separator)),
  join: (input, separator) => listOf(input).map(joined).join(textOf(separator)),
  test: (input, pattern) => matches(textOf(input), textOf(pattern)),
  ltrimstr: (input, start) =>
    typeof input === 'string' && input.startsWith(textOf(start)) ? input.slice(textOf(start).length) : input,
  rtrimstr: (input, end) =>
    typeof input === 'string' && input.endsWith(textOf(end)) ? input.slice(0, -textOf(end).length || undefined) : input,
  index: (input, part) => {
    const at = textOf(input).indexOf(textOf(part));
    return at < 0 ? null : at;
  },
};

function joined(one: Json): string {
  if (one === null || one === undefined) return '';
  return typeof one === 'string' ? one : JSON.stringify(one);
}

/** Functions that are given filters. */
const higher: Record<string, Call> = {
  select: (input, [test], variables) =>
    test
      ? test(input, variables)
          .filter(isTrue)
          .map(() => input)
      : [],
  map: (input, [each], variables) => [valuesOf(input).flatMap((one) => each?.(one, variables) ?? [])],
  any: (input, [test], variables) => [valuesOf(input).some((one) => test?.(one, variables).some(isTrue))],
  all: (input, [test], variables) => [valuesOf(input).every((one) => test?.(one, variables).every(isTrue))],
  first: (input, [from], variables) => (from?.(input, variables) ?? []).slice(0, 1),
  last: (input, [from], variables) => (from?.(input, variables) ?? []).slice(-1),
  sort_by: (input, [by], variables) => [sortedBy(listOf(input), (one) => by?.(one, variables))],
  isempty: (input, [from], variables) => [(from?.(input, variables) ?? []).length === 0],
};

const sortedBy = (list: readonly Json[], keyOf: (one: Json) => Json): Json[] =>
  list.toSorted((left, right) => compare(keyOf(left), keyOf(right)));

const nothing: Record<string, Call> = {
  empty: () => [],
  values: (input) => (input === null || input === undefined ? [] : [input]),
  recurse: (input) => descendants(input),
  error: () => {
    throw new JqError('error');
  },
};

export function descendants(input: Json): Json[] {
  const below = Array.isArray(input) || isRecord(input) ? valuesOf(input) : [];
  return [input, ...below.flatMap(descendants)];
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The filter of a call; undefined: there is no such function. */
export function callFilter(name: string, args: readonly Filter[]): Filter | undefined {
  const [argument] = args;
  if (!argument) return filterAlone(name);
  if (args.length > 1) return undefined;
  const two = own(binary, name);
  if (two) return (input, variables) => argument(input, variables).map((value) => two(input, value));
  const call = own(higher, name);
  return call && ((input, variables) => call(input, args, variables));
}

function filterAlone(name: string): Filter | undefined {
  const run = own(plain, name);
  if (run) return (input) => [run(input)];
  const call = own(nothing, name);
  return call && ((input, variables) => call(input, [], variables));
}

import { createHash, randomInt, randomUUID } from 'node:crypto';
import { isRecord, isTrue, TemplateError, type TemplateFunctions, textOf } from './template-value.ts';

const list = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${textOf(value)} is no list`);
};
const record = (value: unknown): Record<string, unknown> => {
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return value;
  throw new TemplateError(`${textOf(value)} is no dict`);
};
const number = (value: unknown): number => {
  const result = Number(typeof value === 'boolean' ? Number(value) : value);
  return Number.isNaN(result) ? 0 : result;
};
const whole = (value: unknown): number => Math.trunc(number(value));
const text = (value: unknown): string => (value === undefined || value === null ? '' : textOf(value));

const texts: TemplateFunctions = {
  upper: (value: unknown) => text(value).toUpperCase(),
  lower: (value: unknown) => text(value).toLowerCase(),
  title: (value: unknown) => text(value).replace(/\b\p{L}/gu, (letter) => letter.toUpperCase()),
  trim: (value: unknown) => text(value).trim(),
  trimAll: (letters: string, value: unknown) => trimmed(text(value), letters),
  trimPrefix: (prefix: string, value: unknown) =>
    text(value).startsWith(prefix) ? text(value).slice(prefix.length) : text(value),
  trimSuffix: (suffix: string, value: unknown) =>
    suffix && text(value).endsWith(suffix) ? text(value).slice(0, -suffix.length) : text(value),
  replace: (old: string, fresh: string, value: unknown) => text(value).replaceAll(old, fresh),
  contains: (part: string, value: unknown) => text(value).includes(part),
  hasPrefix: (prefix: string, value: unknown) => text(value).startsWith(prefix),
  hasSuffix: (suffix: string, value: unknown) => text(value).endsWith(suffix),
  repeat: (count: unknown, value: unknown) => text(value).repeat(Math.min(100_000, Math.max(0, whole(count)))),
  substr: (from: unknown, to: unknown, value: unknown) =>
    text(value).slice(Math.max(0, whole(from)), whole(to) < 0 ? undefined : whole(to)),
  trunc: (count: unknown, value: unknown) =>
    whole(count) < 0 ? text(value).slice(whole(count)) : text(value).slice(0, whole(count)),
  quote: (...values: unknown[]) =>
    given(values)
      .map((value) => JSON.stringify(text(value)))
      .join(' '),
  squote: (...values: unknown[]) =>
    given(values)
      .map((value) => `'${text(value)}'`)
      .join(' '),
  cat: (...values: unknown[]) => given(values).map(text).join(' '),
  indent: (spaces: number, value: unknown) => indented(text(value), spaces),
  nindent: (spaces: number, value: unknown) => `\n${indented(text(value), spaces)}`,
  nospace: (value: unknown) => text(value).replace(/\s/g, ''),
  split: (separator: string, value: unknown) =>
    Object.fromEntries(
      text(value)
        .split(separator)
        .map((part, index) => [`_${index}`, part]),
    ),
  splitList: (separator: string, value: unknown) => text(value).split(separator),
  join: (separator: string, value: unknown) =>
    Array.isArray(value) ? given(value).map(text).join(separator) : text(value),
  toString: text,
  toStrings: (value: unknown) => list(value).map(text),
  b64enc: (value: unknown) => Buffer.from(text(value)).toString('base64'),
  b64dec: (value: unknown) => Buffer.from(text(value), 'base64').toString(),
  sha256sum: (value: unknown) => createHash('sha256').update(text(value)).digest('hex'),
  sha1sum: (value: unknown) => createHash('sha1').update(text(value)).digest('hex'),
};

const given = (values: readonly unknown[]): unknown[] =>
  values.filter((value) => value !== undefined && value !== null);
const indented = (value: string, spaces: number): string => value.replace(/^/gm, ' '.repeat(spaces));

function trimmed(value: string, letters: string): string {
  let from = 0;
  let to = value.length;
  while (from < to && letters.includes(value.charAt(from))) from++;
  while (to > from && letters.includes(value.charAt(to - 1))) to--;
  return value.slice(from, to);
}

const choices: TemplateFunctions = {
  default: (otherwise: unknown, value?: unknown) => (isTrue(value) ? value : otherwise),
  empty: (value: unknown) => !isTrue(value),
  coalesce: (...values: unknown[]) => values.find(isTrue),
  ternary: (yes: unknown, no: unknown, test: unknown) => (isTrue(test) ? yes : no),
  fail: (message: string) => {
    throw new TemplateError(message);
  },
  required: (message: string, value: unknown) => {
    if (value === undefined || value === null || value === '') throw new TemplateError(message);
    return value;
  },
  all: (...values: unknown[]) => values.every(isTrue),
  any: (...values: unknown[]) => values.some(isTrue),
  kindOf: kindOf,
  kindIs: (kind: string, value: unknown) => kindOf(value) === kind,
  deepEqual: (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right),
};

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (isRecord(value)) return 'map';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return 'string';
}

const collections: TemplateFunctions = {
  list: (...values: unknown[]) => values,
  tuple: (...values: unknown[]) => values,
  first: (value: unknown) => list(value)[0],
  last: (value: unknown) => list(value).at(-1),
  rest: (value: unknown) => list(value).slice(1),
  initial: (value: unknown) => list(value).slice(0, -1),
  append: (value: unknown, one: unknown) => [...list(value), one],
  prepend: (value: unknown, one: unknown) => [one, ...list(value)],
  concat: (...values: unknown[]) => values.flatMap(list),
  reverse: (value: unknown) => list(value).toReversed(),
  uniq: (value: unknown) => [...new Map(list(value).map((one) => [JSON.stringify(one), one])).values()],
  compact: (value: unknown) => list(value).filter(isTrue),
  without: (value: unknown, ...gone: unknown[]) => list(value).filter((one) => !gone.includes(one)),
  has: (one: unknown, value: unknown) => list(value).some((own) => JSON.stringify(own) === JSON.stringify(one)),
  sortAlpha: (value: unknown) => list(value).map(text).sort(),
  until: (count: unknown) => Array.from({ length: Math.min(100_000, Math.max(0, whole(count))) }, (_, index) => index),
  dict: (...pairs: unknown[]) =>
    Object.fromEntries(pairs.flatMap((key, index) => (index % 2 === 0 ? [[text(key), pairs[index + 1] ?? '']] : []))),
  get: (value: unknown, key: string) => record(value)[key] ?? '',
  set: (value: unknown, key: string, one: unknown) => Object.assign(record(value), { [key]: one }),
  unset: (value: unknown, key: string) => {
    delete record(value)[key];
    return value;
  },
  hasKey: (value: unknown, key: string) => Object.hasOwn(record(value), key),
  keys: (...values: unknown[]) => values.flatMap((value) => Object.keys(record(value))),
  values: (value: unknown) => Object.values(record(value)),
  pick: (value: unknown, ...keys: string[]) =>
    Object.fromEntries(Object.entries(record(value)).filter(([key]) => keys.includes(key))),
  omit: (value: unknown, ...keys: string[]) =>
    Object.fromEntries(Object.entries(record(value)).filter(([key]) => !keys.includes(key))),
  merge: (...values: unknown[]) => Object.assign({}, ...values.map(record).toReversed()) as unknown, // the first wins
  dig: (...steps: unknown[]) => {
    const [value, otherwise, ...keys] = steps.toReversed();
    const found = keys.toReversed().reduce((at, key) => (isRecord(at) ? at[text(key)] : undefined), value);
    return found ?? otherwise;
  },
  toJson: (value: unknown) => JSON.stringify(value ?? null),
  toPrettyJson: (value: unknown) => JSON.stringify(value ?? null, undefined, 2),
  fromJson: (value: string) => JSON.parse(value) as unknown, // what it is, the template finds out
};

const fold =
  (operate: (left: number, right: number) => number) =>
  (...values: unknown[]): number =>
    values.map(whole).reduce(operate);

const divides = (left: number, right: number): number => {
  if (right === 0) throw new TemplateError('division by zero');
  return Math.trunc(left / right);
};

const numbers: TemplateFunctions = {
  add: fold((a, b) => a + b),
  add1: (value: unknown) => whole(value) + 1,
  sub: (left: unknown, right: unknown) => whole(left) - whole(right),
  mul: fold((a, b) => a * b),
  div: (left: unknown, right: unknown) => divides(whole(left), whole(right)),
  mod: (left: unknown, right: unknown) => whole(left) - divides(whole(left), whole(right)) * whole(right),
  max: fold(Math.max),
  min: fold(Math.min),
  floor: (value: unknown) => Math.floor(number(value)),
  ceil: (value: unknown) => Math.ceil(number(value)),
  round: (value: unknown, digits: number) => Number(number(value).toFixed(digits)),
  int: whole,
  int64: whole,
  float64: number,
  atoi: (value: string) => (/^[+-]?\d+$/.test(value) ? Number(value) : 0),
  randInt: (least: number, end: number) => randomInt(least, end),
  randAlphaNum: (count: number) => randomText(count, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  randAlpha: (count: number) => randomText(count, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  randNumeric: (count: number) => randomText(count, '0123456789'),
  uuidv4: () => randomUUID(),
};

function randomText(count: number, letters: string): string {
  return Array.from({ length: Math.min(10_000, count) }, () => letters[randomInt(letters.length)]).join('');
}

/** The part of the sprig library that templates of stages have a use for. */
export const libraryFunctions: TemplateFunctions = { ...texts, ...choices, ...collections, ...numbers };

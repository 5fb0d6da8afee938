import { formatted, isRecord, isTrue, TemplateError, type TemplateFunctions, textOf } from './template-value.ts';

function at(value: unknown, key: unknown): unknown {
  if (value === undefined || value === null) throw new TemplateError('index of untyped nil');
  if (isRecord(value)) return Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
  if (!Array.isArray(value) && typeof value !== 'string') throw new TemplateError(`can't index ${textOf(value)}`);
  return itemAt(value, key);
}

function itemAt(list: string | readonly unknown[], key: unknown): unknown {
  if (typeof key !== 'number') throw new TemplateError(`cannot index with ${textOf(key)}`);
  if (key < 0 || key >= list.length) throw new TemplateError(`index out of range: ${key}`);
  return typeof list === 'string' ? list.charCodeAt(key) : list[key];
}

function isEqual(left: unknown, right: unknown): boolean {
  const [a, b] = [left ?? undefined, right ?? undefined];
  if (a === undefined || b === undefined) return a === b;
  if (typeof a !== typeof b) throw new TemplateError('incompatible types for comparison');
  return typeof a === 'object' ? JSON.stringify(a) === JSON.stringify(b) : a === b;
}

function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  throw new TemplateError('incompatible types for comparison');
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isRecord(value)) return Object.keys(value).length;
  throw new TemplateError(`len of ${textOf(value)}`);
}

// Between two values of which neither is a text stands a space.
function printed(...values: readonly unknown[]): string {
  return values.reduce<string>((text, value, index) => {
    const before = values[index - 1];
    const gap = index > 0 && typeof before !== 'string' && typeof value !== 'string' ? ' ' : '';
    return text + gap + textOf(value);
  }, '');
}

const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&#34;', "'": '&#39;' };

/** The functions every Go template has; `and` and `or` are the evaluator's own. */
export const builtinFunctions: TemplateFunctions = {
  not: (value: unknown) => !isTrue(value),
  len: lengthOf,
  index: (value: unknown, ...keys: readonly unknown[]) => keys.reduce(at, value),
  slice: (value: string | readonly unknown[], from = 0, to?: number) => value.slice(from, to),
  eq: (left: unknown, ...others: readonly unknown[]) => others.some((other) => isEqual(left, other)),
  ne: (left: unknown, right: unknown) => !isEqual(left, right),
  lt: (left: unknown, right: unknown) => order(left, right) < 0,
  le: (left: unknown, right: unknown) => order(left, right) <= 0,
  gt: (left: unknown, right: unknown) => order(left, right) > 0,
  ge: (left: unknown, right: unknown) => order(left, right) >= 0,
  print: printed,
  println: (...values: readonly unknown[]) => `${values.map(textOf).join(' ')}\n`,
  printf: formatted,
  html: (...values: readonly unknown[]) => printed(...values).replace(/[<>&"']/g, (letter) => escapes[letter] ?? ''),
  urlquery: (...values: readonly unknown[]) => encodeURIComponent(printed(...values)),
};

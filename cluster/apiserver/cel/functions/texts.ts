import { findPattern, matchesPattern, patternProblem } from '../../schema/linear-pattern.ts';
import { CelError, type Value } from '../values/value.ts';
import { formatText } from './format-text.ts';
import { functionTable, type FunctionRow, type FunctionTable } from './function-table.ts';

function outOfRange(index: bigint): CelError {
  return new CelError(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > characters.length) throw outOfRange(index);
  return characters[Number(index)] ?? '';
}

function indexOf(text: string, part: string, from = 0n): bigint {
  if (part === '' && from === 0n) return 0n;
  const characters = [...text];
  if (from < 0n) throw outOfRange(from);
  if (from >= characters.length) return -1n;
  const found = characters.slice(Number(from)).join('').indexOf(part);
  if (found < 0) return -1n;
  return from + BigInt([...characters.slice(Number(from)).join('').slice(0, found)].length);
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const characters = [...text];
  if (part === '' && from === undefined) return BigInt(characters.length);
  const wanted = [...part];
  if (from !== undefined && (from < 0n || from >= characters.length)) throw outOfRange(from);
  const last = Math.min(from === undefined ? Infinity : Number(from), characters.length - wanted.length);
  for (let at = last; at >= 0; at -= 1)
    if (wanted.every((character, i) => characters[at + i] === character)) return BigInt(at);
  return -1n;
}

function replace(text: string, ...[from, to, count = -1n]: [string, string, bigint?]): string {
  if (count < 0n) return text.replaceAll(from, () => to);
  const parts = from === '' ? ['', ...text] : text.split(from);
  const limit = Math.min(Number(count), from === '' ? parts.length : parts.length - 1);
  if (limit <= 0) return text;
  if (from === '') return parts.map((part, index) => part + (index < limit ? to : '')).join('');
  return parts.slice(0, limit + 1).join(to) + parts.slice(limit + 1).map((part) => from + part).join(''); // prettier-ignore
}

function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0n || parts.length <= limit) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text];
  const size = BigInt(characters.length);
  const to = end ?? size;
  if (end !== undefined && start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > size) throw outOfRange(start);
  if (to < 0n || to > size) throw outOfRange(to);
  return characters.slice(Number(start), Number(to)).join('');
}

const quotes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const edges = new RegExp(`^${space}|${space}$`, 'g');

const regular = (pattern: string): string => {
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw new CelError(problem);
  return pattern;
};

const plain: readonly FunctionRow[] = [
  ['contains', 'string.(string): bool', (text: string, part: string) => text.includes(part)],
  ['endsWith', 'string.(string): bool', (text: string, part: string) => text.endsWith(part)],
  ['startsWith', 'string.(string): bool', (text: string, part: string) => text.startsWith(part)],
  ['matches', '(string, string): bool', (text: string, pattern: string) => matchesPattern(text, regular(pattern))],
  ['matches', 'string.(string): bool', (text: string, pattern: string) => matchesPattern(text, regular(pattern))],
  ['charAt', 'string.(int): string', charAt],
  ['indexOf', 'string.(string): int', indexOf],
  ['indexOf', 'string.(string, int): int', indexOf],
  ['lastIndexOf', 'string.(string): int', lastIndexOf],
  ['lastIndexOf', 'string.(string, int): int', lastIndexOf],
  ['lowerAscii', 'string.(): string', (text: string) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())],
  ['upperAscii', 'string.(): string', (text: string) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())],
  ['replace', 'string.(string, string): string', replace],
  ['replace', 'string.(string, string, int): string', replace],
  ['split', 'string.(string): list<string>', split],
  ['split', 'string.(string, int): list<string>', split],
  ['substring', 'string.(int): string', substring],
  ['substring', 'string.(int, int): string', substring],
  ['trim', 'string.(): string', (text: string) => text.replace(edges, '')],
  ['format', 'string.(list<dyn>): string', formatText],
  [
    'strings.quote',
    '(string): string',
    (text: string) => `"${text.replace(/[\u0007\b\f\n\r\t\v\\"]/g, (character) => quotes[character] ?? character)}"`,
  ],
  ['join', 'list<string>.(): string', (list: Value[]) => joined(list)],
  ['join', 'list<string>.(string): string', (list: Value[], separator: string) => joined(list, separator)],
];

function joined(list: readonly Value[], separator = ''): string {
  return list
    .map((item) => {
      if (typeof item !== 'string') throw new CelError('no such overload');
      return item;
    })
    .join(separator);
}

function find(text: string, pattern: string): string {
  return findAll(text, pattern, 1n)[0] ?? '';
}

function findAll(text: string, pattern: string, limit = -1n): string[] {
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw new CelError(`Illegal regex: ${problem}`);
  return limit === 0n ? [] : findPattern(text, pattern, limit < 0n ? Infinity : Number(limit));
}

const regex: readonly FunctionRow[] = [
  ['find', 'string.(string): string', find],
  ['findAll', 'string.(string): list<string>', findAll],
  ['findAll', 'string.(string, int): list<string>', findAll],
];

/** What can be done with texts; patterns are RE2's. */
export const textTable: FunctionTable = functionTable([...plain, ...regex]);

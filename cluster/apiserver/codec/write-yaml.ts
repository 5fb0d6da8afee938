import type { Json } from '../schema/schema.ts';
import { compareNames } from './yaml-name-order.ts';
import { textStyle, type TextStyle } from './yaml-style.ts';

/** A line is broken at the first space after so many signs. */
const width = 80;
/** A longer name is written apart from its value. */
const longestName = 128;

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};
const needsEscape = /["\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;

function escaped(sign: string): string {
  const known = escapes[sign];
  if (known) return known;
  const code = sign.codePointAt(0) ?? 0;
  const [mark, digits] = code < 0x100 ? ['x', 2] : code < 0x1_0000 ? ['u', 4] : ['U', 8];
  return `\\${mark}${code.toString(16).toUpperCase().padStart(digits, '0')}`;
}

const pad = (indent: number): string => ' '.repeat(indent);

interface Place {
  /** How far what goes on in another line is moved in. */
  readonly indent: number;
  /** Signs of the line before the text. */
  readonly column: number;
}

/** Whether a line may end at the space at `i`: not between two, and in quotes not at an end. */
function mayBreak(text: string, i: number, style: TextStyle): boolean {
  if (text[i] !== ' ' || text[i - 1] === ' ') return false;
  if (style === 'plain') return text[i + 1] !== ' ';
  const isEdge = i === 0 || i === text.length - 1;
  return !isEdge && (text[i + 1] !== ' ' || style === 'double');
}

/** Breaks a text at the first space behind the width of each line. */
function folded(text: string, { indent, column }: Place, style: TextStyle): string {
  let [out, at] = ['', column];
  for (let i = 0; i < text.length; i++) {
    if (at > width && mayBreak(text, i, style)) {
      out += `\n${pad(indent)}${text[i + 1] === ' ' ? '\\' : ''}`;
      at = indent;
    } else {
      out += text[i] ?? '';
      at += 1;
    }
  }
  return out;
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const end = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${hint}${end}\n${lines.map((line) => (line ? ' '.repeat(indent) + line : '')).join('\n')}`;
}

function textIn(text: string, place: Place, isName = false): string {
  const style = textStyle(text, isName);
  if (style === 'literal') return literal(text, place.indent);
  const [quote, content] = {
    plain: ['', text],
    single: ["'", text.replaceAll("'", "''")],
    double: ['"', text.replace(needsEscape, escaped)],
  }[style] as [string, string]; // a pair each
  const from = { ...place, column: place.column + quote.length };
  return quote + (isName ? content : folded(content, from, style)) + quote;
}

/** As Go writes a number: with an exponent from 21 digits on, which has two digits at least. */
const numberText = (value: number): string => String(value).replace(/e([-+])(\d)$/, 'e$10$2');

function scalar(value: Exclude<Json, object>, place: Place): string {
  if (typeof value === 'string') return textIn(value, place);
  return typeof value === 'number' ? numberText(value) : String(value);
}

const isEmpty = (value: Json): boolean =>
  value === null || typeof value !== 'object' || (Array.isArray(value) ? value : Object.keys(value)).length === 0;

/** What stands behind a name or a dash, on its line or below. */
function inlineOf(value: Json, place: Place): string {
  if (Array.isArray(value)) return '[]';
  return value !== null && typeof value === 'object' ? '{}' : scalar(value, place);
}

function listLines(list: readonly Json[], indent: number): string {
  const inner = indent + 2;
  const items = list.map((item) => {
    const text = isEmpty(item)
      ? `${inlineOf(item, { indent: inner, column: inner })}\n`
      : blockOf(item, inner).slice(inner);
    return `${pad(indent)}- ${text}`;
  });
  return items.join('');
}

function mapLines(map: Readonly<Record<string, Json>>, indent: number): string {
  return Object.keys(map)
    .sort(compareNames)
    .map((name) => entryLines(name, map[name] ?? null, indent))
    .join('');
}

function entryLines(name: string, value: Json, indent: number): string {
  const key = textIn(name, { indent, column: indent }, true);
  const head = [...name].length > longestName ? `${pad(indent)}? ${key}\n${pad(indent)}:` : `${pad(indent)}${key}:`;
  const column = (head.split('\n').at(-1) ?? '').length + 1;
  if (isEmpty(value)) return `${head} ${inlineOf(value, { indent: indent + 2, column })}\n`;
  return `${head}\n${blockOf(value, Array.isArray(value) ? indent : indent + 2)}`;
}

function blockOf(value: Json, indent: number): string {
  if (Array.isArray(value)) return listLines(value, indent);
  return value !== null && typeof value === 'object'
    ? mapLines(value, indent)
    : `${scalar(value, { indent, column: indent })}\n`;
}

/** A value in YAML, letter for letter as a real API server writes it: names in order, lists not moved in, long texts broken. */
export function writeYaml(value: Json): string {
  return isEmpty(value) ? `${inlineOf(value, { indent: 2, column: 0 })}\n` : blockOf(value, 0);
}

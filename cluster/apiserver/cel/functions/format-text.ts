import { runtimeName, typeText } from '../types/cel-type.ts';
import { compare } from '../values/equality.ts';
import { doubleText, plainText } from '../values/number-text.ts';
import { durationText, timestampText } from '../values/time.ts';
import {
  CelError,
  Duration,
  isList,
  isMap,
  Timestamp,
  typeOf,
  TypeValue,
  Uint,
  type CelMap,
  type Value,
} from '../values/value.ts';

const clause = /%(?:(%)|(?:\.(\d+))?([a-zA-Z]?))/g;
const defaultPrecision = 6;

function wrong(verb: string, value: Value, allowed: string): CelError {
  const type = typeText(typeOf(value));
  return new CelError(`error during formatting: ${verb} clause can only be used on ${allowed}, was given ${type}`);
}

function precise(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function shownDouble(value: number): string {
  return Number.isFinite(value) ? (Math.abs(value) >= 1e21 ? doubleText(value, 21) : plainText(value)) : precise(value);
}

/** `%s`: any value as text. */
function shown(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return shownDouble(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (isList(value)) return `[${value.map(inside).join(', ')}]`;
  return isMap(value) ? shownMap(value) : shownObject(value);
}

function shownObject(value: Value): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeValue) return runtimeName(value.type);
  throw new CelError('error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ' + typeText(typeOf(value))); // prettier-ignore
}

/** Inside lists and maps texts have quotes. */
function inside(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value) : shown(value);
}

function shownMap(map: CelMap): string {
  const keys = map.keys().toSorted((a, b) => compare(shown(a), shown(b)) ?? 0);
  return `{${keys.map((key) => `${inside(key)}:${inside(map.get(key) ?? null)}`).join(', ')}}`;
}

function decimal(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (typeof value === 'number' && !Number.isFinite(value)) return precise(value);
  throw wrong('decimal', value, 'integers');
}

function fixed(value: Value, precision: number): string {
  const number = asNumber(value, 'fixed-point');
  return Number.isFinite(number) ? number.toFixed(Math.min(precision, 100)) : precise(number);
}

function asNumber(value: Value, verb: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  throw wrong(verb, value, 'doubles');
}

const superscript = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** With the exponent written as powers of ten are in English text; always six digits, as the original has it. */
function scientific(value: Value): string {
  const number = asNumber(value, 'scientific');
  if (!Number.isFinite(number)) return precise(number);
  const [digits = '', power = '0'] = number.toExponential(defaultPrecision).split('e');
  const size = String(Math.abs(Number(power))).padStart(2, '0');
  const raised = [...size].map((digit) => superscript[Number(digit)] ?? '').join('');
  return `${digits}×10${power.startsWith('-') ? '⁻' : ''}${raised}`;
}

function binary(value: Value): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return radix(value, 2, { name: 'binary', allowed: 'integers and bools' });
}

function octal(value: Value): string {
  return radix(value, 8, { name: 'octal', allowed: 'integers' });
}

function radix(value: Value, base: number, verb: { name: string; allowed: string }): string {
  if (typeof value === 'bigint') return value.toString(base);
  if (value instanceof Uint) return value.value.toString(base);
  throw wrong(verb.name, value, verb.allowed);
}

function hex(value: Value): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes instanceof Uint8Array) return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return radix(bytes, 16, { name: 'hex', allowed: 'integers, byte buffers, and strings' });
}

const verbs: Readonly<Record<string, (value: Value, precision: number) => string>> = {
  s: shown,
  d: decimal,
  f: fixed,
  e: scientific,
  b: binary,
  o: octal,
  x: hex,
  X: (value) => hex(value).toUpperCase(),
};

/** Puts the values into the text, at its `%` clauses. */
export function formatText(text: string, values: readonly Value[]): string {
  let next = 0;
  return text.replace(clause, (...[whole, percent, precision, verb]: (string | undefined)[]) => {
    if (percent) return '%';
    if (!verb) throw new CelError('could not parse formatting clause: unexpected end of format string');
    const write = verbs[verb];
    if (!write) throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
    const value = values[next];
    if (value === undefined) throw new CelError(`index ${next} out of range`);
    next += 1;
    return write(value, precision === undefined ? defaultPrecision : Number(precision)) || (whole ? '' : '');
  });
}

import { CelError, Duration, Timestamp } from './value.ts';
import { plainText } from './number-text.ts';

const second = 1_000_000_000n;
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3_600n * second,
};
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const whole = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Reads `1h30m`, `-1.5s`, `0`; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const nanos = sumOf(text.slice(sign.length));
  if (nanos === undefined) return undefined;
  const signed = sign === '-' ? -nanos : nanos;
  return BigInt.asIntN(64, signed) === signed ? new Duration(signed) : undefined;
}

function sumOf(text: string): bigint | undefined {
  if (text === '0') return 0n;
  if (!whole.test(text)) return undefined;
  return [...text.matchAll(part)].reduce(
    (sum, [, amount = '', unit = '']) => sum + times(amount, units[unit] ?? 0n),
    0n,
  );
}

function times(amount: string, unit: bigint): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  const scale = 10n ** BigInt(fraction.length);
  return BigInt(whole || '0') * unit + (BigInt(fraction || '0') * unit) / scale;
}

export function durationText({ nanos }: Duration): string {
  return `${plainText(Number(nanos) / 1e9)}s`;
}

const moment = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads RFC 3339; undefined for anything else. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = moment.exec(text);
  if (!match) return undefined;
  const numbers = match.slice(1, 7).map(Number);
  const [fraction = '', zone = 'Z'] = match.slice(7);
  const local = localSeconds(numbers);
  const offset = offsetSeconds(zone);
  if (local === undefined || offset === undefined) return undefined;
  return new Timestamp(BigInt(local - offset) * second + BigInt(fraction.padEnd(9, '0') || '0'));
}

const most = [9999, 12, 31, 23, 59, 59];

/** Undefined for a day or a time that does not exist. */
function localSeconds(numbers: readonly number[]): number | undefined {
  if (numbers.some((number, index) => number > (most[index] ?? 0))) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, seconds = 0] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + seconds;
}

function offsetSeconds(zone: string): number | undefined {
  const match = /^([+-])?(\d\d):(\d\d)$/.exec(zone);
  if (!match) return /^[Zz]$/.test(zone) ? 0 : undefined;
  const [, sign, hours, minutes] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

export function timestampText({ nanos }: Timestamp): string {
  const seconds = floorDivide(nanos, second);
  const fraction = (nanos - seconds * second).toString().padStart(9, '0').replace(/0+$/, '');
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction ? `.${fraction}` : ''}Z`;
}

/** The seconds since 1970, rounded towards the past. */
export function timestampSeconds({ nanos }: Timestamp): bigint {
  return floorDivide(nanos, second);
}

/** A date whose UTC fields are those of the moment in the zone: a name (`Europe/Berlin`) or an offset (`+02:00`). */
export function inZone(timestamp: Timestamp, zone = 'UTC'): Date {
  const millis = Number(floorDivide(timestamp.nanos, 1_000_000n));
  const offset = offsetSeconds(zone);
  if (offset !== undefined) return new Date(millis + offset * 1000);
  if (zone === 'UTC' || zone === '') return new Date(millis);
  return new Date(millis + zoneOffset(millis, zone));
}

function zoneOffset(millis: number, zone: string): number {
  let shown: string;
  try {
    const form = { timeZone: zone, timeZoneName: 'longOffset' } as const;
    shown = new Intl.DateTimeFormat('en-US', form).format(millis);
  } catch (error) {
    throw new CelError(`unknown time zone ${zone}`, { cause: error });
  }
  const offset = /GMT([+-]\d\d:\d\d)$/.exec(shown)?.[1];
  return offset ? (offsetSeconds(offset) ?? 0) * 1000 : 0;
}

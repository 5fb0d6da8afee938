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
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads `1h30m`, `-1.5s`, `0`; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const rest = text.slice(sign.length);
  if (rest === '0') return new Duration(0n);
  let nanos = 0n;
  let at = 0;
  while (at < rest.length) {
    part.lastIndex = at;
    const found = part.exec(rest);
    if (!found) return undefined;
    const [whole, amount = '', unit = ''] = found;
    nanos += times(amount, units[unit] ?? 0n);
    at += whole.length;
  }
  if (rest === '') return undefined;
  const signed = sign === '-' ? -nanos : nanos;
  return BigInt.asIntN(64, signed) === signed ? new Duration(signed) : undefined;
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
  const [, year, month, day, hour, minute, seconds, fraction = '', zone = 'Z'] = match;
  const [h, mi, s] = [Number(hour), Number(minute), Number(seconds)];
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return undefined;
  if (h > 23 || mi > 59 || s > 59) return undefined;
  const offset = offsetSeconds(zone);
  if (offset === undefined) return undefined;
  const whole = BigInt(date.getTime() / 1000 + h * 3600 + mi * 60 + s - offset);
  return new Timestamp(whole * second + BigInt(fraction.padEnd(9, '0') || '0'));
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

import { type ReadZonedTime, type ZonedTime, zonedTimeReader } from './zoned-time.ts';

/**
 * A schedule of a CronJob, read as Kubernetes reads it. Ours, because the libraries differ where it matters: a time
 * that a change of the clocks skips does not run that day, one that it repeats runs twice, and a step (`*\/2`) counts
 * as "any" when the day of the month and the day of the week are both given.
 */
export interface CronSchedule {
  /** The first time after `afterMs`; undefined when there is none within five years. */
  next(afterMs: number): number | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const horizonMs = 5 * 366 * dayMs;

const names: Readonly<Record<number, readonly string[]>> = {
  3: ['', ...'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')],
  4: 'sun mon tue wed thu fri sat'.split(' '),
};
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as `*`, `?` or a step of one. */
  readonly isAny: boolean;
}

function numberOf(text: string, index: number): number {
  const named = names[index]?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0 && text !== '') return named;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`failed to parse int from ${text}`);
}

/** The first and last value of a part; `5/10` means from 5 to the end, every ten. */
function boundsOf(range: string, index: number, hasStep: boolean): readonly [first: number, last: number] {
  const [first, last] = ranges[index] ?? [0, 0];
  if (range === '*' || range === '?') return [first, last];
  const [from = '', to] = range.split('-');
  const start = numberOf(from, index);
  const end = to === undefined ? (hasStep ? last : start) : numberOf(to, index);
  if (start < first || end > last || start > end) throw new Error(`no such times: ${range}`);
  return [start, end];
}

function partOf(part: string, index: number): Field {
  const [range = '', step] = part.split('/');
  const [start, end] = boundsOf(range, index, step !== undefined);
  const by = step === undefined ? 1 : Number(step);
  if (!(by > 0)) throw new Error(`step of range should be a positive number: ${part}`);
  const values = new Set<number>();
  for (let value = start; value <= end; value += by) values.add(value);
  return { values, isAny: range === '*' || range === '?' };
}

function fieldOf(text: string, index: number): Field {
  const parts = text.split(',').map((part) => partOf(part, index));
  return { values: new Set(parts.flatMap(({ values }) => [...values])), isAny: parts.some(({ isAny }) => isAny) };
}

class Calendar implements CronSchedule {
  readonly #fields: readonly [minute: Field, hour: Field, day: Field, month: Field, weekday: Field];
  readonly #read: ReadZonedTime;

  constructor(text: string, read: ReadZonedTime) {
    const fields = text.trim().split(/\s+/);
    if (fields.length !== 5)
      throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
    const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
    this.#fields = [fieldOf(minute, 0), fieldOf(hour, 1), fieldOf(day, 2), fieldOf(month, 3), fieldOf(weekday, 4)];
    this.#read = read;
  }

  next(afterMs: number): number | undefined {
    let atMs = Math.floor(afterMs / minuteMs) * minuteMs + minuteMs;
    while (atMs <= afterMs + horizonMs) {
      const skipMs = this.#skip(this.#read(atMs));
      if (skipMs === 0) return atMs;
      atMs += skipMs;
    }
    return undefined;
  }

  // How far at least the next match lies ahead. Days are left two hours early, since they may have 23.
  #skip(time: ZonedTime): number {
    const [minute, hour, , month] = this.#fields;
    const toNextHour = hourMs - time.minute * minuteMs;
    const toEvening = (22 - time.hour) * hourMs - time.minute * minuteMs;
    if (!month.values.has(time.month)) return Math.max(toNextHour, toEvening + (28 - Math.min(28, time.day)) * dayMs);
    if (!this.#isDay(time)) return Math.max(toNextHour, toEvening);
    if (!hour.values.has(time.hour)) return toNextHour;
    return minute.values.has(time.minute) ? 0 : minuteMs;
  }

  // Given both, the day of the month or the day of the week is enough.
  #isDay(time: ZonedTime): boolean {
    const [, , day, , weekday] = this.#fields;
    const [isDay, isWeekday] = [day.values.has(time.day), weekday.values.has(time.weekday)];
    return day.isAny || weekday.isAny ? isDay && isWeekday : isDay || isWeekday;
  }
}

const unitMs: Readonly<Record<string, number>> = { h: hourMs, m: minuteMs, s: 1000, ms: 1, us: 0, µs: 0, ns: 0 };

function every(text: string): CronSchedule {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0) throw new Error(`failed to parse duration ${text}`);
  const totalMs = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
  const stepMs = Math.max(1000, Math.floor(totalMs / 1000) * 1000);
  return { next: (afterMs) => Math.floor(afterMs / 1000) * 1000 + stepMs };
}

/**
 * Reads a schedule: five fields, a descriptor such as `@daily`, or `@every 90m`; `TZ=…` or `CRON_TZ=…` before it names
 * a zone of its own. Throws a sentence when it is none, or when the zone is unknown.
 */
export function cronSchedule(text: string, timeZone = ''): CronSchedule {
  const [, own, rest] = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(text) ?? [];
  const zone = own ?? timeZone;
  const read = zonedTimeReader(zone);
  if (!read) throw new Error(`unknown time zone ${zone}`);
  const spec = (rest ?? text).trim();
  if (spec.startsWith('@every ')) return every(spec.slice('@every '.length));
  return new Calendar(descriptors[spec] ?? spec, read);
}

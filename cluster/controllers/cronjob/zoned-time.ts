/** What the clocks of a time zone show. */
export interface ZonedTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 = Sunday. */
  readonly weekday: number;
}

/** Reads the time of one zone. */
export type ReadZonedTime = (atMs: number) => ZonedTime;

function readUtc(atMs: number): ZonedTime {
  const date = new Date(atMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

function formatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    const numeric = 'numeric';
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return undefined; // not the name of a zone
  }
}

/** The clocks of a zone of the IANA database; '' and `UTC` are UTC. Undefined for an unknown name. */
export function zonedTimeReader(timeZone: string): ReadZonedTime | undefined {
  if (['', 'UTC', 'Etc/UTC'].includes(timeZone)) return readUtc;
  const format = formatter(timeZone);
  if (!format) return undefined;
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const date = { year: part('year'), month: part('month'), day: part('day') };
    const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
    return { ...date, hour: part('hour'), minute: part('minute'), second: part('second'), weekday };
  };
}

/** RFC 3339 with the zone's offset, as Kubernetes writes the time a job was due. */
export function zonedTimestamp(atMs: number, read: ReadZonedTime): string {
  const { year, month, day, hour, minute, second } = read(atMs);
  const shownMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const text = new Date(shownMs).toISOString().slice(0, 19);
  const offsetMinutes = Math.round((shownMs - Math.floor(atMs / 1000) * 1000) / 60_000);
  if (offsetMinutes === 0) return `${text}Z`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(offsetMinutes);
  return `${text}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

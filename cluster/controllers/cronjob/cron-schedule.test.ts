import { describe, expect, test } from 'vitest';
import { cronSchedule } from './cron-schedule.ts';

function runs(text: string, from: string, zone = ''): (string | undefined)[] {
  const schedule = cronSchedule(text, zone);
  const found: (string | undefined)[] = [];
  let atMs: number | undefined = Date.parse(from);
  for (let i = 0; i < 3 && atMs !== undefined; i++) {
    atMs = schedule.next(atMs);
    found.push(atMs === undefined ? undefined : new Date(atMs).toISOString().replace(':00.000Z', ''));
  }
  return found;
}

describe('the next runs', () => {
  const newYork = 'America/New_York';
  test.each([
    {
      why: 'every quarter',
      at: ['*/15 * * * *', '2026-01-01T00:01:00Z'],
      gives: ['2026-01-01T00:15', '2026-01-01T00:30', '2026-01-01T00:45'],
    },
    {
      why: 'strictly after the given time',
      at: ['0 * * * *', '2026-01-01T01:00:00Z'],
      gives: ['2026-01-01T02:00', '2026-01-01T03:00', '2026-01-01T04:00'],
    },
    {
      why: 'a list and a range',
      at: ['5,10 8-9 * * *', '2026-01-01T08:06:00Z'],
      gives: ['2026-01-01T08:10', '2026-01-01T09:05', '2026-01-01T09:10'],
    },
    {
      why: 'a start with a step runs to the end',
      at: ['50/5 * * * *', '2026-01-01T00:00:00Z'],
      gives: ['2026-01-01T00:50', '2026-01-01T00:55', '2026-01-01T01:50'],
    },
    {
      why: 'names of months and days',
      at: ['0 0 * feb mon', '2026-01-01T00:00:00Z'],
      gives: ['2026-02-02T00:00', '2026-02-09T00:00', '2026-02-16T00:00'],
    },
    {
      why: 'day of month or of week, when both are given',
      at: ['0 0 13 * 5', '2026-11-01T00:00:00Z'],
      gives: ['2026-11-06T00:00', '2026-11-13T00:00', '2026-11-20T00:00'],
    },
    {
      why: 'a step counts as any day',
      at: ['0 0 */10 * 5', '2026-11-01T00:00:00Z'],
      gives: ['2026-12-11T00:00', '2027-01-01T00:00', '2027-05-21T00:00'],
    },
    {
      why: 'leap days',
      at: ['0 12 29 2 *', '2026-01-01T00:00:00Z'],
      gives: ['2028-02-29T12:00', '2032-02-29T12:00', '2036-02-29T12:00'],
    },
    {
      why: 'the last day of a year',
      at: ['59 23 31 12 *', '2026-01-01T00:00:00Z'],
      gives: ['2026-12-31T23:59', '2027-12-31T23:59', '2028-12-31T23:59'],
    },
    { why: 'never', at: ['0 0 31 2 *', '2026-01-01T00:00:00Z'], gives: [undefined] },
    {
      why: 'descriptors',
      at: ['@weekly', '2026-01-01T00:00:00Z'],
      gives: ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00'],
    },
    {
      why: 'intervals',
      at: ['@every 1h30m', '2026-01-01T00:00:00Z'],
      gives: ['2026-01-01T01:30', '2026-01-01T03:00', '2026-01-01T04:30'],
    },
    {
      why: 'a time zone',
      at: ['0 9 * * *', '2026-01-01T00:00:00Z', 'Asia/Seoul'],
      gives: ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00'],
    },
    {
      why: 'a zone of its own wins',
      at: ['CRON_TZ=Asia/Seoul 0 9 * * *', '2026-01-01T00:00:00Z', newYork],
      gives: ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00'],
    },
    {
      why: 'a time the clocks skip does not run',
      at: ['30 2 * * *', '2026-03-07T00:00:00Z', newYork],
      gives: ['2026-03-07T07:30', '2026-03-09T06:30', '2026-03-10T06:30'],
    },
    {
      why: 'a time the clocks repeat runs twice',
      at: ['30 1 * * *', '2026-10-31T12:00:00Z', newYork],
      gives: ['2026-11-01T05:30', '2026-11-01T06:30', '2026-11-02T06:30'],
    },
    {
      why: 'midnight after a day of 23 hours',
      at: ['0 0 * * *', '2026-03-08T04:00:00Z', newYork],
      gives: ['2026-03-08T05:00', '2026-03-09T04:00', '2026-03-10T04:00'],
    },
    {
      why: 'clocks that move by half an hour',
      at: ['15 2 * * *', '2026-10-02T12:00:00Z', 'Australia/Lord_Howe'],
      gives: ['2026-10-02T15:45', '2026-10-04T15:15', '2026-10-05T15:15'],
    },
  ])('$why', ({ at: [text = '', from = '', zone], gives }) => {
    expect(runs(text, from, zone)).toEqual(gives);
  });
});

test.each(['* * * *', '60 * * * *', '* * * * mont', '5-1 * * * *', '*/0 * * * *', '@every soon', '* * 0 * *'])(
  '%s is no schedule',
  (text) => {
    expect(() => cronSchedule(text)).toThrow();
  },
);

test('an unknown zone is refused', () => {
  expect(() => cronSchedule('* * * * *', 'Europe/Atlantis')).toThrow('unknown time zone Europe/Atlantis');
});

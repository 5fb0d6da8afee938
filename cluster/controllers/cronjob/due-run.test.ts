import { expect, test } from 'vitest';
import { cronSchedule } from './cron-schedule.ts';
import type { CronJob } from './cronjob.ts';
import { dueRun } from './due-run.ts';

const at = (time: string): number => Date.parse(`2026-01-01T${time}Z`);

function cronJob(schedule: string, facts: { last?: string; deadline?: number } = {}): CronJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', creationTimestamp: '2026-01-01T00:00:30Z' },
    spec: {
      schedule,
      jobTemplate: { spec: { template: { spec: { containers: [] } } } },
      ...(facts.deadline !== undefined && { startingDeadlineSeconds: facts.deadline }),
    },
    status: { ...(facts.last && { lastScheduleTime: `2026-01-01T${facts.last}Z` }) },
  };
}

test.each([
  {
    why: 'nothing is due before the first time',
    job: cronJob('*/5 * * * *'),
    now: '00:04:59',
    due: undefined,
    missed: 0,
  },
  {
    why: 'the first time is due when it has come',
    job: cronJob('*/5 * * * *'),
    now: '00:05:00',
    due: '00:05:00',
    missed: 1,
  },
  { why: 'it stays due until the next', job: cronJob('*/5 * * * *'), now: '00:09:59', due: '00:05:00', missed: 1 },
  {
    why: 'of several missed ones the last is due',
    job: cronJob('*/5 * * * *'),
    now: '00:23:00',
    due: '00:20:00',
    missed: 4,
  },
  {
    why: 'what has run is not due',
    job: cronJob('*/5 * * * *', { last: '00:20:00' }),
    now: '00:23:00',
    due: undefined,
    missed: 0,
  },
  {
    why: 'the deadline bounds how far back it looks',
    job: cronJob('*/5 * * * *', { deadline: 10 }),
    now: '00:23:00',
    due: undefined,
    missed: 0,
  },
  {
    why: 'within the deadline it may start late',
    job: cronJob('*/5 * * * *', { deadline: 200 }),
    now: '00:23:00',
    due: '00:20:00',
    missed: 1,
  },
  { why: 'uneven steps', job: cronJob('30 6-16/4 * * *'), now: '15:00:00', due: '14:30:00', missed: 3 },
  { why: 'very many', job: cronJob('* * * * *'), now: '05:00:00', due: '05:00:00', missed: 300 },
])('$why', ({ job, now, due, missed }) => {
  const found = dueRun(job, cronSchedule(job.spec.schedule), at(now));
  expect({ due: found.dueMs, missed: found.missed }).toEqual({ due: due && at(due), missed });
  expect(found.wakeMs).toBeGreaterThan(at(now));
});

test('a schedule without any time is an error', () => {
  const job = cronJob('0 0 31 2 *');
  expect(() => dueRun(job, cronSchedule(job.spec.schedule), at('01:00:00'))).toThrow('names no time');
});

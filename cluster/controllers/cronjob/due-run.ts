import type { CronSchedule } from './cron-schedule.ts';
import type { CronJob } from './cronjob.ts';

/** What a schedule asks for at one moment. */
export interface DueRun {
  /** The latest time that is due and not run yet; undefined when there is none. */
  readonly dueMs: number | undefined;
  /** Roughly how many times went by since the last run, the due one included. */
  readonly missed: number;
  /** When to look again: the next time after now, a little late so that clocks may differ. */
  readonly wakeMs: number | undefined;
}

const leewayMs = 100;
/** More missed runs than this are worth a warning. */
export const manyMissed = 100;

/** Where to start looking: the last run, or the creation, and never before the deadline for starting late. */
function startMs({ metadata, spec, status }: CronJob, nowMs: number): number {
  const sinceMs = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '') || 0;
  const { startingDeadlineSeconds } = spec;
  return startingDeadlineSeconds === undefined ? sinceMs : Math.max(sinceMs, nowMs - startingDeadlineSeconds * 1000);
}

/** The last time the schedule names up to `nowMs`, counted in the steps of its first two times. */
function latest(schedule: CronSchedule, firstMs: number, nowMs: number): { dueMs: number; missed: number } {
  const secondMs = schedule.next(firstMs);
  if (secondMs === undefined || nowMs < secondMs) return { dueMs: firstMs, missed: 1 };
  const stepMs = secondMs - firstMs;
  const missed = Math.floor((nowMs - firstMs) / stepMs) + 1;
  // Two steps back from now: where the steps are uneven the schedule itself finds the way from there.
  let dueMs = firstMs;
  let atMs = schedule.next(Math.max(firstMs, firstMs + (missed - 2) * stepMs));
  while (atMs !== undefined && atMs <= nowMs) {
    dueMs = atMs;
    atMs = schedule.next(atMs);
  }
  return { dueMs, missed };
}

/** Which run of `cronJob` is due at `nowMs`. Throws for a schedule that names no time at all. */
export function dueRun(cronJob: CronJob, schedule: CronSchedule, nowMs: number): DueRun {
  const nextMs = schedule.next(nowMs);
  const wakeMs = nextMs === undefined ? undefined : nextMs + leewayMs;
  const firstMs = schedule.next(startMs(cronJob, nowMs));
  if (firstMs === undefined && nextMs === undefined) throw new Error('the schedule names no time at all');
  if (firstMs === undefined || nowMs < firstMs) return { dueMs: undefined, missed: 0, wakeMs };
  return { ...latest(schedule, firstMs, nowMs), wakeMs };
}

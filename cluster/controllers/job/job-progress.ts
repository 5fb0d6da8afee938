import { timestamp } from '@kit/base';
import { type Condition, withCondition } from '../../reconcile/conditions.ts';
import { isActive, isFinished, isReady, type Pod } from '../../reconcile/pod.ts';
import { isJobFinished, type Job, type JobStatus, trackingFinalizer } from './job.ts';

/** What a job's pods amount to, and what must be done about it. */
export interface JobProgress {
  readonly status: JobStatus;
  /** Pods to create now, or, below 0, active pods to delete. */
  readonly wanted: number;
  /** When to look again, if time alone changes something. */
  readonly wakeMs: number | undefined;
}

interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
}

const backOffMs = { first: 10_000, most: 360_000 };

const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) ?? false;
const uidOf = ({ metadata }: Pod): string => metadata.uid ?? '';

/** Moves finished pods on: seen -> uncounted, and once their finalizer is off -> counted. */
function tally(job: Job, pods: readonly Pod[]): Tally {
  const tracked = new Map(pods.filter(isTracked).map((pod) => [uidOf(pod), pod]));
  const before = job.status?.uncountedTerminatedPods ?? {};
  const finishedAs = (phase: string): string[] =>
    [...tracked.values()].filter(({ status }) => status?.phase === phase).map(uidOf);
  const step = (
    counted = 0,
    waiting: readonly string[] = [],
    finished: readonly string[],
  ): { count: number; uids: string[] } => {
    const still = waiting.filter((uid) => tracked.has(uid));
    return { count: counted + waiting.length - still.length, uids: [...new Set([...still, ...finished])] };
  };
  const succeeded = step(job.status?.succeeded, before.succeeded, finishedAs('Succeeded'));
  const failed = step(job.status?.failed, before.failed, finishedAs('Failed'));
  return {
    succeeded: succeeded.count,
    failed: failed.count,
    uncounted: { succeeded: succeeded.uids, failed: failed.uids },
  };
}

type End = { readonly type: 'Complete' | 'Failed'; readonly reason: string; readonly message: string };

function endOf(
  job: Job,
  counts: { succeeded: number; failed: number; active: number },
  nowMs: number,
): End | undefined {
  const { completions, backoffLimit = 6 } = job.spec;
  if (counts.failed > backoffLimit) {
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  if (nowMs >= (deadlineMs(job) ?? Infinity)) {
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  const isDone =
    completions === undefined ? counts.succeeded > 0 && counts.active === 0 : counts.succeeded >= completions;
  const message = 'Reached expected number of succeeded pods';
  return isDone ? { type: 'Complete', reason: 'CompletionsReached', message } : undefined;
}

function deadlineMs({ spec, status }: Job): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || !status?.startTime) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000;
}

// After failures the next pod waits: 10 s, 20 s, 40 s … 6 min after the last one ended.
function retryMs(pods: readonly Pod[], failures: number): number {
  if (failures === 0) return 0;
  const ends = pods.flatMap(({ status }) => (status?.phase === 'Failed' ? (status.containerStatuses ?? []) : []));
  const lastMs = Math.max(0, ...ends.map(({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || 0));
  return lastMs + Math.min(backOffMs.most, backOffMs.first * 2 ** (failures - 1));
}

function ending(end: End, uncounted: Tally['uncounted']): Condition[] {
  const criterion = end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const all = [{ ...end, type: criterion, status: 'True' as const }];
  // The end is final only when every pod is counted.
  const isCounted = uncounted.succeeded.length + uncounted.failed.length === 0;
  return isCounted ? [...all, { ...end, status: 'True' }] : all;
}

function counters(counts: Tally, active: readonly Pod[], pods: readonly Pod[]): Partial<JobStatus> {
  const shown = Object.entries({ active: active.length, succeeded: counts.succeeded, failed: counts.failed }).filter(
    ([, count]) => count > 0,
  );
  const uids = Object.entries(counts.uncounted).filter(([, list]) => list.length > 0);
  return {
    ...Object.fromEntries(shown),
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp && !isFinished(pod)).length,
    uncountedTerminatedPods: Object.fromEntries(uids),
  };
}

interface Totals {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

function totals({ succeeded, failed, uncounted }: Tally, active: number): Totals {
  return { active, succeeded: succeeded + uncounted.succeeded.length, failed: failed + uncounted.failed.length };
}

// Without a number of completions, one success ends the job: what runs may end, nothing new begins.
function targetOf(
  { parallelism = 1, completions, suspend = false }: Job['spec'],
  { active, succeeded }: Totals,
): number {
  if (suspend) return 0;
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.min(parallelism, completions - succeeded);
}

function conditionsAt(job: Job, end: End | undefined, { counts, now }: { counts: Tally; now: string }): Condition[] {
  if (!end) return suspension(job, now);
  const known = [...(job.status?.conditions ?? [])];
  return ending(end, counts.uncounted).reduce((all, one) => withCondition(all, one, now), known);
}

function timesOf({ spec, status }: Job, conditions: readonly Condition[], now: string): Partial<JobStatus> {
  const startTime = spec.suspend ? undefined : (status?.startTime ?? now);
  const isComplete = conditions.some(({ type, status: state }) => type === 'Complete' && state === 'True');
  return { ...(startTime && { startTime }), ...(isComplete && { completionTime: status?.completionTime ?? now }) };
}

/** The next state of a job, from its pods. A finished job stays as it is. */
export function jobProgress(job: Job, pods: readonly Pod[], nowMs: number): JobProgress {
  const active = pods.filter(isActive);
  const counts = tally(job, pods);
  const total = totals(counts, active.length);
  const now = timestamp(nowMs);
  const end = endOf(job, total, nowMs);
  const conditions = conditionsAt(job, end, { counts, now });
  const times = timesOf(job, conditions, now);
  const status = { ...counters(counts, active, pods), ...times, ...(conditions.length > 0 && { conditions }) };
  if (end) return { status, wanted: -active.length, wakeMs: undefined };
  const missing = targetOf(job.spec, total) - active.length;
  const waitMs = retryMs(pods, total.failed);
  if (missing > 0 && waitMs > nowMs) return { status, wanted: 0, wakeMs: waitMs };
  return { status, wanted: missing, wakeMs: deadlineMs({ ...job, status }) };
}

function suspension({ spec, status }: Job, now: string): Condition[] {
  const known = [...(status?.conditions ?? [])];
  const was = known.some(({ type, status: state }) => type === 'Suspended' && state === 'True');
  const suspended = { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' } as const; // literal types
  if (spec.suspend) return withCondition(known, suspended, now);
  if (!was) return known;
  return withCondition(
    known,
    { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' },
    now,
  );
}

/** When a finished job may be removed, if it says so. */
export function expiryMs(job: Job): number | undefined {
  const { ttlSecondsAfterFinished: ttl } = job.spec;
  if (ttl === undefined || !isJobFinished(job)) return undefined;
  const times = (job.status?.conditions ?? [])
    .filter(({ type }) => ['Complete', 'Failed'].includes(type))
    .map(({ lastTransitionTime = '' }) => Date.parse(lastTransitionTime));
  return Math.max(...times) + ttl * 1000;
}

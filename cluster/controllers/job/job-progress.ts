import { timestamp } from '@kit/base';
import { type Condition, findCondition, withCondition } from '../../reconcile/conditions.ts';
import { isReady, type Pod, podCondition } from '../../reconcile/pod.ts';
import { formatIndexes } from './index-set.ts';
import { deadlineMs, type JobEnd, jobEnd, type JobTotals } from './job-end.ts';
import { isIndexed, isTracked, type JobPods, jobPods, openIndexes, uidOf, verdictOn } from './job-pods.ts';
import type { Job, JobStatus } from './job.ts';

/** What a job's pods amount to, and what must be done about it. */
export interface JobProgress {
  readonly status: JobStatus;
  /** Pods to create now, or, below 0, active pods to delete. */
  readonly wanted: number;
  /** Of an indexed job: the indexes of the pods to create, each with the failed pod it takes over from. */
  readonly indexes: readonly { readonly index: number; readonly replaces: Pod | undefined }[];
  /** Pods whose finalizer may go once the status is written. */
  readonly release: readonly Pod[];
  /** When to look again, if time alone changes something. */
  readonly wakeMs: number | undefined;
}

interface Tally extends JobTotals {
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  readonly release: readonly Pod[];
}

const backOffMs = { first: 10_000, most: 600_000 };

function stillTracked(pods: readonly Pod[], uids: readonly string[] = []): string[] {
  const tracked = new Set(pods.filter(isTracked).map(uidOf));
  return uids.filter((uid) => tracked.has(uid));
}

/** How many pods have ended, those included that are in no counter yet. */
function totalsOf(job: Job, pods: JobPods): JobTotals {
  const { succeeded = 0, failed = 0, uncountedTerminatedPods: waiting = {} } = job.status ?? {};
  const counted = pods.newFailed.filter((pod) => verdictOn(job, pod)?.action !== 'Ignore');
  return {
    succeeded: isIndexed(job)
      ? pods.succeededIndexes.size
      : succeeded + (waiting.succeeded?.length ?? 0) + pods.newSucceeded.length,
    failed: failed + (waiting.failed?.length ?? 0) + counted.length,
  };
}

/** Failed pods to count now. A job that fails counts the pods it takes down with it. */
function failuresToCount(job: Job, pods: JobPods, end: JobEnd | undefined): Pod[] {
  const kept = new Set(end ? [] : pods.toReplace.values());
  const failed = pods.newFailed.filter((pod) => !kept.has(pod) && verdictOn(job, pod)?.action !== 'Ignore');
  const taken = end?.type === 'Failed' ? pods.active.filter(isTracked) : [];
  return [...failed, ...taken];
}

/** Moves finished pods on: seen -> uncounted, and once their finalizer is off -> counted. */
function tally(job: Job, pods: JobPods, end: JobEnd | undefined): Tally {
  const { uncountedTerminatedPods: waiting = {} } = job.status ?? {};
  const still = {
    succeeded: stillTracked(pods.all, waiting.succeeded),
    failed: stillTracked(pods.all, waiting.failed),
  };
  const counted = (which: 'succeeded' | 'failed'): number =>
    (job.status?.[which] ?? 0) + (waiting[which]?.length ?? 0) - still[which].length;
  const seenSucceeded = isIndexed(job) ? [] : pods.newSucceeded.map(uidOf);
  return {
    succeeded: isIndexed(job) ? pods.succeededIndexes.size : counted('succeeded'),
    failed: counted('failed'),
    uncounted: {
      succeeded: [...still.succeeded, ...seenSucceeded],
      failed: [...still.failed, ...failuresToCount(job, pods, end).map(uidOf)],
    },
    release: releasable(pods, [...still.succeeded, ...still.failed], end),
  };
}

/** Pods that nothing waits for any more: all of them once the job ends. */
function releasable(pods: JobPods, counted: readonly string[], end: JobEnd | undefined): Pod[] {
  const tracked = pods.all.filter(isTracked);
  if (end) return tracked;
  const kept = new Set(pods.toReplace.values());
  const over = new Set([...counted, ...[...pods.newSucceeded, ...pods.newFailed].map(uidOf)]);
  return tracked.filter((pod) => !kept.has(pod) && over.has(uidOf(pod)));
}

function endedMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) => Date.parse(state.terminated?.finishedAt ?? ''));
  const known = ends.filter((atMs) => !Number.isNaN(atMs));
  if (known.length > 0 && known.length === ends.length) return Math.max(...known);
  const ready = podCondition(pod, 'Ready');
  const { deletionTimestamp, creationTimestamp = '' } = pod.metadata;
  const fallback = ready?.status === 'False' ? ready.lastTransitionTime : deletionTimestamp;
  return Date.parse(fallback ?? creationTimestamp) || 0;
}

function delayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(backOffMs.most, backOffMs.first * 2 ** (failures - 1));
}

/** After failures since the last success the next pod waits: 10 s, 20 s, 40 s … 10 min after the last one ended. */
function retryMs({ all, newFailed }: JobPods): number {
  const lastSuccessMs = Math.max(0, ...all.filter(({ status }) => status?.phase === 'Succeeded').map(endedMs));
  const failed = new Set([...newFailed, ...all.filter(({ status }) => status?.phase === 'Failed')]);
  const since = [...failed].map(endedMs).filter((atMs) => atMs > lastSuccessMs);
  return Math.max(0, ...since) + delayMs(since.length);
}

function targetOf({ parallelism = 1, completions }: Job['spec'], active: number, succeeded: number): number {
  // Without a number of completions, one success ends the job: what runs may end, nothing new begins.
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

interface Plan {
  readonly wanted: number;
  readonly indexes: JobProgress['indexes'];
  readonly waitMs?: number;
}

function planFor(job: Job, pods: JobPods, { succeeded, nowMs }: { succeeded: number; nowMs: number }): Plan {
  const active = pods.active.length;
  if (job.spec.suspend) return { wanted: -active, indexes: [] };
  const target = targetOf(job.spec, active, succeeded);
  if (target <= active) return { wanted: target - active, indexes: [] };
  const leaving = job.spec.podReplacementPolicy === 'Failed' ? pods.terminating.length : 0;
  const wanted = Math.max(0, target - active - leaving);
  if (job.spec.backoffLimitPerIndex !== undefined) return planIndexes(job, pods, { wanted, nowMs });
  const waitMs = retryMs(pods);
  if (wanted > 0 && waitMs > nowMs) return { wanted: 0, indexes: [], waitMs };
  const indexes = isIndexed(job) ? openIndexes(job, pods, wanted).map((index) => ({ index, replaces: undefined })) : [];
  return { wanted: isIndexed(job) ? indexes.length : wanted, indexes };
}

/** Each index waits for itself. */
function planIndexes(job: Job, pods: JobPods, { wanted, nowMs }: { wanted: number; nowMs: number }): Plan {
  const due = openIndexes(job, pods, wanted).map((index) => {
    const replaces = pods.toReplace.get(index);
    const failures = Number(replaces ? 1 : 0) + countBefore(replaces);
    return { index, replaces, atMs: replaces ? endedMs(replaces) + delayMs(failures) : 0 };
  });
  const indexes = due.filter(({ atMs }) => atMs <= nowMs);
  const later = due.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs);
  return { wanted: indexes.length, indexes, ...(later.length > 0 && { waitMs: Math.min(...later) }) };
}

function countBefore(pod: Pod | undefined): number {
  return Number(pod?.metadata.annotations?.['batch.kubernetes.io/job-index-failure-count'] ?? 0);
}

const endConditions = {
  Complete: { criterion: 'SuccessCriteriaMet', final: 'Complete' },
  Failed: { criterion: 'FailureTarget', final: 'Failed' },
} as const;

// The end is final only when every pod is counted and gone.
function ending(end: JobEnd, isOver: boolean): Condition[] {
  const { criterion, final } = endConditions[end.type];
  const { reason, message } = end;
  const met = { type: criterion, status: 'True', reason, message } as const; // literal types
  return isOver ? [met, { ...met, type: final }] : [met];
}

function suspension({ spec, status }: Job, now: string): Condition[] {
  const known = [...(status?.conditions ?? [])];
  const suspended = { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' } as const; // literal types
  if (spec.suspend) return withCondition(known, suspended, now);
  if (findCondition(known, 'Suspended')?.status !== 'True') return known;
  const resumed = { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' } as const; // literal types
  return withCondition(known, resumed, now);
}

function stamped(conditions: readonly Condition[], job: Job, now: string): Condition[] {
  const known = new Set((job.status?.conditions ?? []).map(({ type }) => type));
  return conditions.map((one) => (known.has(one.type) ? one : { ...one, lastProbeTime: now }));
}

function conditionsAt(
  job: Job,
  end: JobEnd | undefined,
  { isOver, now }: { isOver: boolean; now: string },
): Condition[] {
  if (!end) return stamped(suspension(job, now), job, now);
  const known = [...(job.status?.conditions ?? [])];
  return stamped(
    ending(end, isOver).reduce((all, one) => withCondition(all, one, now), known),
    job,
    now,
  );
}

function countersOf(job: Job, counts: Tally, pods: JobPods): Partial<JobStatus> {
  const numbers = { active: pods.active.length, succeeded: counts.succeeded, failed: counts.failed };
  const lists = Object.entries(counts.uncounted).filter(([, uids]) => uids.length > 0);
  const completedIndexes = formatIndexes(pods.succeededIndexes);
  const isLimited = job.spec.backoffLimitPerIndex !== undefined;
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, count]) => count > 0)),
    ready: pods.active.filter(isReady).length,
    terminating: pods.terminating.length,
    uncountedTerminatedPods: Object.fromEntries(lists),
    ...(completedIndexes && { completedIndexes }),
    ...(isLimited && { failedIndexes: formatIndexes(pods.failedIndexes) }),
  };
}

function timesOf({ spec, status }: Job, conditions: readonly Condition[], now: string): Partial<JobStatus> {
  const startTime = spec.suspend ? undefined : (status?.startTime ?? now);
  const isComplete = findCondition(conditions, 'Complete')?.status === 'True';
  return { ...(startTime && { startTime }), ...(isComplete && { completionTime: status?.completionTime ?? now }) };
}

/** The next state of a job, from its pods. A finished job stays as it is. */
export function jobProgress(job: Job, all: readonly Pod[], nowMs: number): JobProgress {
  const pods = jobPods(job, all);
  const totals = totalsOf(job, pods);
  const now = timestamp(nowMs);
  const end = jobEnd(job, pods, { ...totals, nowMs });
  const counts = tally(job, pods, end);
  const waiting = counts.uncounted.succeeded.length + counts.uncounted.failed.length;
  const isOver = waiting === 0 && pods.active.length === 0 && pods.terminating.length === 0;
  const conditions = conditionsAt(job, end, { isOver, now });
  const times = timesOf(job, conditions, now);
  const status = { ...countersOf(job, counts, pods), ...times, ...(conditions.length > 0 && { conditions }) };
  const { release } = counts;
  if (end) return { status, wanted: -pods.active.length, indexes: [], release, wakeMs: undefined };
  const plan = planFor(job, pods, { succeeded: totals.succeeded, nowMs });
  const wakes = [plan.waitMs, deadlineMs({ ...job, status })].filter((atMs) => atMs !== undefined);
  const wakeMs = wakes.length > 0 ? Math.min(...wakes) : undefined;
  return { status, wanted: plan.wanted, indexes: plan.indexes, release, wakeMs };
}

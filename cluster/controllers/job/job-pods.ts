import { isActive, isFinished, type Pod } from '../../reconcile/pod.ts';
import { indexAnnotations, type Job, trackingFinalizer } from './job.ts';
import { type FailureVerdict, judgeFailure } from './pod-failure-policy.ts';
import { parseIndexes } from './index-set.ts';

/** The pods of a job, by what they mean for it. */
export interface JobPods {
  readonly all: readonly Pod[];
  readonly active: readonly Pod[];
  /** On their way out, but not finished. */
  readonly terminating: readonly Pod[];
  /** Finished, but in no counter yet. */
  readonly newSucceeded: readonly Pod[];
  readonly newFailed: readonly Pod[];
  /** Of an indexed job. */
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** Failed pods that are kept until their index has a new one, which takes over the count of failures. */
  readonly toReplace: ReadonlyMap<number, Pod>;
}

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) ?? false;
export const uidOf = ({ metadata }: Pod): string => metadata.uid ?? '';

function numberNoted({ metadata }: Pod, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The index a pod works on; undefined for one outside the job's range. */
export function indexOf({ spec }: Job, pod: Pod): number | undefined {
  const index = numberNoted(pod, indexAnnotations.index);
  return index !== undefined && index < (spec.completions ?? 0) ? index : undefined;
}

export function verdictOn({ spec }: Job, pod: Pod): FailureVerdict | undefined {
  return spec.podFailurePolicy && judgeFailure(spec.podFailurePolicy.rules, pod);
}

/** A pod that somebody deleted has failed too, unless the job waits for what becomes of it. */
export function hasFailed({ spec }: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  const counts = spec.podReplacementPolicy !== 'Failed';
  return counts && pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

/** How often the index of a failed pod has failed with it, and how often that did not count. */
export function failuresAfter(job: Job, pod: Pod | undefined): { failures: number; ignored: number } {
  if (!pod) return { failures: 0, ignored: 0 };
  const failures = numberNoted(pod, indexAnnotations.failures) ?? 0;
  const ignored = numberNoted(pod, indexAnnotations.ignored) ?? 0;
  const isIgnored = verdictOn(job, pod)?.action === 'Ignore';
  return isIgnored ? { failures, ignored: ignored + 1 } : { failures: failures + 1, ignored };
}

function isGivenUp(job: Job, pod: Pod): boolean {
  const verdict = verdictOn(job, pod);
  if (verdict?.action === 'FailIndex') return true;
  const failures = numberNoted(pod, indexAnnotations.failures) ?? 0;
  return verdict?.action !== 'Ignore' && failures >= (job.spec.backoffLimitPerIndex ?? Infinity);
}

function indexesOf(job: Job, pods: readonly Pod[], known: string | undefined): Set<number> {
  const indexes = pods.map((pod) => indexOf(job, pod)).filter((index) => index !== undefined);
  return new Set([...parseIndexes(known), ...indexes]);
}

/** Of the failed pods of each open index the one with the most failures, unless a new one is there already. */
function replaceable(
  job: Job,
  pods: Pick<JobPods, 'active' | 'newFailed'>,
  closed: ReadonlySet<number>,
): Map<number, Pod> {
  const found = new Map<number, Pod>();
  if (job.spec.backoffLimitPerIndex === undefined) return found;
  const taken = new Set(pods.active.map((pod) => indexOf(job, pod)));
  const total = (pod: Pod): number => failuresAfter(job, pod).failures + failuresAfter(job, pod).ignored;
  for (const pod of pods.newFailed) {
    const index = indexOf(job, pod);
    if (index === undefined || closed.has(index) || taken.has(index)) continue;
    const known = found.get(index);
    if (!known || total(known) < total(pod)) found.set(index, pod);
  }
  return found;
}

/** Sorts the pods of a job. */
export function jobPods(job: Job, all: readonly Pod[]): JobPods {
  const { uncountedTerminatedPods: waiting = {}, completedIndexes, failedIndexes: knownFailed } = job.status ?? {};
  const counted = new Set([...(waiting.succeeded ?? []), ...(waiting.failed ?? [])]);
  const fresh = all.filter((pod) => isTracked(pod) && !counted.has(uidOf(pod)));
  const active = all.filter(isActive);
  const newSucceeded = fresh.filter(({ status }) => status?.phase === 'Succeeded');
  const newFailed = fresh.filter((pod) => hasFailed(job, pod));
  const succeededIndexes = isIndexed(job) ? indexesOf(job, newSucceeded, completedIndexes) : new Set<number>();
  const givenUp = job.spec.backoffLimitPerIndex === undefined ? [] : newFailed.filter((pod) => isGivenUp(job, pod));
  const failedIndexes = indexesOf(job, givenUp, knownFailed);
  const closed = new Set([...succeededIndexes, ...failedIndexes]);
  return {
    all,
    active,
    terminating: all.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isFinished(pod)),
    newSucceeded,
    newFailed,
    succeededIndexes,
    failedIndexes,
    toReplace: replaceable(job, { active, newFailed }, closed),
  };
}

/** The first indexes nobody works on and that are still open. */
export function openIndexes(job: Job, pods: JobPods, count: number): number[] {
  const { completions = 0, podReplacementPolicy } = job.spec;
  const busy = podReplacementPolicy === 'Failed' ? [...pods.active, ...pods.terminating] : pods.active;
  const taken = new Set(busy.map((pod) => indexOf(job, pod)));
  const found: number[] = [];
  for (let index = 0; index < completions && found.length < count; index++) {
    if (!taken.has(index) && !pods.succeededIndexes.has(index) && !pods.failedIndexes.has(index)) found.push(index);
  }
  return found;
}

import type { Condition } from '../../reconcile/conditions.ts';
import { availableFromMs, isFinished, type Pod } from '../../reconcile/pod.ts';
import type { ReplicaSet, ReplicaSetStatus } from './replicaset.ts';

export interface StatusInputs {
  readonly replicaSet: ReplicaSet;
  /** All pods of the set, those on their way out included. */
  readonly pods: readonly Pod[];
  readonly nowMs: number;
  /** What kept the set from creating or deleting a pod just now. */
  readonly failure?: { readonly reason: 'FailedCreate' | 'FailedDelete'; readonly message: string };
}

function failureConditions({ replicaSet, failure, nowMs }: StatusInputs): readonly Condition[] {
  const others = (replicaSet.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return others;
  const known = replicaSet.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (known?.reason === failure.reason) return [...others, known];
  const lastTransitionTime = new Date(nowMs).toISOString().replace(/\.\d+/, '');
  return [...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime, ...failure }];
}

interface Tally {
  active: number;
  labelled: number;
  ready: number;
  available: number;
  terminating: number;
}

function labelTest(wanted: Readonly<Record<string, string>> = {}): (pod: Pod) => boolean {
  const labels = Object.entries(wanted);
  return ({ metadata }) => labels.every(([key, value]) => metadata.labels?.[key] === value);
}

/** One look at each pod: a set may have thousands, and is looked at with each of their changes. */
function tally({ replicaSet, pods, nowMs }: StatusInputs): Tally {
  const { minReadySeconds = 0, template } = replicaSet.spec;
  const isLabelled = labelTest(template.metadata?.labels);
  const found: Tally = { active: 0, labelled: 0, ready: 0, available: 0, terminating: 0 };
  for (const pod of pods) {
    if (isFinished(pod)) continue;
    if (pod.metadata.deletionTimestamp) {
      found.terminating++;
      continue;
    }
    const fromMs = availableFromMs(pod, minReadySeconds);
    found.active++;
    if (isLabelled(pod)) found.labelled++;
    if (fromMs !== undefined) found.ready++;
    if (fromMs !== undefined && fromMs <= nowMs) found.available++;
  }
  return found;
}

/** What the set's status says about its pods; counts of 0 are left out as the API server does. */
export function replicaSetStatus(inputs: StatusInputs): ReplicaSetStatus {
  const { replicaSet } = inputs;
  const { active, labelled, ready, available, terminating } = tally(inputs);
  const conditions = failureConditions(inputs);
  return {
    replicas: active,
    ...count('fullyLabeledReplicas', labelled),
    ...count('readyReplicas', ready),
    ...count('availableReplicas', available),
    // The older kind has no such field.
    ...(replicaSet.kind !== 'ReplicationController' && { terminatingReplicas: terminating }),
    observedGeneration: replicaSet.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}

function count(name: string, value: number): Record<string, number> {
  return value > 0 ? { [name]: value } : {};
}

/** When the next ready pod becomes available, if one is waiting for its `minReadySeconds`. */
export function nextAvailableMs(replicaSet: ReplicaSet, pods: readonly Pod[], nowMs: number): number | undefined {
  if (!replicaSet.spec.minReadySeconds) return undefined;
  const times = pods.map((pod) => availableFromMs(pod, replicaSet.spec.minReadySeconds ?? 0) ?? 0);
  const later = times.filter((atMs) => atMs > nowMs);
  return later.length > 0 ? Math.min(...later) : undefined;
}

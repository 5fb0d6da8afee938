import type { Condition } from '../../reconcile/conditions.ts';
import { availableFromMs, isActive, isFinished, isReady, type Pod } from '../../reconcile/pod.ts';
import { hasLabels } from '../../reconcile/selectors.ts';
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

/** What the set's status says about its pods; counts of 0 are left out as the API server does. */
export function replicaSetStatus(inputs: StatusInputs): ReplicaSetStatus {
  const { replicaSet, pods, nowMs } = inputs;
  const active = pods.filter(isActive);
  const { minReadySeconds = 0, template } = replicaSet.spec;
  const labels = template.metadata?.labels;
  const available = active.filter((pod) => (availableFromMs(pod, minReadySeconds) ?? Infinity) <= nowMs);
  const conditions = failureConditions(inputs);
  return {
    replicas: active.length,
    ...count('fullyLabeledReplicas', active.filter((pod) => hasLabels(pod.metadata.labels, labels)).length),
    ...count('readyReplicas', active.filter(isReady).length),
    ...count('availableReplicas', available.length),
    // The older kind has no such field.
    ...(replicaSet.kind !== 'ReplicationController' && { terminatingReplicas: terminating(pods) }),
    observedGeneration: replicaSet.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}

function terminating(pods: readonly Pod[]): number {
  return pods.filter((pod) => pod.metadata.deletionTimestamp && !isFinished(pod)).length;
}

function count(name: string, value: number): Record<string, number> {
  return value > 0 ? { [name]: value } : {};
}

/** When the next ready pod becomes available, if one is waiting for its `minReadySeconds`. */
export function nextAvailableMs(replicaSet: ReplicaSet, pods: readonly Pod[], nowMs: number): number | undefined {
  const times = pods.map((pod) => availableFromMs(pod, replicaSet.spec.minReadySeconds ?? 0) ?? 0);
  const later = times.filter((atMs) => atMs > nowMs);
  return later.length > 0 ? Math.min(...later) : undefined;
}

import { cause, type Cause } from './cause.ts';
import { causeOfPod } from './cause-of-pod.ts';
import { causeOfRefusal } from './create-refusal.ts';
import type { ClusterEvent, Deployment, Pod, ReplicaSet } from './workload-types.ts';

/** A deployment with everything that can tell why it does not run. */
export interface DeploymentFacts {
  readonly deployment: Deployment;
  /** Its own pods. */
  readonly pods: readonly Pod[];
  /** Of the project; those about other objects are passed over. */
  readonly events: readonly ClusterEvent[];
  readonly nowMs: number;
}

/** The same cause on several pods is one cause: the first pod's words stand for all. */
export function joinCauses(causes: readonly Cause[]): Cause[] {
  const joined = new Map<string, Cause>();
  for (const each of causes) {
    const key = `${each.code}/${each.container ?? ''}/${each.params['image'] ?? ''}${each.params['volume'] ?? ''}`;
    const known = joined.get(key);
    joined.set(key, known ? { ...known, pods: [...known.pods, ...each.pods] } : each);
  }
  return [...joined.values()];
}

function refusal(deployment: Deployment): Cause | undefined {
  const failure = deployment.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  return failure ? causeOfRefusal(failure.message ?? '') : undefined;
}

/** True when the rollout has stood still for longer than its own deadline. */
export function isPastDeadline(deployment: Deployment): boolean {
  return (
    deployment.status?.conditions?.some(
      ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
    ) ?? false
  );
}

/** What needs somebody comes before what is over, and that before what is on its way. */
function weight({ passing, recovered }: Cause): number {
  return recovered ? 1 : passing ? 2 : 0;
}

/**
 * Why a deployment is not all ready: what refuses its pods, then what ails them, worst and widest first; the deadline
 * alone only when nothing better is known. Empty when it is as wanted.
 */
export function causesOfDeployment({ deployment, pods, events, nowMs }: DeploymentFacts): Cause[] {
  if (deployment.spec?.replicas === 0 || deployment.metadata.deletionTimestamp) return [];
  const refused = refusal(deployment);
  const ofPods = joinCauses(pods.flatMap((pod) => causeOfPod({ pod, events, nowMs }) ?? []));
  ofPods.sort((a, b) => weight(a) - weight(b) || b.pods.length - a.pods.length);
  const causes = refused ? [refused, ...ofPods] : ofPods;
  if (isPastDeadline(deployment) && !causes.some((each) => weight(each) === 0)) {
    causes.unshift(cause('deadline', { params: { seconds: deployment.spec?.progressDeadlineSeconds ?? 600 } }));
  }
  return causes;
}

/** The pods of a deployment: those of the replica sets it controls. */
export function podsOfDeployment(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  pods: readonly Pod[],
): Pod[] {
  const owners = new Set(replicaSetsOf(deployment, replicaSets).map(({ metadata }) => metadata.uid));
  return pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller && owners.has(uid)),
  );
}

/** The replica sets a deployment controls. */
export function replicaSetsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet[] {
  return replicaSets.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === deployment.metadata.uid),
  );
}

import { timestamp } from '@kit/base';
import { type Condition, findCondition, withCondition } from '../../reconcile/conditions.ts';
import type { ReplicaSet } from '../replicaset/replicaset.ts';
import type { Deployment, DeploymentStatus } from './deployment.ts';
import { rolloutBounds } from './rollout-maths.ts';

export interface Rollout {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
  /** All replica sets of the deployment, the new one included. */
  readonly sets: readonly ReplicaSet[];
  readonly nowMs: number;
  readonly collisionCount?: number;
  /** Why the new replica set could not be made. */
  readonly failedCreate?: string;
}

type Counts = Required<Pick<DeploymentStatus, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'>>;

function countsOf({ sets, newSet }: Rollout): Counts & { terminatingReplicas: number } {
  const sum = (count: (set: ReplicaSet) => number | undefined): number =>
    sets.reduce((n, set) => n + (count(set) ?? 0), 0);
  return {
    replicas: sum((set) => set.status?.replicas),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum((set) => set.status?.readyReplicas),
    availableReplicas: sum((set) => set.status?.availableReplicas),
    terminatingReplicas: sum((set) => set.status?.terminatingReplicas),
  };
}

/** All pods are of the new template and available, and none is left of the old ones. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = deployment.spec.replicas ?? 1;
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const settled = updatedReplicas === desired && replicas === desired && availableReplicas === desired;
  return settled && observedGeneration >= (deployment.metadata.generation ?? 0);
}

function madeProgress(before: DeploymentStatus, now: Counts): boolean {
  const oldBefore = (before.replicas ?? 0) - (before.updatedReplicas ?? 0);
  return (
    now.updatedReplicas > (before.updatedReplicas ?? 0) ||
    now.replicas - now.updatedReplicas < oldBefore ||
    now.readyReplicas > (before.readyReplicas ?? 0) ||
    now.availableReplicas > (before.availableReplicas ?? 0)
  );
}

/** When the deployment's progress deadline ends, in epoch milliseconds; undefined when none is running. */
export function deadlineMs(deployment: Deployment, conditions: readonly Condition[] | undefined): number | undefined {
  const seconds = deployment.spec.progressDeadlineSeconds;
  const progressing = findCondition(conditions, 'Progressing');
  if (seconds === undefined || seconds >= 2_147_483_647 || deployment.spec.paused) return undefined;
  const ended = ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded'].includes(progressing?.reason ?? '');
  if (!progressing?.lastUpdateTime || ended) return undefined;
  return Date.parse(progressing.lastUpdateTime) + seconds * 1000;
}

type Draft = Pick<Condition, 'status' | 'reason' | 'message'>;

function subjectOf({ deployment, newSet }: Rollout): string {
  return newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
}

// What the deployment itself says or suffers comes before what its pods do.
function declared({ deployment, failedCreate }: Rollout, known: Condition | undefined): Draft | undefined {
  if (deployment.spec.paused) return draft('Unknown', 'DeploymentPaused', 'Deployment is paused');
  if (known?.reason === 'DeploymentPaused') return draft('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  if (failedCreate === undefined) return undefined;
  return draft('False', 'ReplicaSetCreateError', `Failed to create new replica set: ${failedCreate}`);
}

// A rollout that has succeeded stays so while no pod of an old template comes back.
function staysFinished(rollout: Rollout, counts: Counts, known: Condition | undefined): boolean {
  if (known?.reason !== 'NewReplicaSetAvailable' || !known.message?.startsWith(subjectOf(rollout))) return false;
  return counts.replicas === counts.updatedReplicas;
}

/** What the rollout's progress is now; undefined = as before. The first rule that applies decides. */
function progressNow(rollout: Rollout, counts: Counts, status: DeploymentStatus): Draft | undefined {
  const { deployment, newSet } = rollout;
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  const said = declared(rollout, known);
  if (said || staysFinished(rollout, counts, known)) return said;
  const what = subjectOf(rollout);
  if (isComplete(deployment, status))
    return draft('True', 'NewReplicaSetAvailable', `${what} has successfully progressed.`);
  if (madeProgress(deployment.status ?? {}, counts))
    return draft('True', 'ReplicaSetUpdated', `${what} is progressing.`);
  if (newSet && isNews(known, newSet))
    return draft('True', 'NewReplicaSetCreated', `Created new replica set "${newSet.metadata.name}"`);
  return isLate(rollout) ? draft('False', 'ProgressDeadlineExceeded', `${what} has timed out progressing.`) : undefined;
}

function isLate({ deployment, nowMs }: Rollout): boolean {
  const atMs = deadlineMs(deployment, deployment.status?.conditions);
  return atMs !== undefined && nowMs >= atMs;
}

function draft(status: Condition['status'], reason: string, message: string): Draft {
  return { status, reason, message };
}

// The first set of a deployment, or the first look at a new one after an earlier rollout had ended.
function isNews(known: Condition | undefined, newSet: ReplicaSet): boolean {
  return !known || (known.reason === 'NewReplicaSetAvailable' && !known.message?.includes(`"${newSet.metadata.name}"`));
}

const saidOnce: ReadonlySet<string> = new Set([
  'DeploymentPaused',
  'ReplicaSetCreateError',
  'ProgressDeadlineExceeded',
]);

function progressingCondition(rollout: Rollout, counts: Counts, status: DeploymentStatus): Condition | undefined {
  const known = findCondition(rollout.deployment.status?.conditions, 'Progressing');
  const next = progressNow(rollout, counts, status);
  if (!next || (known?.reason === next.reason && saidOnce.has(next.reason ?? ''))) return known;
  return { type: 'Progressing', ...next, lastUpdateTime: timestamp(rollout.nowMs) };
}

function availableCondition({ deployment, nowMs }: Rollout, counts: Counts): Condition {
  const { desired, maxUnavailable } = rolloutBounds(deployment);
  const isAvailable = counts.availableReplicas >= desired - maxUnavailable;
  const known = findCondition(deployment.status?.conditions, 'Available');
  const status = isAvailable ? 'True' : 'False';
  return {
    type: 'Available',
    status,
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
    lastUpdateTime: known?.status === status ? known.lastUpdateTime : timestamp(nowMs),
  };
}

function conditionsOf(rollout: Rollout, counts: Counts, status: DeploymentStatus): Condition[] {
  const now = timestamp(rollout.nowMs);
  const before = (rollout.deployment.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  const failure = rollout.sets
    .flatMap((set) => set.status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  const progressing = progressingCondition(rollout, counts, status);
  let conditions = withCondition(before, availableCondition(rollout, counts), now);
  if (progressing) conditions = withCondition(conditions, progressing, now);
  return failure ? [...conditions, { ...failure, lastUpdateTime: failure.lastTransitionTime ?? now }] : conditions;
}

/** The status of a deployment as its replica sets make it; counts of 0 are left out as the API server does. */
export function deploymentStatus(rollout: Rollout): DeploymentStatus {
  const { deployment } = rollout;
  const { terminatingReplicas, ...counts } = countsOf(rollout);
  const unavailableReplicas = Math.max(
    0,
    (deployment.spec.replicas ?? 1) - counts.availableReplicas,
    counts.replicas - counts.availableReplicas,
  );
  const shown = Object.entries({ ...counts, unavailableReplicas }).filter(([, count]) => count > 0);
  const status = {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(shown),
    terminatingReplicas,
    ...(rollout.collisionCount && { collisionCount: rollout.collisionCount }),
  };
  return { ...status, conditions: conditionsOf(rollout, counts, status) };
}

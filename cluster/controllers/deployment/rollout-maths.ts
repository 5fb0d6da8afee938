import type { ReplicaSet } from '../replicaset/replicaset.ts';
import { type Deployment, rolloutAnnotations } from './deployment.ts';

export interface RolloutBounds {
  readonly desired: number;
  /** How many pods there may be above `desired`. */
  readonly maxSurge: number;
  /** How many of `desired` may be missing at any time. */
  readonly maxUnavailable: number;
}

function share(value: number | string | undefined, total: number, round: (n: number) => number): number {
  if (typeof value === 'string' && value.endsWith('%')) return round((Number.parseInt(value, 10) * total) / 100);
  return Number(value ?? 0);
}

/** Percentages as pod counts: surge rounded up, unavailable rounded down, and never both 0, or nothing could move. */
export function rolloutBounds({ spec }: Deployment): RolloutBounds {
  const desired = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return { desired, maxSurge: 0, maxUnavailable: desired };
  const { maxSurge, maxUnavailable } = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy?.rollingUpdate };
  const surge = share(maxSurge, desired, Math.ceil);
  const unavailable = Math.min(desired, share(maxUnavailable, desired, Math.floor));
  return { desired, maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const wanted = (set: ReplicaSet): number => set.spec.replicas ?? 0;
const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
const total = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  sets.reduce((sum, set) => sum + count(set), 0);

export type Sizes = ReadonlyMap<ReplicaSet, number>;

/** How large the new replica set may grow now. */
export function newSetSize(bounds: RolloutBounds, newSet: ReplicaSet | undefined, all: readonly ReplicaSet[]): number {
  const { desired, maxSurge } = bounds;
  const current = newSet ? wanted(newSet) : 0;
  if (current >= desired) return desired;
  const room = desired + maxSurge - total(all, wanted);
  return room <= 0 ? current : Math.min(desired, current + room);
}

/**
 * How far the old replica sets may shrink now: pods that do not work go first and cost nothing, working ones only as
 * long as `desired - maxUnavailable` stay available. `old` is sorted oldest first.
 */
export function oldSetSizes(bounds: RolloutBounds, newSet: ReplicaSet, old: readonly ReplicaSet[]): Sizes {
  const sizes = new Map<ReplicaSet, number>();
  const all = [...old, newSet];
  const minAvailable = bounds.desired - bounds.maxUnavailable;
  let spare = total(all, wanted) - minAvailable - (wanted(newSet) - available(newSet));
  const sizeOf = (set: ReplicaSet): number => sizes.get(set) ?? wanted(set);
  for (const set of old) {
    const broken = Math.min(Math.max(0, spare), Math.max(0, wanted(set) - available(set)));
    if (broken > 0) sizes.set(set, sizeOf(set) - broken);
    spare -= broken;
  }
  let surplus = total(all, available) - minAvailable;
  for (const set of old) {
    const gone = Math.max(0, Math.min(sizeOf(set), surplus, spare));
    if (gone > 0) sizes.set(set, sizeOf(set) - gone);
    surplus -= gone;
    spare -= gone;
  }
  return sizes;
}

function sizeWhenLastScaled(set: ReplicaSet, bounds: RolloutBounds): number {
  const noted = Number(set.metadata.annotations?.[rolloutAnnotations.max]);
  return noted > 0 ? noted : bounds.desired + bounds.maxSurge;
}

/**
 * A change of the replica count in the middle of a rollout: the difference is shared out in proportion to the sizes
 * of the active sets, the largest first, which also takes what rounding leaves over.
 */
export function proportionalSizes(bounds: RolloutBounds, active: readonly ReplicaSet[]): Sizes {
  const allowed = bounds.desired > 0 ? bounds.desired + bounds.maxSurge : 0;
  const toShare = allowed - total(active, wanted);
  const sorted = [...active].sort((a, b) => wanted(b) - wanted(a) || createdMs(b, toShare) - createdMs(a, toShare));
  const sizes = new Map<ReplicaSet, number>();
  let left = toShare;
  for (const set of sorted) {
    const part = Math.round((wanted(set) * allowed) / sizeWhenLastScaled(set, bounds)) - wanted(set);
    const given = toShare > 0 ? Math.min(Math.max(0, part), left) : Math.max(Math.min(0, part), left);
    sizes.set(set, wanted(set) + given);
    left -= given;
  }
  const largest = sorted[0];
  if (largest) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + left));
  return sizes;
}

// Growing, the newer of two equal sets comes first; shrinking, the older.
function createdMs(set: ReplicaSet, toShare: number): number {
  return Math.sign(toShare) * Date.parse(set.metadata.creationTimestamp ?? '');
}

/** Did someone change the deployment's replica count since its active sets were last scaled? */
export function isScalingEvent(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const noted = set.metadata.annotations?.[rolloutAnnotations.desired];
    return wanted(set) > 0 && noted !== undefined && Number(noted) !== (deployment.spec.replicas ?? 1);
  });
}

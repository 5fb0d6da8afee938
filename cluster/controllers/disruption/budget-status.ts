import { withCondition } from '../../reconcile/conditions.ts';
import { isReady } from '../../reconcile/pod.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { shareOf } from './disruption-budget.ts';
import type { BudgetStatus, DisruptionBudget } from './disruption-budget.ts';

/** An evicted pod that is not seen to go within this time stays after all. */
const evictionMs = 120_000;

/** The evictions that are still to be seen, and when the next of them is given up. */
export function pendingEvictions(
  budget: DisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): { disruptedPods: Record<string, string>; nextMs: number | undefined } {
  const disruptedPods: Record<string, string> = {};
  let nextMs: number | undefined;
  for (const { metadata } of pods) {
    const at = budget.status?.disruptedPods?.[metadata.name];
    const endsMs = Date.parse(at ?? '') + evictionMs;
    if (at === undefined || metadata.deletionTimestamp || endsMs <= nowMs) continue;
    disruptedPods[metadata.name] = at;
    nextMs = Math.min(nextMs ?? endsMs, endsMs);
  }
  return { disruptedPods, nextMs };
}

/** How many pods there should be, and how many of them must be healthy. */
export function demand(
  { spec = {} }: DisruptionBudget,
  counts: { readonly pods: number; readonly scale: number },
): { expectedPods: number; desiredHealthy: number } {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    const desiredHealthy = Math.max(0, counts.scale - shareOf(counts.scale, maxUnavailable));
    return { expectedPods: counts.scale, desiredHealthy };
  }
  if (typeof minAvailable === 'number') return { expectedPods: counts.pods, desiredHealthy: minAvailable };
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return { expectedPods: counts.scale, desiredHealthy: shareOf(counts.scale, minAvailable) };
}

/** True when the budget's demand needs to know how many pods there should be at all. */
export function needsScale({ spec = {} }: DisruptionBudget): boolean {
  return spec.maxUnavailable !== undefined || typeof spec.minAvailable === 'string';
}

function allowedCondition(budget: DisruptionBudget, allowed: number, now: string): BudgetStatus['conditions'] {
  const { generation: observedGeneration } = budget.metadata;
  const status = allowed > 0 ? 'True' : 'False';
  const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods';
  const condition = { type: 'DisruptionAllowed', status, reason, message: '', observedGeneration } as const; // literal types
  return withCondition(budget.status?.conditions, condition, now);
}

/** The budget's status for its pods as they are now. */
export function budgetStatus(
  budget: DisruptionBudget,
  at: {
    readonly pods: readonly Pod[];
    readonly demand: { readonly expectedPods: number; readonly desiredHealthy: number };
    readonly disruptedPods: Readonly<Record<string, string>>;
    readonly now: string;
  },
): BudgetStatus {
  const { expectedPods, desiredHealthy } = at.demand;
  const isHealthy = (pod: Pod): boolean =>
    !pod.metadata.deletionTimestamp && !(pod.metadata.name in at.disruptedPods) && isReady(pod);
  const currentHealthy = at.pods.filter(isHealthy).length;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(at.disruptedPods).length > 0 && { disruptedPods: at.disruptedPods }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: allowedCondition(budget, disruptionsAllowed, at.now),
  };
}

/** Nothing may be evicted while nobody can say how many pods there should be. */
export function failedStatus(budget: DisruptionBudget, message: string, now: string): BudgetStatus {
  const { generation: observedGeneration } = budget.metadata;
  const condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'SyncFailed',
    message,
    observedGeneration,
  } as const; // literal types
  const counts = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  return {
    ...counts,
    ...budget.status,
    observedGeneration,
    disruptionsAllowed: 0,
    conditions: withCondition(budget.status?.conditions, condition, now),
  };
}

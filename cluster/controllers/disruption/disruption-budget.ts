import type { ClusterObject } from '../../client.ts';
import type { Condition } from '../../reconcile/conditions.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';

/** A PodDisruptionBudget, as far as its controller reads and writes it. */
export interface DisruptionBudget extends ClusterObject {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  status?: BudgetStatus;
}

export interface BudgetStatus {
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly expectedPods?: number;
  readonly observedGeneration?: number;
  /** Pods whose eviction was granted, by name, with its time; until they are seen to go. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly (Condition & { readonly observedGeneration?: number })[];
}

/** A number of `total`, given as such or in percent, which is rounded up. */
export function shareOf(total: number, share: number | string): number {
  return typeof share === 'number' ? share : Math.ceil((total * Number.parseInt(share, 10)) / 100);
}

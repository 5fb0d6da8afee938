import type { ClusterObject } from '../../client.ts';
import type { Condition } from '../../reconcile/conditions.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';
import type { PodTemplate } from '../replicaset/replicaset.ts';

export interface JobStatus {
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly Condition[];
  /** Finished pods by uid that are in no counter yet: each still has its finalizer, so that none is counted twice. */
  readonly uncountedTerminatedPods?: { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] };
}

export interface Job extends ClusterObject {
  spec: {
    parallelism?: number;
    completions?: number;
    backoffLimit?: number;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
    suspend?: boolean;
    selector?: LabelSelector;
    template: PodTemplate;
  };
  status?: JobStatus;
}

/** Keeps a finished pod from vanishing before its job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

/** How a job has ended; undefined while it has not. */
export function endOf({ status }: Job): 'Complete' | 'Failed' | undefined {
  const holds = (type: string): boolean =>
    (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  if (holds('Complete')) return 'Complete';
  return holds('Failed') ? 'Failed' : undefined;
}

export function isJobFinished(job: Job): boolean {
  return endOf(job) !== undefined;
}

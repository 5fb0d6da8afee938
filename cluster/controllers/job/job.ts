import type { ClusterObject } from '../../client.ts';
import type { Condition } from '../../reconcile/conditions.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';
import type { PodTemplate } from '../replicaset/replicaset.ts';
import type { PodFailureRule } from './pod-failure-policy.ts';

export interface JobStatus {
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  /** Of an indexed job: those that have succeeded, and those that never will. */
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
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
    completionMode?: 'NonIndexed' | 'Indexed';
    backoffLimitPerIndex?: number;
    maxFailedIndexes?: number;
    podFailurePolicy?: { rules: readonly PodFailureRule[] };
    successPolicy?: { rules: readonly { succeededIndexes?: string; succeededCount?: number }[] };
    podReplacementPolicy?: 'Failed' | 'TerminatingOrFailed';
    managedBy?: string;
    selector?: LabelSelector;
    template: PodTemplate;
  };
  status?: JobStatus;
}

/** The job's own index of a pod, its count of earlier failures there, and those of them that did not count. */
export const indexAnnotations = {
  index: 'batch.kubernetes.io/job-completion-index',
  failures: 'batch.kubernetes.io/job-index-failure-count',
  ignored: 'batch.kubernetes.io/job-index-ignored-failure-count',
} as const;

/** Another controller runs the jobs that name it. */
export function isManagedElsewhere({ spec }: Job): boolean {
  return spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller';
}

/** Keeps a finished pod from vanishing before its job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

/** How a job has ended; undefined while it has not. */
export function endOf({ status }: Pick<Job, 'status'>): 'Complete' | 'Failed' | undefined {
  const holds = (type: string): boolean =>
    (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  if (holds('Complete')) return 'Complete';
  return holds('Failed') ? 'Failed' : undefined;
}

export function isJobFinished(job: Job): boolean {
  return endOf(job) !== undefined;
}

import { findCondition } from '../../reconcile/conditions.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { parseIndexes } from './index-set.ts';
import { type JobPods, isIndexed, verdictOn } from './job-pods.ts';
import type { Job } from './job.ts';

/** How a job ends, decided before its last pods are gone. */
export interface JobEnd {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

export interface JobTotals {
  readonly succeeded: number;
  readonly failed: number;
}

const fail = (reason: string, message: string): JobEnd => ({ type: 'Failed', reason, message });

/** What was decided before holds. */
function decided({ status }: Job): JobEnd | undefined {
  for (const [target, type] of [
    ['SuccessCriteriaMet', 'Complete'],
    ['FailureTarget', 'Failed'],
  ] as const) {
    const found = findCondition(status?.conditions, target);
    if (found?.status === 'True') return { type, reason: found.reason ?? '', message: found.message ?? '' };
  }
  return undefined;
}

function byFailurePolicy(job: Job, { newFailed }: JobPods): JobEnd | undefined {
  for (const pod of newFailed) {
    const verdict = verdictOn(job, pod);
    if (verdict?.action === 'FailJob') return fail('PodFailurePolicy', verdict.why);
  }
  return undefined;
}

function restarts({ status }: Pod): number {
  if (status?.phase !== 'Running' && status?.phase !== 'Pending') return 0;
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return all.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Where containers are restarted in their pods, it is restarts that count. */
function byBackoff({ spec }: Job, { all }: JobPods, { failed }: JobTotals): JobEnd | undefined {
  const { backoffLimit = 6 } = spec;
  const again = spec.template.spec.restartPolicy === 'OnFailure' ? all.reduce((sum, pod) => sum + restarts(pod), 0) : 0;
  const isOver = failed > backoffLimit || (again > 0 && again >= backoffLimit);
  return isOver ? fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit') : undefined;
}

/** When the job has been active for too long, in epoch milliseconds. */
export function deadlineMs({ spec, status }: Job): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status?.startTime) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000;
}

function byDeadline(job: Job, nowMs: number): JobEnd | undefined {
  const isOver = nowMs >= (deadlineMs(job) ?? Infinity);
  return isOver ? fail('DeadlineExceeded', 'Job was active longer than specified deadline') : undefined;
}

function byIndexes({ spec }: Job, { failedIndexes, succeededIndexes }: JobPods): JobEnd | undefined {
  if (failedIndexes.size > (spec.maxFailedIndexes ?? Infinity)) {
    return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  const isOver = failedIndexes.size > 0 && failedIndexes.size + succeededIndexes.size >= (spec.completions ?? 0);
  return isOver ? fail('FailedIndexes', 'Job has failed indexes') : undefined;
}

function bySuccessPolicy({ spec }: Job, { succeededIndexes }: JobPods): JobEnd | undefined {
  for (const [index, rule] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes);
    const met = wanted ? [...wanted].filter((one) => succeededIndexes.has(one)).length : succeededIndexes.size;
    if (met >= (rule.succeededCount ?? wanted?.size ?? Infinity)) {
      return { type: 'Complete', reason: 'SuccessPolicy', message: `Matched rules at index ${index}` };
    }
  }
  return undefined;
}

function byCompletions({ spec }: Job, { active }: JobPods, { succeeded }: JobTotals): JobEnd | undefined {
  const { completions } = spec;
  const isDone = completions === undefined ? succeeded > 0 : succeeded >= completions;
  if (!isDone || active.length > 0) return undefined;
  return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
}

/** Whether, and how, the job ends now. The first rule that speaks decides. */
export function jobEnd(job: Job, pods: JobPods, moment: JobTotals & { readonly nowMs: number }): JobEnd | undefined {
  return (
    decided(job) ??
    byFailurePolicy(job, pods) ??
    byBackoff(job, pods, moment) ??
    byDeadline(job, moment.nowMs) ??
    (isIndexed(job) ? (byIndexes(job, pods) ?? bySuccessPolicy(job, pods)) : undefined) ??
    byCompletions(job, pods, moment)
  );
}

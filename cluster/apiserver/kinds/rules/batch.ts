import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { validateCronJob, validateJob } from '../validation/batch.ts';
import { validateJobStatus, validateJobUpdate } from '../validation/job-updates.ts';
import { validateLabels } from '../validation/object-meta.ts';
import { warnOfCronJob, warnOfJob } from '../warnings/other-warnings.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { items, optionalText, record, setAbsentAll, setDefault, setDefaults, specOf, valueAt } from './set-default.ts';

const maxInt32 = 2_147_483_647;

function defaultJob(object: ClusterObject): void {
  const spec = specOf(object);
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  setAbsentAll(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : maxInt32,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  for (const rule of items(record(spec['podFailurePolicy'])?.['rules'])) {
    for (const condition of items(rule['onPodConditions'])) setDefault(condition, 'status', 'True');
  }
  defaultPodTemplate(spec['template']);
  labelLikeTemplate(object);
}

const prefix = 'batch.kubernetes.io/';

/** A job finds its pods by its own uid, unless the client chose the selector. */
function selectOwnPods(job: ClusterObject): void {
  const spec = specOf(job);
  const { name, uid = '' } = job.metadata;
  const template = record(spec['template']);
  if (spec['manualSelector'] === true || !template) return;
  const jobName = optionalText(name); // a job without one is refused, but only once it is complete
  const own = {
    'controller-uid': uid,
    'job-name': jobName,
    [`${prefix}controller-uid`]: uid,
    [`${prefix}job-name`]: jobName,
  };
  const metadata = (template['metadata'] ??= {}) as JsonObject; // by the schema of the kind
  metadata['labels'] = { ...(record(metadata['labels']) ?? {}), ...own };
  const selector = (spec['selector'] ??= {}) as JsonObject; // by the schema of the kind
  selector['matchLabels'] = { ...(record(selector['matchLabels']) ?? {}), [`${prefix}controller-uid`]: uid };
}

function templateLabels(job: ClusterObject): Record<string, string> | undefined {
  const labels = record(record(record(specOf(job)['template'])?.['metadata'])?.['labels']);
  return labels as Record<string, string> | undefined; // labels are texts by schema
}

/** Labels a job shares with its template, if it has none of its own. */
function labelLikeTemplate(job: ClusterObject): void {
  const labels = templateLabels(job);
  if (labels && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = labels;
}

export const batchRules: Readonly<Record<string, KindRules>> = {
  'batch/Job': {
    generation: true,
    defaults: defaultJob,
    validate: validateJob,
    validateUpdate: validateJobUpdate,
    validateStatus: validateJobStatus,
    checkedTwice: 'metadata',
    changeIsChecked: 'only',
    warnings: warnOfJob,
    prepareForCreate(job) {
      const given = templateLabels(job);
      selectOwnPods(job);
      const labels = templateLabels(job);
      // Labels taken from the template are the template's, with all that it gets.
      if (given && job.metadata.labels === given && labels) job.metadata.labels = { ...labels };
      // A job whose name cannot be a label is refused for its template, not once more for itself.
      else if (validateLabels(labels, '').length === 0) labelLikeTemplate(job);
    },
    fieldLabels: { 'status.successful': valueAt('status.succeeded', 0) },
  },
  'batch/CronJob': {
    generation: true,
    validate: validateCronJob,
    warnings: warnOfCronJob,
    defaults(object) {
      const spec = specOf(object);
      setDefaults(spec, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      });
      defaultPodTemplate(record(record(spec['jobTemplate'])?.['spec'])?.['template']);
    },
  },
};

import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { validateCronJobSpec, validateJobSpec } from '../validation/batch.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { optionalText, record, setDefaults, specOf, valueAt } from './set-default.ts';

const maxInt32 = 2_147_483_647;

function defaultJob(object: ClusterObject): void {
  const spec = specOf(object);
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  setDefaults(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : maxInt32,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  defaultPodTemplate(spec['template']);
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

/** Labels a job shares with its template, if it has none of its own. */
function labelLikeTemplate(job: ClusterObject): void {
  const labels = record(record(record(specOf(job)['template'])?.['metadata'])?.['labels']);
  if (labels && Object.keys(job.metadata.labels ?? {}).length === 0) {
    job.metadata.labels = { ...(labels as Record<string, string>) }; // labels are texts by schema
  }
}

export const batchRules: Readonly<Record<string, KindRules>> = {
  'batch/Job': {
    generation: true,
    defaults: defaultJob,
    validate: (job) => validateJobSpec(specOf(job), 'spec'),
    prepareForCreate(job) {
      selectOwnPods(job);
      labelLikeTemplate(job);
    },
    fieldLabels: { 'status.successful': valueAt('status.succeeded', 0) },
  },
  'batch/CronJob': {
    generation: true,
    validate: (object) => validateCronJobSpec(specOf(object)),
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

import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { record, textOf } from '../rules/set-default.ts';
import { invalid, notSupported, required } from './cause.ts';
import { nonNegative } from './number.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { validateSchedule } from './schedule.ts';

const completionModes = ['NonIndexed', 'Indexed'];
const numbers = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
];

/** What is wrong with the spec of a job, in a job or in a cron job. */
export function validateJobSpec(spec: JsonObject, field: string): Cause[] {
  const mode = spec['completionMode'];
  const indexed = mode === 'Indexed';
  return [
    ...numbers.flatMap((name) => nonNegative(`${field}.${name}`, spec[name])),
    ...(mode === undefined || completionModes.includes(textOf(mode))
      ? []
      : [notSupported(`${field}.completionMode`, mode, completionModes)]),
    ...(indexed && spec['completions'] === undefined
      ? [required(`${field}.completions`, 'when completion mode is Indexed')]
      : []),
    ...(!indexed && spec['backoffLimitPerIndex'] !== undefined
      ? [invalid(`${field}.backoffLimitPerIndex`, spec['backoffLimitPerIndex'], 'requires indexed completion mode')]
      : []),
    ...validateJobTemplate(spec['template'], `${field}.template`),
  ];
}

/** Pods of a job must be able to end. */
function validateJobTemplate(template: unknown, field: string): Cause[] {
  const known = record(template) ?? {};
  const pod = record(known['spec']) ?? {};
  const policy = textOf(pod['restartPolicy'] ?? 'Always');
  const causes = validatePodTemplate({ ...known, spec: { restartPolicy: 'Always', ...pod } }, field);
  const path = `${field}.spec.restartPolicy`;
  if (policy === 'Always') causes.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never')
    causes.push(notSupported(path, policy, ['OnFailure', 'Never']));
  return causes;
}

const concurrency = ['Allow', 'Forbid', 'Replace'];

export function validateCronJobSpec(spec: JsonObject): Cause[] {
  const schedule = textOf(spec['schedule'] ?? '');
  const problem = schedule ? validateSchedule(schedule) : undefined;
  const policy = textOf(spec['concurrencyPolicy'] ?? '');
  return [
    ...(schedule ? [] : [required('spec.schedule')]),
    ...(problem ? [invalid('spec.schedule', schedule, problem)] : []),
    ...['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'].flatMap((name) =>
      nonNegative(`spec.${name}`, spec[name]),
    ),
    ...(concurrency.includes(policy) ? [] : [notSupported('spec.concurrencyPolicy', policy, concurrency)]),
    ...validateJobSpec(record(record(spec['jobTemplate'])?.['spec']) ?? {}, 'spec.jobTemplate.spec'),
  ];
}

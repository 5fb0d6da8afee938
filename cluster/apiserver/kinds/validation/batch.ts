import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { sentEmpty } from '../../codec/sent-empty.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record } from '../rules/set-default.ts';
import { at, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1123Label } from './format.ts';
import { validateDomainPath } from './network.ts';
import { nonNegative } from './number.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './pod-failure-policy.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { validateSchedule } from './schedule.ts';
import { selects, shownSelector, validateSelector } from './selector.ts';

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

/** What is wrong with a Job: its spec, and whether its pods will be its own. */
export function validateJob(job: ClusterObject): Cause[] {
  return [...validateGenerated(job), ...validateJobParts(job)];
}

/** All of a job but for what the server itself has put in. */
export function validateJobParts(job: ClusterObject): Cause[] {
  const spec = fieldsIn(job['spec']);
  return [
    ...validateJobSpec(spec, 'spec'),
    ...(record(spec['selector']) ? [] : [required('spec.selector')]),
    ...(record(spec['selector']) ? validateSelector(spec['selector'], 'spec.selector') : []),
    ...validateOwnPods(spec),
    ...validatePodNames(job, spec),
  ];
}

/** Labels by which others find the pods of a job. */
function validateOwnLabels(job: ClusterObject, spec: JsonObject): Cause[] {
  if (!record(spec['selector'])) return [];
  const labels = fieldsIn(fieldsIn(fieldsIn(spec['template'])['metadata'])['labels']);
  const { name, uid } = job.metadata;
  const wanted: readonly (readonly [label: string, value: string])[] = [
    ['controller-uid', optionalText(uid)],
    ['job-name', optionalText(name)],
    ['batch.kubernetes.io/controller-uid', optionalText(uid)],
    ['batch.kubernetes.io/job-name', optionalText(name)],
  ];
  return wanted.flatMap(([label, value]) => {
    const field = at('spec.template.metadata.labels', label);
    if (labels[label] === undefined) return [required(field, `must be '${value}'`)];
    return labels[label] === value ? [] : [invalid(field, sortedByName(labels), `must be '${value}'`)];
  });
}

function validateOwnPods(spec: JsonObject): Cause[] {
  const metadata = fieldsIn(fieldsIn(spec['template'])['metadata']);
  const labels = record(metadata['labels']);
  const shown = labels ? sortedByName(labels) : (sentEmpty(metadata, 'labels') ?? null);
  const broken = validateSelector(spec['selector'], '').length > 0;
  if (broken || selects(spec['selector'], labels ?? {})) return [];
  const note = '`selector` does not match template `labels`';
  return [invalid('spec.template.metadata.labels', shown, note)];
}

/** What the server makes of a job's selector and labels, unless the client makes them: it stays as it is. */
export function validateGenerated(job: ClusterObject): Cause[] {
  const spec = fieldsIn(job['spec']);
  if (spec['manualSelector'] === true) return [];
  return [...validateOwnLabels(job, spec), ...validateOwnSelector(job, spec)];
}

/** The selector the server makes has one label, with the uid of the job; any other is somebody's own. */
function validateOwnSelector(job: ClusterObject, spec: JsonObject): Cause[] {
  const key = 'batch.kubernetes.io/controller-uid';
  const selector = fieldsIn(spec['selector']);
  const labels = fieldsIn(selector['matchLabels']);
  const own = Object.keys(labels).length === 1 && labels[key] === job.metadata['uid'] && !selector['matchExpressions'];
  return own || !record(spec['template']) || !record(spec['selector'])
    ? []
    : [invalid('spec.selector', shownSelector(spec['selector']), '`selector` not auto-generated')];
}

const sortedByName = (labels: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The last pod of an indexed job has the longest name. */
function validatePodNames(job: ClusterObject, spec: JsonObject): Cause[] {
  const completions = Number(spec['completions'] ?? 0);
  if (spec['completionMode'] !== 'Indexed' || completions <= 0) return [];
  const name = optionalText(job.metadata.name);
  const podName = `${name}-${completions - 1}`;
  if (dns1123Label(podName).length === 0) return [];
  return [invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${podName}`)];
}

/** What is wrong with the spec of a job, in a job or in a cron job. */
export function validateJobSpec(spec: JsonObject, field: string): Cause[] {
  return [
    ...numbers.flatMap((name) => nonNegative(`${field}.${name}`, spec[name])),
    ...validateIndexNumbers(spec, field),
    ...validateMode(spec, field),
    ...(spec['managedBy'] === undefined
      ? []
      : validateDomainPath(optionalText(spec['managedBy']), `${field}.managedBy`)),
    ...validateReplacement(spec, field),
    ...validateFailurePolicy(spec, field),
    ...validateSuccessPolicy(spec, field),
    ...validateJobTemplate(spec['template'], `${field}.template`),
  ];
}

function validateIndexNumbers(spec: JsonObject, field: string): Cause[] {
  const { completions, backoffLimitPerIndex: each, maxFailedIndexes: most } = spec;
  const causes: Cause[] = [];
  const path = `${field}.maxFailedIndexes`;
  if (each === undefined && most !== undefined)
    causes.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (completions !== undefined && most !== undefined && Number(most) > Number(completions))
    causes.push(invalid(path, most, 'must be less than or equal to completions'));
  return causes;
}

function validateMode(spec: JsonObject, field: string): Cause[] {
  const mode = spec['completionMode'];
  if (mode === 'Indexed') {
    return spec['completions'] === undefined
      ? [required(`${field}.completions`, 'when completion mode is Indexed')]
      : [];
  }
  if (mode !== undefined && mode !== 'NonIndexed')
    return [notSupported(`${field}.completionMode`, mode, completionModes)];
  return ['backoffLimitPerIndex', 'maxFailedIndexes']
    .filter((name) => spec[name] !== undefined)
    .map((name) => invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
}

function validateReplacement(spec: JsonObject, field: string): Cause[] {
  const supported = record(spec['podFailurePolicy']) ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return validateChoice(spec, 'podReplacementPolicy', { field, supported });
}

/** Pods of a job must be able to end. */
function validateJobTemplate(template: unknown, field: string): Cause[] {
  const known = fieldsIn(template);
  const pod = fieldsIn(known['spec']);
  const policy = optionalText(pod['restartPolicy'] ?? 'Always');
  const causes = validatePodTemplate({ ...known, spec: { restartPolicy: 'Always', ...pod } }, field);
  const path = `${field}.spec.restartPolicy`;
  if (policy === 'Always') causes.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never')
    causes.push(notSupported(path, policy, ['OnFailure', 'Never']));
  return causes;
}

const concurrency = ['Allow', 'Forbid', 'Replace'];
const longestCronName = 52;

/** What is wrong with a CronJob, whose jobs have its name and a number of eleven characters. */
export function validateCronJob(object: ClusterObject): Cause[] {
  const { name } = object.metadata;
  const tooLong = optionalText(name).length > longestCronName;
  return [
    ...validateCronJobSpec(fieldsIn(object['spec'])),
    ...(tooLong ? [invalid('metadata.name', name, `must be no more than ${longestCronName} characters`)] : []),
  ];
}

function validateCronJobSpec(spec: JsonObject): Cause[] {
  const schedule = optionalText(spec['schedule']);
  const problem = schedule ? validateSchedule(schedule) : undefined;
  const policy = optionalText(spec['concurrencyPolicy']);
  return [
    ...(schedule ? [] : [required('spec.schedule')]),
    ...(problem ? [invalid('spec.schedule', schedule, problem)] : []),
    ...(spec['timeZone'] === undefined ? [] : validateTimeZone(optionalText(spec['timeZone']))),
    ...['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'].flatMap((name) =>
      nonNegative(`spec.${name}`, spec[name]),
    ),
    ...(concurrency.includes(policy) ? [] : [notSupported('spec.concurrencyPolicy', policy, concurrency)]),
    ...validateJobSpec(fieldsIn(fieldsIn(spec['jobTemplate'])['spec']), 'spec.jobTemplate.spec'),
  ];
}

function validateTimeZone(zone: string): Cause[] {
  const field = 'spec.timeZone';
  if (zone === '') return [invalid(field, zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local')
    return [
      invalid(field, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'),
    ];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [invalid(field, zone, `unknown time zone ${zone}`)];
  }
}

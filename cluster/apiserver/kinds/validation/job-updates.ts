import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText } from '../rules/set-default.ts';
import { validateGenerated, validateJobParts } from './batch.ts';
import { invalid, required } from './cause.ts';
import { intervalCount } from './completion-indexes.ts';
import { fixed, type UpdateCheck } from './fixed-fields.ts';
import { nonNegative } from './number.ts';

const immutable = fixed(
  'spec.selector',
  'spec.completionMode',
  'spec.podFailurePolicy',
  'spec.backoffLimitPerIndex',
  'spec.managedBy',
  'spec.successPolicy',
);

/** What stays as it was in a job: nearly all, but for how many pods run at once and whether they do. */
export const validateJobUpdate: UpdateCheck = (next, old) => {
  const [after, before] = [fieldsIn(next['spec']), fieldsIn(old['spec'])];
  const parts = validateJobParts(next);
  return [
    ...validateGenerated(next),
    ...parts,
    ...parts, // the real server looks twice
    ...validateCompletions(after, before),
    ...immutable(next, old),
    ...validateTemplate(after, before),
  ];
};

/** Indexed jobs can grow, in step with how many run at once. */
function validateCompletions(after: JsonObject, before: JsonObject): Cause[] {
  const field = 'spec.completions';
  const value = after['completions'] ?? null;
  if (value === (before['completions'] ?? null)) return [];
  if (after['completionMode'] !== 'Indexed' || value === null) return [invalid(field, value, 'field is immutable')];
  if (value === after['parallelism']) return [];
  return [invalid(field, value, 'can only be modified in tandem with spec.parallelism')];
}

/** While a job waits to start for the first time, its pods may still be told where to run. */
const schedulingFields = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'];

function withoutScheduling(template: unknown): unknown {
  const known = fieldsIn(template);
  const pod = Object.entries(fieldsIn(known['spec'])).filter(([field]) => !schedulingFields.includes(field));
  const { labels: _labels, annotations: _annotations, ...metadata } = fieldsIn(known['metadata']);
  return { ...known, metadata, spec: Object.fromEntries(pod) };
}

function validateTemplate(after: JsonObject, before: JsonObject): Cause[] {
  const [now, then] = [after['template'], before['template']];
  if (isDeepStrictEqual(now, then)) return [];
  if (before['suspend'] !== true) return [invalid('spec.template', now ?? null, 'field is immutable')];
  if (isDeepStrictEqual(withoutScheduling(now), withoutScheduling(then))) return [];
  return [invalid('spec.template.spec', fieldsIn(now)['spec'] ?? null, 'field is immutable')];
}

const counters = ['active', 'succeeded', 'failed', 'ready', 'terminating'];

/** What is wrong with the status of a job: it is told in order, and does not go back. */
export const validateJobStatus: UpdateCheck = (next, old) => {
  const [status, before, spec] = [fieldsIn(next['status']), fieldsIn(old['status']), fieldsIn(next['spec'])];
  const [active, ready] = [Number(status['active'] ?? 0), Number(status['ready'] ?? 0)];
  return [
    ...counters.flatMap((name) => nonNegative(`status.${name}`, status[name])),
    ...(ready > active ? [invalid('status.ready', ready, 'cannot set more ready pods than active')] : []),
    ...(spec['completionMode'] === 'Indexed' ? validateIndexes(status, spec) : validateCounters(status, before)),
    ...validateEnd(status),
  ];
};

function validateCounters(status: JsonObject, before: JsonObject): Cause[] {
  return ['succeeded', 'failed'].flatMap((name) => {
    const value = Number(status[name] ?? 0);
    const field = `status.${name}`;
    return value < Number(before[name] ?? 0) || value < 0
      ? [invalid(field, value, `cannot decrease the ${name} counter`)]
      : [];
  });
}

function validateIndexes(status: JsonObject, spec: JsonObject): Cause[] {
  return ['completedIndexes', 'failedIndexes'].flatMap((name) => {
    const text = optionalText(status[name]);
    const found = intervalCount(text, Number(spec['completions'] ?? 0));
    return typeof found === 'string' ? [invalid(`status.${name}`, text, `error parsing ${name}: ${found}`)] : [];
  });
}

/** A job says why it ends before it says that it has, and when. */
function validateEnd(status: JsonObject): Cause[] {
  const holds = (type: string): boolean =>
    items(status['conditions']).some((condition) => condition['type'] === type && condition['status'] === 'True');
  const [complete, failed] = [holds('Complete'), holds('Failed')];
  const set = (first: string, second: string): Cause => ({
    field: 'status.conditions',
    message: `Invalid value: cannot set ${first} condition${second}`,
    reason: 'FieldValueInvalid',
  });
  const rules: readonly (readonly [isBroken: boolean, cause: Cause])[] = [
    [complete && failed, set('Complete=True and Failed=true', 's')],
    [complete && !holds('SuccessCriteriaMet'), set('Complete=True', ' without the SuccessCriteriaMet=true condition')],
    [failed && !holds('FailureTarget'), set('Failed=True', ' without the FailureTarget=true condition')],
  ];
  return [
    ...validateTimes(status, { complete, over: complete || failed }),
    ...rules.filter(([isBroken]) => isBroken).map(([, cause]) => cause),
  ];
}

function validateTimes(status: JsonObject, { complete, over }: { complete: boolean; over: boolean }): Cause[] {
  const [start, end] = [status['startTime'], status['completionTime']];
  const field = 'status.completionTime';
  const causes =
    over && start === undefined ? [required('status.startTime', 'startTime is required for finished job')] : [];
  if (complete && end === undefined) causes.push(required(field, 'completionTime is required for Complete jobs'));
  if (!complete && end !== undefined)
    causes.push(invalid(field, end, 'cannot set completionTime when there is no Complete=True condition'));
  return causes;
}

import type { Cause } from '@kit/base';
import { sentEmpty } from '../../codec/sent-empty.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { at, duplicate, eachItem, invalid, notSupported, required, tooLong, tooMany } from './cause.ts';
import { qualifiedName } from './format.ts';
import { nonNegative } from './number.ts';
import { checkFormat } from './object-meta.ts';
import { intervalCount } from './completion-indexes.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const mostExitCodes = 255;
const mostRules = 20;

/** `["In" "NotIn"]`, as Go prints a list of texts. */
const goList = (list: readonly string[]): string => `[${list.map((text) => JSON.stringify(text)).join(' ')}]`;

/** What is wrong with what a job does about failed pods. */
export function validateFailurePolicy(spec: JsonObject, field: string): Cause[] {
  const policy = record(spec['podFailurePolicy']);
  if (!policy) return [];
  const pod = fieldsIn(fieldsIn(spec['template'])['spec']);
  const containers = new Set(
    [...items(pod['containers']), ...items(pod['initContainers'])].map(({ name }) => optionalText(name)),
  );
  const path = `${field}.podFailurePolicy.rules`;
  const count = items(policy['rules']).length;
  const indexed = spec['backoffLimitPerIndex'] !== undefined;
  const wrongPolicy = fieldsIn(spec['template'])['spec'] && pod['restartPolicy'] !== 'Never';
  return [
    ...(count > mostRules ? [tooMany(path, count, mostRules)] : []),
    ...eachItem(policy['rules'], path, (rule, at_) => validateRule(rule, at_, { containers, indexed })),
    ...(wrongPolicy && pod['restartPolicy'] === 'OnFailure'
      ? [
          invalid(
            `${field}.template.spec.restartPolicy`,
            'OnFailure',
            'only "Never" is supported when podFailurePolicy is specified',
          ),
        ]
      : []),
  ];
}

interface RuleContext {
  readonly containers: ReadonlySet<string>;
  readonly indexed: boolean;
}

function validateRule(rule: JsonObject, field: string, { containers, indexed }: RuleContext): Cause[] {
  const action = optionalText(rule['action']);
  const codes = record(rule['onExitCodes']);
  const conditions = items(rule['onPodConditions']);
  const causes: Cause[] = [];
  const say = (text: string): Cause => ({ field, message: `Invalid value: ${text}`, reason: 'FieldValueInvalid' });
  if (!action) causes.push(required(`${field}.action`, `valid values: ${goList(actions)}`));
  else if (!actions.includes(action)) causes.push(notSupported(`${field}.action`, action, actions));
  else if (action === 'FailIndex' && !indexed)
    causes.push(invalid(`${field}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  if (codes) causes.push(...validateExitCodes(codes, `${field}.onExitCodes`, containers));
  causes.push(...eachItem(conditions, `${field}.onPodConditions`, validateCondition));
  if (codes && conditions.length > 0)
    causes.push(say('specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!codes && conditions.length === 0)
    causes.push(say('specifying one of OnExitCodes and OnPodConditions is required'));
  return causes;
}

function validateExitCodes(codes: JsonObject, field: string, containers: ReadonlySet<string>): Cause[] {
  const operator = optionalText(codes['operator']);
  const container = codes['containerName'];
  const causes: Cause[] = [];
  if (!operator) causes.push(required(`${field}.operator`, `valid values: ${goList(operators)}`));
  else if (!operators.includes(operator)) causes.push(notSupported(`${field}.operator`, operator, operators));
  if (container !== undefined && !containers.has(optionalText(container))) {
    const note = 'must be one of the container or initContainer names in the pod template';
    causes.push(invalid(`${field}.containerName`, container, note));
  }
  return [...causes, ...validateCodes(codes, operator, `${field}.values`)];
}

function validateCodes(codes: JsonObject, operator: string, field: string): Cause[] {
  const values = Array.isArray(codes['values']) ? codes['values'].map(Number) : [];
  const causes: Cause[] = [];
  if (values.length === 0) {
    const shown = sentEmpty(codes, 'values') ?? codes['values'] ?? null;
    return [invalid(field, shown, 'at least one value is required')];
  }
  if (values.length > mostExitCodes) return [tooMany(field, values.length, mostExitCodes)];
  causes.push(...values.flatMap((value, index) => validateCode(values, index, { operator, field, value })));
  const ordered = values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
  return ordered ? causes : [...causes, invalid(field, values, 'must be ordered')];
}

function validateCode(
  values: readonly number[],
  index: number,
  { operator, field, value }: { operator: string; field: string; value: number },
): Cause[] {
  const path = at(field, index);
  const zero = operator === 'In' && value === 0;
  return [
    ...(zero ? [invalid(path, value, 'must not be 0 for the In operator')] : []),
    ...(values.indexOf(value) < index ? [duplicate(path, value)] : []),
  ];
}

const statuses = ['False', 'True', 'Unknown'];

function validateCondition(condition: JsonObject, field: string): Cause[] {
  const status = optionalText(condition['status']);
  return [
    ...checkFormat(`${field}.type`, optionalText(condition['type']), qualifiedName),
    ...(status ? [] : [required(`${field}.status`, `valid values: ${goList(statuses)}`)]),
    ...(status && !statuses.includes(status) ? [notSupported(`${field}.status`, status, statuses)] : []),
  ];
}

/** What is wrong with when a job is done before all its indexes are. */
export function validateSuccessPolicy(spec: JsonObject, field: string): Cause[] {
  const policy = record(spec['successPolicy']);
  if (!policy) return [];
  const path = `${field}.successPolicy`;
  if (spec['completionMode'] !== 'Indexed')
    return [invalid(path, goSuccessPolicy(policy), 'requires indexed completion mode')];
  const rules = items(policy['rules']);
  const note = 'at least one rules must be specified when the successPolicy is specified';
  const completions = Number(spec['completions'] ?? 0);
  return [
    ...(rules.length === 0 ? [required(`${path}.rules`, note)] : []),
    ...(rules.length > mostRules ? [tooMany(`${path}.rules`, rules.length, mostRules)] : []),
    ...eachItem(rules, `${path}.rules`, (rule, at_) => validateSuccessRule(rule, at_, completions)),
  ];
}

function goSuccessPolicy(policy: JsonObject): object {
  const rules = items(policy['rules']).map(({ succeededIndexes = null, succeededCount = null }) => ({
    SucceededIndexes: succeededIndexes,
    SucceededCount: succeededCount,
  }));
  return { Rules: rules };
}

const longestIndexes = 64 * 1024;

function validateSuccessRule(rule: JsonObject, field: string, completions: number): Cause[] {
  const { succeededIndexes: given, succeededCount: wanted } = rule;
  if (given === undefined && wanted === undefined)
    return [required(field, 'at least one of succeededCount or succeededIndexes must be specified')];
  const indexes = given === undefined ? undefined : optionalText(given);
  const found = indexes === undefined ? undefined : intervalCount(indexes, completions);
  const causes = validateIndexes(indexes, found, `${field}.succeededIndexes`);
  if (wanted === undefined) return causes;
  const named = typeof found === 'string' ? 0 : found;
  return [...causes, ...validateCount(Number(wanted), `${field}.succeededCount`, { completions, named })];
}

function validateIndexes(indexes: string | undefined, found: number | string | undefined, field: string): Cause[] {
  if (indexes === undefined) return [];
  const causes = indexes.length > longestIndexes ? [tooLong(field, longestIndexes)] : [];
  if (typeof found === 'string') causes.push(invalid(field, indexes, `error parsing succeededIndexes: ${found}`));
  return causes;
}

function validateCount(
  wanted: number,
  field: string,
  { completions, named }: { completions: number; named: number | undefined },
): Cause[] {
  const causes = nonNegative(field, wanted);
  const most = 'must be less than or equal to';
  if (wanted > completions)
    causes.push(invalid(field, wanted, `${most} ${completions} (the number of specified completions)`));
  if (named !== undefined && wanted > named) {
    const note = `${most} ${named} (the number of indexes in the specified succeededIndexes field)`;
    causes.push(invalid(field, wanted, note));
  }
  return causes;
}

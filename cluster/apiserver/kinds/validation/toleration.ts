import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { optionalText } from '../rules/set-default.ts';
import { eachItem, invalid, notSupported } from './cause.ts';
import { labelValue, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const operators = ['Equal', 'Exists'];

/** What is wrong with a list of tolerations. */
export function validateTolerations(tolerations: unknown, field: string): Cause[] {
  return eachItem(tolerations, field, validateToleration);
}

function validateToleration(toleration: JsonObject, field: string): Cause[] {
  const { key, effect, tolerationSeconds } = toleration;
  const needsNoExecute = tolerationSeconds !== undefined && effect !== 'NoExecute';
  const note = "effect must be 'NoExecute' when `tolerationSeconds` is set";
  const known = !effect || taintEffects.includes(optionalText(effect));
  return [
    ...(key ? checkFormat(`${field}.key`, optionalText(key), qualifiedName) : []),
    ...validateEmptyKey(toleration, `${field}.operator`),
    ...(needsNoExecute ? [invalid(`${field}.effect`, effect ?? '', note)] : []),
    ...validateOperator(toleration, `${field}.operator`),
    ...(known ? [] : [notSupported(`${field}.effect`, effect, taintEffects)]),
  ];
}

function validateEmptyKey({ key, operator }: JsonObject, field: string): Cause[] {
  if (key || operator === 'Exists') return [];
  const note = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  return [invalid(field, operator ?? '', note)];
}

function validateOperator({ operator, value }: JsonObject, field: string): Cause[] {
  if (operator === 'Exists')
    return value ? [invalid(field, value, "value must be empty when `operator` is 'Exists'")] : [];
  if (operator && operator !== 'Equal') return [notSupported(field, operator, operators)];
  return checkFormat(field, optionalText(value), labelValue);
}

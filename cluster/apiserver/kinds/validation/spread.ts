import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { items, optionalText } from '../rules/set-default.ts';
import { validateLabelKeys } from './affinity.ts';
import { duplicate, eachItem, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateSelector } from './selector.ts';

const actions = ['DoNotSchedule', 'ScheduleAnyway'];

/** What is wrong with how a pod is to be spread over the parts of a cluster. */
export function validateSpread(list: unknown, field: string): Cause[] {
  const constraints = items(list);
  return eachItem(constraints, field, (constraint, path) => [
    ...validateConstraint(constraint, path),
    ...validateUnique(constraint, constraints.slice(constraints.indexOf(constraint) + 1), path),
    ...validateChoice(constraint, 'nodeAffinityPolicy', { field: path, supported: ['Honor', 'Ignore'] }),
    ...validateChoice(constraint, 'nodeTaintsPolicy', { field: path, supported: ['Honor', 'Ignore'] }),
    ...validateSelector(constraint['labelSelector'], `${path}.labelSelector`),
    ...validateLabelKeys(constraint, 'matchLabelKeys', path),
  ]);
}

function validateConstraint(constraint: JsonObject, field: string): Cause[] {
  const { maxSkew = 0, minDomains } = constraint;
  const action = optionalText(constraint['whenUnsatisfiable']);
  const path = `${field}.minDomains`;
  const causes = Number(maxSkew) > 0 ? [] : [invalid(`${field}.maxSkew`, maxSkew, 'must be greater than zero')];
  if (!constraint['topologyKey']) causes.push(required(`${field}.topologyKey`, 'can not be empty'));
  if (!actions.includes(action)) causes.push(notSupported(`${field}.whenUnsatisfiable`, action, actions));
  if (minDomains === undefined) return causes;
  if (Number(minDomains) <= 0) causes.push(invalid(path, minDomains, 'must be greater than zero'));
  if (action !== 'DoNotSchedule')
    causes.push(invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`));
  return causes;
}

function validateUnique(constraint: JsonObject, later: readonly JsonObject[], field: string): Cause[] {
  const [key, action] = [optionalText(constraint['topologyKey']), optionalText(constraint['whenUnsatisfiable'])];
  const same = later.some(
    (other) => optionalText(other['topologyKey']) === key && optionalText(other['whenUnsatisfiable']) === action,
  );
  return same ? [duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`)] : [];
}

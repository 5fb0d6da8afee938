import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, required } from './cause.ts';
import { qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
const soft = 'preferredDuringSchedulingIgnoredDuringExecution';

/** What is wrong with a pod's wishes about nodes and neighbours. */
export function validateAffinity(affinity: JsonObject | undefined, field: string): Cause[] {
  if (!affinity) return [];
  return [
    ...validateNodeAffinity(record(affinity['nodeAffinity']), `${field}.nodeAffinity`),
    ...validatePodAffinity(record(affinity['podAffinity']), `${field}.podAffinity`),
    ...validatePodAffinity(record(affinity['podAntiAffinity']), `${field}.podAntiAffinity`),
  ];
}

function validateNodeAffinity(affinity: JsonObject | undefined, field: string): Cause[] {
  const wanted = record(affinity?.[hard]);
  const causes: Cause[] = [];
  if (wanted) {
    const terms = items(wanted['nodeSelectorTerms']);
    const path = `${field}.${hard}.nodeSelectorTerms`;
    if (terms.length === 0) causes.push(required(path, 'must have at least one node selector term'));
    causes.push(...terms.flatMap((term, index) => validateNodeTerm(term, at(path, index))));
  }
  return [
    ...causes,
    ...items(affinity?.[soft]).flatMap((item, index) => {
      const path = at(`${field}.${soft}`, index);
      return [
        ...validateWeight(item['weight'], path),
        ...validateNodeTerm(record(item['preference']) ?? {}, `${path}.preference`),
      ];
    }),
  ];
}

function validateWeight(weight: unknown, field: string): Cause[] {
  const value = Number(weight ?? 0);
  return value >= 1 && value <= 100 ? [] : [invalid(`${field}.weight`, value, 'must be in the range 1-100')];
}

function validateNodeTerm(term: JsonObject, field: string): Cause[] {
  return items(term['matchExpressions']).flatMap((expression, index) =>
    validateRequirement(expression, at(`${field}.matchExpressions`, index)),
  );
}

function validateRequirement({ key = '', operator = '', values }: JsonObject, field: string): Cause[] {
  const causes = operatorCauses(textOf(operator), texts(values), field);
  return [...causes, ...checkFormat(`${field}.key`, textOf(key), qualifiedName)];
}

function operatorCauses(operator: string, values: readonly string[], field: string): Cause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

function validatePodAffinity(affinity: JsonObject | undefined, field: string): Cause[] {
  return [
    ...items(affinity?.[hard]).flatMap((term, index) => validatePodTerm(term, at(`${field}.${hard}`, index))),
    ...items(affinity?.[soft]).flatMap((item, index) => {
      const path = at(`${field}.${soft}`, index);
      return [
        ...validateWeight(item['weight'], path),
        ...validatePodTerm(record(item['podAffinityTerm']) ?? {}, `${path}.podAffinityTerm`),
      ];
    }),
  ];
}

function validatePodTerm(term: JsonObject, field: string): Cause[] {
  const { topologyKey = '' } = term;
  return [
    ...validateSelector(term['labelSelector'], `${field}.labelSelector`),
    ...(topologyKey
      ? checkFormat(`${field}.topologyKey`, textOf(topologyKey), qualifiedName)
      : [required(`${field}.topologyKey`, 'can not be empty')]),
  ];
}

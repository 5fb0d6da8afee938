import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record, texts } from '../rules/set-default.ts';
import { eachItem, eachText, forbidden, invalid, required } from './cause.ts';
import { dns1123Label, qualifiedName } from './format.ts';
import { validateNodeSelector, validateNodeTerm } from './node-selector.ts';
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
  return [
    ...(wanted ? validateNodeSelector(wanted, `${field}.${hard}`) : []),
    ...eachItem(affinity?.[soft], `${field}.${soft}`, (item, path) => [
      ...validateWeight(item['weight'], path),
      ...validateNodeTerm(fieldsIn(item['preference']), `${path}.preference`, { checkValues: false }),
    ]),
  ];
}

function validateWeight(weight: unknown, field: string): Cause[] {
  const value = Number(weight ?? 0);
  return value >= 1 && value <= 100 ? [] : [invalid(`${field}.weight`, value, 'must be in the range 1-100')];
}

function validatePodAffinity(affinity: JsonObject | undefined, field: string): Cause[] {
  return [
    ...eachItem(affinity?.[hard], `${field}.${hard}`, validatePodTerm),
    ...eachItem(affinity?.[soft], `${field}.${soft}`, (item, path) => [
      ...validateWeight(item['weight'], path),
      ...validatePodTerm(fieldsIn(item['podAffinityTerm']), `${path}.podAffinityTerm`),
    ]),
  ];
}

function validatePodTerm(term: JsonObject, field: string): Cause[] {
  const key = optionalText(term['topologyKey']);
  return [
    ...validateSelector(term['labelSelector'], `${field}.labelSelector`),
    ...validateSelector(term['namespaceSelector'], `${field}.namespaceSelector`),
    ...texts(term['namespaces']).flatMap((name) => checkFormat(`${field}.namespace`, name, dns1123Label)),
    ...validateLabelKeys(term, 'matchLabelKeys', field),
    ...validateLabelKeys(term, 'mismatchLabelKeys', field),
    ...(key ? [] : [required(`${field}.topologyKey`, 'can not be empty')]),
    ...checkFormat(`${field}.topologyKey`, key, qualifiedName),
  ];
}

/** Keys whose values come from the pod itself; they add to a selector, so there must be one. */
export function validateLabelKeys(term: JsonObject, name: string, field: string): Cause[] {
  if (texts(term[name]).length === 0) return [];
  const path = `${field}.${name}`;
  if (!record(term['labelSelector'])) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return eachText(term[name], path, (key, at_) => checkFormat(at_, key, qualifiedName));
}

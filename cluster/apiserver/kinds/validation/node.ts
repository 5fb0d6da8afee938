import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, texts } from '../rules/set-default.ts';
import { haveSharedFamily, validateCidr } from './address.ts';
import { duplicate, eachItem, eachText, forbidden, invalid, notSupported, required } from './cause.ts';
import { labelValue, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { taintEffects } from './toleration.ts';

/** What is wrong with a Node. */
export function validateNode(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  return [...validateTaints(spec['taints'], 'metadata.taints'), ...validatePodRanges(texts(spec['podCIDRs']))];
}

function validateTaints(taints: unknown, field: string): Cause[] {
  const seen = new Set<string>();
  return eachItem(taints, field, (taint, path) => {
    const [key, effect] = [optionalText(taint['key']), optionalText(taint['effect'])];
    const causes = checkFormat(`${path}.key`, key, qualifiedName);
    causes.push(...checkFormat(`${path}.value`, optionalText(taint['value']), labelValue));
    if (!effect) causes.push(required(`${path}.effect`));
    else if (!taintEffects.includes(effect)) causes.push(notSupported(`${path}.effect`, effect, taintEffects));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) causes.push(sameTaint(taint, path));
    seen.add(pair);
    return causes;
  });
}

/** The real server shows the struct it compares by. */
function sameTaint(taint: JsonObject, field: string): Cause {
  const shown = {
    Key: optionalText(taint['key']),
    Value: optionalText(taint['value']),
    Effect: optionalText(taint['effect']),
    TimeAdded: taint['timeAdded'] ?? null,
  };
  const cause = duplicate(field, shown);
  return { ...cause, message: `${cause.message}: taints must be unique by key and effect pair` };
}

function validatePodRanges(ranges: readonly string[]): Cause[] {
  const field = 'spec.podCIDRs';
  const note = 'may specify no more than one CIDR for each IP family';
  return [
    ...eachText(ranges, field, validateCidr),
    ...(ranges.length > 1 && haveSharedFamily(ranges) ? [invalid(field, ranges, note)] : []),
  ];
}

/** What a node is given once: its pod ranges, and what its cloud calls it. */
export function validateNodeUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [fieldsIn(next['spec']), fieldsIn(old['spec'])];
  const note = (name: string): string => `node updates may not change ${name} except from "" to valid`;
  const changed = (name: string): boolean =>
    JSON.stringify(before[name] ?? null) !== 'null' && JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return [
    ...(changed('podCIDRs') ? [forbidden('spec.podCIDRs', note('podCIDR'))] : []),
    ...(changed('providerID') ? [forbidden('spec.providerID', note('providerID'))] : []),
  ];
}

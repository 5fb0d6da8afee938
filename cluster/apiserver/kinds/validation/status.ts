import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText } from '../rules/set-default.ts';
import { haveSharedFamily, validateAddress } from './address.ts';
import { duplicate, eachItem, invalid, notSupported, required } from './cause.ts';
import { dns1123Subdomain, qualifiedName } from './format.ts';
import type { UpdateCheck } from './fixed-fields.ts';
import { nonNegative } from './number.ts';
import { checkFormat } from './object-meta.ts';
import { validateAmounts } from './quota.ts';

/** Counts of a status that may not be negative. */
export function counted(...names: readonly string[]): UpdateCheck {
  return (next) => names.flatMap((name) => nonNegative(`status.${name}`, fieldsIn(next['status'])[name]));
}

interface ReplicaCounts {
  /** Counts of some of the pods, in the order they are complained about. */
  readonly parts: readonly string[];
  readonly others?: readonly string[];
  /** How a message calls the ready pods. */
  readonly ready: string;
}

/** Of all pods some are ready, and of these some available. */
export function replicaCounts({ parts, others = [], ready }: ReplicaCounts): UpdateCheck {
  return (next) => {
    const status = fieldsIn(next['status']);
    const count = (name: string): number => Number(status[name] ?? 0);
    const tooMany = (name: string, than: string, whole: string): Cause[] =>
      count(name) > count(whole) ? [invalid(`status.${name}`, count(name), `cannot be greater than ${than}`)] : [];
    return [
      ...['replicas', ...parts, ...others].flatMap((name) => nonNegative(`status.${name}`, status[name])),
      ...parts.flatMap((name) => tooMany(name, 'status.replicas', 'replicas')),
      ...tooMany('availableReplicas', ready, 'readyReplicas'),
    ];
  };
}

export const validateQuotaStatus: UpdateCheck = (next) => {
  const status = fieldsIn(next['status']);
  return [...validateAmounts(status['hard'], 'status.hard'), ...validateAmounts(status['used'], 'status.used')];
};

/** Addresses a load balancer answers at. */
export const validateLoadBalancerStatus: UpdateCheck = (next) => {
  const ingress = fieldsIn(fieldsIn(next['status'])['loadBalancer'])['ingress'];
  return eachItem(ingress, 'status.loadBalancer.ingress', ({ ip, hostname }, path) => {
    const name = optionalText(hostname);
    const causes = ip ? validateAddress(optionalText(ip), `${path}.ip`) : [];
    if (!name) return causes;
    if (isIP(name)) return [...causes, invalid(`${path}.hostname`, name, 'must be a DNS name, not an IP address')];
    return [...causes, ...checkFormat(`${path}.hostname`, name, dns1123Subdomain)];
  });
};

export const validatePodStatus: UpdateCheck = (next) => {
  const status = fieldsIn(next['status']);
  const listed = items(status['podIPs']).map(({ ip }) => optionalText(ip));
  // The address by itself counts for the first of the list.
  const ips = status['podIP'] ? [optionalText(status['podIP']), ...listed.slice(1)] : listed;
  const conditions = eachItem(status['conditions'], 'status.conditions', ({ type }, path) =>
    checkFormat(`${path}.Type`, optionalText(type), qualifiedName),
  );
  const wrong = ips.flatMap((ip, index) => (isIP(ip) ? [] : validateAddress(ip, `status.podIPs[${index}]`)));
  const shown = ips.map((ip) => ({ IP: ip }));
  const note = 'may specify no more than one IP for each IP family';
  const same = wrong.length === 0 && ips.length > 1 && haveSharedFamily(ips);
  return [...conditions, ...wrong, ...(same ? [invalid('status.podIPs', shown, note)] : [])];
};

export const validateNodeStatus: UpdateCheck = (next) => {
  const seen = new Set<string>();
  return eachItem(fieldsIn(next['status'])['addresses'], 'status.addresses', ({ type, address }, path) => {
    const shown = { Type: type ?? '', Address: address ?? '' };
    const key = JSON.stringify(shown);
    if (seen.has(key)) return [duplicate(path, shown)];
    seen.add(key);
    return [];
  });
};

const reason = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const reasonNote =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

/** Conditions in the form all newer kinds share. */
export function validateConditions(status: JsonObject): Cause[] {
  const types = new Set<string>();
  return eachItem(status['conditions'], 'status.conditions', (condition, path) => {
    const type = optionalText(condition['type']);
    const causes = checkFormat(`${path}.type`, type, qualifiedName);
    if (types.has(type)) causes.push(duplicate(`${path}.type`, type));
    types.add(type);
    const why = optionalText(condition['reason']);
    const value = optionalText(condition['status']);
    const statuses = ['False', 'True', 'Unknown'];
    if (!statuses.includes(value)) causes.push(notSupported(`${path}.status`, value, statuses));
    causes.push(...nonNegative(`${path}.observedGeneration`, condition['observedGeneration']));
    if (!condition['lastTransitionTime']) causes.push(required(`${path}.lastTransitionTime`));
    if (!why) causes.push(required(`${path}.reason`));
    else if (!reason.test(why)) causes.push(invalid(`${path}.reason`, why, reasonNote));
    return causes;
  });
}

export const validateBudgetStatus: UpdateCheck = (next, old) => [
  ...validateConditions(fieldsIn(next['status'])),
  ...counted('disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods')(next, old),
];

export const validateApiServiceStatus: UpdateCheck = (next) => {
  const statuses = ['True', 'False', 'Unknown'];
  return eachItem(fieldsIn(next['status'])['conditions'], 'status.conditions', ({ status }, path) =>
    statuses.includes(optionalText(status)) ? [] : [notSupported(`${path}.status`, status ?? '', statuses)],
  );
};

import type { Cause } from '@kit/base';
import { invalid } from './cause.ts';
import { qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

const computing = ['cpu', 'memory', 'ephemeral-storage'];
const objects = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const standard = new Set([
  ...computing,
  ...['requests', 'limits'].flatMap((prefix) => computing.map((name) => `${prefix}.${name}`)),
  'requests.storage',
  'storage',
  ...objects,
]);

const isHugePages = (name: string): boolean => /^(requests\.)?hugepages-/.test(name);

/** Names without a domain are Kubernetes' own. */
export function validateResourceName(name: string, field: string): Cause[] {
  const causes = checkFormat(field, name, qualifiedName);
  if (causes.length > 0 || name.includes('/') || standard.has(name) || isHugePages(name)) return causes;
  return [invalid(field, name, 'must be a standard resource type or fully qualified')];
}

/** A resource that a container can ask for. */
export function validateContainerResourceName(name: string, field: string): Cause[] {
  const causes = validateResourceName(name, field);
  const own = name.includes('/') || computing.includes(name) || name.startsWith('hugepages-');
  return own ? causes : [...causes, invalid(field, name, 'must be a standard resource for containers')];
}

/** A resource that a quota can count. */
export function validateQuotaResourceName(name: string, field: string): Cause[] {
  const causes = validateResourceName(name, field);
  const known = name.includes('/') || isHugePages(name) || standard.has(name);
  return known ? causes : [...causes, invalid(field, name, 'must be a standard resource for quota')];
}

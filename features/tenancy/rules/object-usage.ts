import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import type { QuotaScopes, WorkspaceQuota } from '../contract/index.ts';
import { parseAmount, type Amount, type Tally } from './amount.ts';
import { podUsage, type PodLike } from './pod-usage.ts';
import { inScopes, isScoped } from './quota-scopes.ts';

const one: Amount = 1_000_000_000n;

/** `count/deployments.apps`: the key by which a quota limits the number of objects of a kind. */
export function countKey({ plural, group }: Pick<ResourceType, 'plural' | 'group'>): string {
  return group === '' ? `count/${plural}` : `count/${plural}.${group}`;
}

interface ServiceSpec {
  type?: string;
  ports?: unknown[];
  allocateLoadBalancerNodePorts?: boolean;
}

function serviceUsage({ type, ports = [], allocateLoadBalancerNodePorts }: ServiceSpec): [string, Amount][] {
  const opens = type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
  const usage: [string, Amount][] = [['services', one]];
  if (opens) usage.push(['services.nodeports', one * BigInt(ports.length)]);
  if (type === 'LoadBalancer') usage.push(['services.loadbalancers', one]);
  return usage;
}

interface ClaimSpec {
  storageClassName?: string;
  resources?: { requests?: Record<string, string> };
}

function claimUsage({ storageClassName, resources }: ClaimSpec): [string, Amount][] {
  const asked = parseAmount(resources?.requests?.['storage'] ?? '0') ?? 0n;
  const own: [string, Amount][] = [
    ['persistentvolumeclaims', one],
    ['requests.storage', asked],
  ];
  if (!storageClassName) return own;
  const ofClass = own.map(([key, n]): [string, Amount] => [
    `${storageClassName}.storageclass.storage.k8s.io/${key}`,
    n,
  ]);
  return [...own, ...ofClass];
}

/** Kinds a quota also counts under their plain name. */
const plainNames = new Set(['configmaps', 'secrets', 'resourcequotas']);

/** What one object uses, by the keys of quotas. */
export function objectUsage(type: ResourceType, object: KubeObject): Tally {
  if (type === kinds.pods) return podUsage(object as PodLike); // cast: an object of the kind
  const usage = new Map<string, Amount>([[countKey(type), one]]);
  if (type.group === '' && plainNames.has(type.plural)) usage.set(type.plural, one);
  const spec = object['spec'] ?? {};
  const more =
    type === kinds.services ? serviceUsage(spec) : type === kinds.persistentvolumeclaims ? claimUsage(spec) : [];
  for (const [key, amount] of more) usage.set(key, amount);
  return usage;
}

/** The kinds a quota can count. */
const countable = Object.values<ResourceType>(kinds).filter(({ namespaced }) => namespaced);
const storageKey = /(^|\/)(requests\.storage|persistentvolumeclaims)$/;
const podKey = /^(pods|cpu|memory|ephemeral-storage|(requests|limits)\..+|hugepages-.+)$/;

/** The kind whose objects use a resource; `undefined` when there is none that can be counted. */
export function kindOfKey(key: string): ResourceType | undefined {
  const counted = countable.find((type) => countKey(type) === key);
  if (counted) return counted;
  if (storageKey.test(key)) return kinds.persistentvolumeclaims;
  if (/^services(\.nodeports|\.loadbalancers)?$/.test(key)) return kinds.services;
  if (plainNames.has(key)) return countable.find(({ group, plural }) => group === '' && plural === key);
  return podKey.test(key) ? kinds.pods : undefined;
}

/** The kinds that a quota counts, each once. */
export function kindsOf(hard: Readonly<Record<string, unknown>> = {}): ResourceType[] {
  const found = Object.keys(hard).flatMap((key) => kindOfKey(key) ?? []);
  return [...new Set(found)];
}

/** What of an object a quota counts: only the resources it limits, and with scopes only pods within them. */
export function countedUsage(quota: WorkspaceQuota['spec']['quota'], type: ResourceType, object: KubeObject): Tally {
  const scopes: QuotaScopes = quota;
  if (isScoped(scopes) && (type !== kinds.pods || !inScopes(object as PodLike, scopes))) return new Map(); // cast: a pod
  return new Map([...objectUsage(type, object)].filter(([key]) => Object.hasOwn(quota.hard ?? {}, key)));
}

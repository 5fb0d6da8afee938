import type { ClusterObject } from '../../../client.ts';
import { podTotal } from '../pods/pod-resources.ts';
import type { ContainerResources, ResourceSpec } from '../pods/pod-resources.ts';
import { whole } from '@kit/base/amount';
import type { Amount } from '@kit/base/amount';
import { readList } from './resource-list.ts';
import type { ResourceList } from './resource-list.ts';

const plain = ['cpu', 'memory', 'ephemeral-storage'];

/** Names with a domain that is not Kubernetes' own, such as `nvidia.com/gpu`. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Under which names a quota may speak of what is asked for. */
function namesOfRequest(name: string): string[] {
  if (plain.includes(name)) return [name, `requests.${name}`];
  if (name.startsWith('hugepages-')) return [name, `requests.${name}`];
  return isExtended(name) ? [`requests.${name}`] : [];
}

function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const usage: Record<string, Amount> = {};
  for (const [name, amount] of Object.entries(requests))
    for (const counted of namesOfRequest(name)) usage[counted] = amount;
  for (const name of plain) {
    const limit = limits[name];
    if (limit) usage[`limits.${name}`] = limit;
  }
  return usage;
}

const countedNames = new Set([
  'pods',
  'count/pods',
  ...plain.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

/** True for a resource whose use comes from pods. */
export function isOfPods(name: string): boolean {
  if (countedNames.has(name)) return true;
  const requested = name.startsWith('requests.') ? name.slice('requests.'.length) : undefined;
  if (name.startsWith('hugepages-') || requested?.startsWith('hugepages-')) return true;
  return requested !== undefined && isExtended(requested);
}

interface PodFields {
  readonly spec?: ResourceSpec;
  readonly status?: { readonly phase?: string };
}

/** A pod whose work is over, or whose node has had its time to end it, holds nothing but its place in the store. */
function isOver({ metadata, status }: ClusterObject & PodFields, nowMs: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds === undefined) return false;
  return nowMs > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

/** What a pod uses of every resource a quota can name. */
export function podUsage(pod: ClusterObject, nowMs: number): ResourceList {
  const fields = pod as ClusterObject & PodFields; // the schema has checked it
  const objects = { 'count/pods': whole(1) };
  if (isOver(fields, nowMs)) return objects;
  const spec = fields.spec ?? {};
  return { ...objects, pods: whole(1), ...computeUsage(podTotal(spec, 'requests'), podTotal(spec, 'limits')) };
}

const demanded = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

/** Which containers leave open what a quota counts: a quota of CPU is no use where pods may take any. */
export function unspecified(pod: ClusterObject, counted: readonly string[]): string | undefined {
  const { spec = {} } = pod as PodFields; // as above
  const wanted = counted.filter((name) => demanded.has(name)).sort();
  const missing = new Map<string, Set<string>>();
  const look = ({ name, resources }: Pick<ContainerResources, 'name' | 'resources'>): void => {
    const given = computeUsage(readList(resources?.requests), readList(resources?.limits));
    for (const resource of wanted) {
      if (!given[resource]) missing.set(resource, (missing.get(resource) ?? new Set()).add(name));
    }
  };
  // Resources of the pod as a whole speak for all its containers.
  const whole = computeUsage(readList(spec.resources?.requests), readList(spec.resources?.limits));
  if (spec.resources && wanted.every((resource) => whole[resource])) return undefined;
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) look(container);
  if (missing.size === 0) return undefined;
  const parts = [...missing].sort(([a], [b]) => (a < b ? -1 : 1));
  return `must specify ${parts.map(([resource, names]) => `${resource} for: ${[...names].sort().join(',')}`).join('; ')}`;
}

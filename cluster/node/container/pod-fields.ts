import type { ContainerSpec, Pod } from '../../reconcile/pod.ts';
import { quantity } from '../../reconcile/quantity.ts';

export interface ResourceFieldRef {
  readonly containerName?: string;
  readonly resource: string;
  readonly divisor?: string;
}

/** What the node has, for containers without limits. */
const nodeSize: Record<string, string> = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi' };

const mapText = (map: Record<string, string> = {}): string =>
  Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

const fields: Readonly<Record<string, (pod: Pod, ip: string) => string | undefined>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace,
  'metadata.uid': ({ metadata }) => metadata.uid,
  'metadata.labels': ({ metadata }) => mapText(metadata.labels),
  'metadata.annotations': ({ metadata }) => mapText(metadata.annotations),
  'spec.nodeName': ({ spec }) => spec.nodeName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? 'default',
  'status.hostIP': ({ status }) => status?.hostIP,
  'status.hostIPs': ({ status }) => status?.hostIP,
  'status.podIP': ({ status }, ip) => status?.podIP ?? ip,
  'status.podIPs': ({ status }, ip) => status?.podIP ?? ip,
};

/** The value of a `fieldRef`. */
export function podField(pod: Pod, path: string, ip: string): string {
  const { metadata } = pod;
  const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (kind) return (kind === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
  return fields[path]?.(pod, ip) ?? '';
}

/** The value of a `resourceFieldRef`, rounded up to whole divisors. */
export function containerResource(container: ContainerSpec, { resource, divisor }: ResourceFieldRef): string {
  const [part = '', name = ''] = resource.split(/\.(.*)/s);
  const { requests = {}, limits = {} } = container.resources ?? {};
  const limit = limits[name];
  const amount = part === 'limits' ? (limit ?? nodeSize[name]) : (requests[name] ?? limit);
  return String(Math.ceil(quantity(amount) / (quantity(divisor) || 1)));
}

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

/** The value of a `fieldRef`. */
export function podField(pod: Pod, path: string, ip: string): string {
  const { metadata, spec, status } = pod;
  const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (kind) return (kind === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
  const values: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': mapText(metadata.labels),
    'metadata.annotations': mapText(metadata.annotations),
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.hostIP': status?.hostIP,
    'status.hostIPs': status?.hostIP,
    'status.podIP': status?.podIP ?? ip,
    'status.podIPs': status?.podIP ?? ip,
  };
  return values[path] ?? '';
}

/** The value of a `resourceFieldRef`, rounded up to whole divisors. */
export function containerResource(container: ContainerSpec, { resource, divisor }: ResourceFieldRef): string {
  const [part = '', name = ''] = resource.split(/\.(.*)/s);
  const { requests = {}, limits = {} } = container.resources ?? {};
  const amount = part === 'limits' ? (limits[name] ?? nodeSize[name]) : (requests[name] ?? limits[name]);
  const by = quantity(divisor ?? '1') || 1;
  return String(Math.ceil(quantity(amount) / by));
}

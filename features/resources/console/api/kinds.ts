import type { ProjectPlace } from '@kit/ui';

/** A kind by which paths are made; `group` is '' for the core one. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** The kinds that have pages here. */
export const kinds = {
  deployment: { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' },
  replicaSet: { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet' },
  pod: { group: '', version: 'v1', plural: 'pods', kind: 'Pod' },
  service: { group: '', version: 'v1', plural: 'services', kind: 'Service' },
  endpointSlice: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', kind: 'EndpointSlice' },
  configMap: { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' },
  secret: { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' },
  event: { group: '', version: 'v1', plural: 'events', kind: 'Event' },
} as const satisfies Record<string, Kind>;

/** Requests for the host cluster go straight to it; others through the platform's dispatcher. */
function clusterPrefix({ cluster }: ProjectPlace): string {
  return cluster === 'host' ? '' : `/clusters/${encodeURIComponent(cluster)}`;
}

/** The Kubernetes list of a kind in a project. */
export function kubeListPath(at: ProjectPlace, { group, version, plural }: Kind): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${clusterPrefix(at)}${base}/namespaces/${encodeURIComponent(at.project)}/${plural}`;
}

/** One object in Kubernetes. */
export function kubeObjectPath(at: ProjectPlace, kind: Kind, name: string): string {
  return `${kubeListPath(at, kind)}/${encodeURIComponent(name)}`;
}

/** The platform's paged, sorted and filtered list of a kind in a project. */
export function pagedListPath(at: ProjectPlace, { plural }: Kind): string {
  return `${clusterPrefix(at)}/kapis/resources.kubesphere.io/v1alpha3/namespaces/${encodeURIComponent(at.project)}/${plural}`;
}

/** Below the platform's own group for objects: counts by state, imports. */
export function ownPath(at: ProjectPlace, rest: string): string {
  return `${clusterPrefix(at)}/kapis/resources.freehold.io/v1alpha1/namespaces/${encodeURIComponent(at.project)}/${rest}`;
}

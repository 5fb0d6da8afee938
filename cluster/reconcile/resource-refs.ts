import type { ResourceRef } from '../client.ts';

/** The built-in resources that controllers, scheduler and nodes work with. */
export const refs = {
  namespaces: { group: '', resource: 'namespaces' },
  nodes: { group: '', resource: 'nodes' },
  pods: { group: '', resource: 'pods' },
  services: { group: '', resource: 'services' },
  endpoints: { group: '', resource: 'endpoints' },
  configMaps: { group: '', resource: 'configmaps' },
  serviceAccounts: { group: '', resource: 'serviceaccounts' },
  events: { group: '', resource: 'events' },
  endpointSlices: { group: 'discovery.k8s.io', resource: 'endpointslices' },
  leases: { group: 'coordination.k8s.io', resource: 'leases' },
  deployments: { group: 'apps', resource: 'deployments' },
  replicaSets: { group: 'apps', resource: 'replicasets' },
  statefulSets: { group: 'apps', resource: 'statefulsets' },
  daemonSets: { group: 'apps', resource: 'daemonsets' },
  controllerRevisions: { group: 'apps', resource: 'controllerrevisions' },
  flowSchemas: { group: 'flowcontrol.apiserver.k8s.io', resource: 'flowschemas' },
  priorityLevels: { group: 'flowcontrol.apiserver.k8s.io', resource: 'prioritylevelconfigurations' },
  serviceCidrs: { group: 'networking.k8s.io', resource: 'servicecidrs' },
  ipAddresses: { group: 'networking.k8s.io', resource: 'ipaddresses' },
  jobs: { group: 'batch', resource: 'jobs' },
  cronJobs: { group: 'batch', resource: 'cronjobs' },
  replicationControllers: { group: '', resource: 'replicationcontrollers' },
  secrets: { group: '', resource: 'secrets' },
  autoscalers: { group: 'autoscaling', resource: 'horizontalpodautoscalers' },
  clusterRoles: { group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  definitions: { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
} as const satisfies Record<string, ResourceRef>;

/** `deployments.apps`, or `pods` for the core group. */
export function resourceName(ref: ResourceRef): string {
  return ref.group ? `${ref.resource}.${ref.group}` : ref.resource;
}

/** The group part of an `apiVersion`: `apps` of `apps/v1`, '' of `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

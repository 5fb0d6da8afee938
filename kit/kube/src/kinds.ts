import type { ResourceType } from './types.ts';

type Entry = readonly [kind: string, plural: string, scope?: 'cluster'];

function group<const E extends Record<string, Entry>>(
  name: string,
  version: string,
  entries: E,
): { [K in keyof E]: ResourceType } {
  const types = Object.entries(entries).map(([key, [kind, plural, scope]]) => [
    key,
    { group: name, version, kind, plural, namespaced: scope !== 'cluster' } satisfies ResourceType,
  ]);
  return Object.fromEntries(types) as { [K in keyof E]: ResourceType }; // one entry for each key of `entries`
}

/** The kinds every Kubernetes serves, in the version all releases since 1.25 have. */
export const kinds = {
  ...group('', 'v1', {
    configmaps: ['ConfigMap', 'configmaps'],
    endpoints: ['Endpoints', 'endpoints'],
    events: ['Event', 'events'],
    limitranges: ['LimitRange', 'limitranges'],
    namespaces: ['Namespace', 'namespaces', 'cluster'],
    nodes: ['Node', 'nodes', 'cluster'],
    persistentvolumeclaims: ['PersistentVolumeClaim', 'persistentvolumeclaims'],
    persistentvolumes: ['PersistentVolume', 'persistentvolumes', 'cluster'],
    pods: ['Pod', 'pods'],
    resourcequotas: ['ResourceQuota', 'resourcequotas'],
    secrets: ['Secret', 'secrets'],
    serviceaccounts: ['ServiceAccount', 'serviceaccounts'],
    services: ['Service', 'services'],
  }),
  ...group('apps', 'v1', {
    controllerrevisions: ['ControllerRevision', 'controllerrevisions'],
    daemonsets: ['DaemonSet', 'daemonsets'],
    deployments: ['Deployment', 'deployments'],
    replicasets: ['ReplicaSet', 'replicasets'],
    statefulsets: ['StatefulSet', 'statefulsets'],
  }),
  ...group('batch', 'v1', { cronjobs: ['CronJob', 'cronjobs'], jobs: ['Job', 'jobs'] }),
  ...group('autoscaling', 'v2', { horizontalpodautoscalers: ['HorizontalPodAutoscaler', 'horizontalpodautoscalers'] }),
  ...group('policy', 'v1', { poddisruptionbudgets: ['PodDisruptionBudget', 'poddisruptionbudgets'] }),
  ...group('networking.k8s.io', 'v1', {
    ingressclasses: ['IngressClass', 'ingressclasses', 'cluster'],
    ingresses: ['Ingress', 'ingresses'],
    networkpolicies: ['NetworkPolicy', 'networkpolicies'],
  }),
  ...group('discovery.k8s.io', 'v1', { endpointslices: ['EndpointSlice', 'endpointslices'] }),
  ...group('storage.k8s.io', 'v1', { storageclasses: ['StorageClass', 'storageclasses', 'cluster'] }),
  ...group('coordination.k8s.io', 'v1', { leases: ['Lease', 'leases'] }),
  ...group('rbac.authorization.k8s.io', 'v1', {
    clusterrolebindings: ['ClusterRoleBinding', 'clusterrolebindings', 'cluster'],
    clusterroles: ['ClusterRole', 'clusterroles', 'cluster'],
    rolebindings: ['RoleBinding', 'rolebindings'],
    roles: ['Role', 'roles'],
  }),
  ...group('apiextensions.k8s.io', 'v1', {
    customresourcedefinitions: ['CustomResourceDefinition', 'customresourcedefinitions', 'cluster'],
  }),
};

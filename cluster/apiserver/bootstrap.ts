import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../client.ts';
import { readData } from '../data/read-data.ts';

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

interface Wanted {
  readonly ref: ResourceRef;
  readonly object: ClusterObject;
}

const rbac = (resource: string): ResourceRef => ({ group: 'rbac.authorization.k8s.io', resource });

const refs: Readonly<Record<string, ResourceRef>> = {
  ClusterRole: rbac('clusterroles'),
  ClusterRoleBinding: rbac('clusterrolebindings'),
  Role: rbac('roles'),
  RoleBinding: rbac('rolebindings'),
  PriorityClass: { group: 'scheduling.k8s.io', resource: 'priorityclasses' },
  FlowSchema: { group: 'flowcontrol.apiserver.k8s.io', resource: 'flowschemas' },
  PriorityLevelConfiguration: { group: 'flowcontrol.apiserver.k8s.io', resource: 'prioritylevelconfigurations' },
};

function fromData(): Wanted[] {
  return Object.entries(readData('bootstrap.json')).flatMap(([kind, objects]) => {
    const ref = refs[kind];
    if (!ref) return [];
    const apiVersion = `${ref.group}/v1`;
    return objects.map((object) => ({
      ref,
      object: { ...object, kind, apiVersion },
    }));
  });
}

function namespaces(): Wanted[] {
  return systemNamespaces.map((name) => ({
    ref: { group: '', resource: 'namespaces' },
    object: { kind: 'Namespace', apiVersion: 'v1', metadata: { name } },
  }));
}

/** Whoever may stand for nodes, see `node/`. Real nodes are authorized one by one. */
const nodes: Wanted = {
  ref: rbac('clusterrolebindings'),
  object: {
    kind: 'ClusterRoleBinding',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: { name: 'system:simulated-nodes' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:simulated-nodes' }],
  },
};

/** How pods find the API server, and whom it believes. */
function ownObjects({ caPem, address }: { caPem: string; address: { ip: string; port: number } }): Wanted[] {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  return [
    {
      ref: { group: '', resource: 'services' },
      object: {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: 'kubernetes', namespace: 'default', labels },
        spec: {
          clusterIP: '10.96.0.1',
          ports: [{ name: 'https', port: 443, targetPort: address.port, protocol: 'TCP' }],
        },
      },
    },
    {
      ref: { group: 'networking.k8s.io', resource: 'servicecidrs' },
      object: {
        kind: 'ServiceCIDR',
        apiVersion: 'networking.k8s.io/v1',
        metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
        spec: { cidrs: ['10.96.0.0/16'] },
      },
    },
    {
      ref: { group: '', resource: 'configmaps' },
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
        data: { 'client-ca-file': caPem },
      },
    },
  ];
}

async function ensure(client: ClusterClient, { ref, object }: Wanted): Promise<void> {
  try {
    await client.get(ref, object.metadata.namespace, object.metadata.name);
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
    await client.create(ref, object);
  }
}

/** Creates what every cluster has from its first moment on; leaves alone what is there. */
export async function bootstrap(
  client: ClusterClient,
  own: { caPem: string; address: { ip: string; port: number } },
): Promise<void> {
  await Promise.all(namespaces().map((wanted) => ensure(client, wanted)));
  await Promise.all([...fromData(), nodes, ...ownObjects(own)].map((wanted) => ensure(client, wanted)));
}

import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';

/** Who plays stages. Bind more roles to this user for stages of other kinds. */
export const stagesUser = 'system:simulated-stages';

const rbac = 'rbac.authorization.k8s.io';
const bindings: ResourceRef = { group: rbac, resource: 'clusterrolebindings' };
const change = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];

const role: ClusterObject = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name: stagesUser },
  rules: [
    { apiGroups: ['kwok.x-k8s.io'], resources: ['stages'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['pods', 'pods/status', 'nodes', 'nodes/status'], verbs: change },
    {
      apiGroups: [''],
      resources: [
        'persistentvolumes',
        'persistentvolumes/status',
        'persistentvolumeclaims',
        'persistentvolumeclaims/status',
      ],
      verbs: change,
    },
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
  ],
};

const binding: ClusterObject = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: stagesUser },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: stagesUser },
  subjects: [{ apiGroup: rbac, kind: 'User', name: stagesUser }],
};

/** Lets the user of stages do its work; `client` is an administrator's. What somebody has changed stays changed. */
export async function grantStages(client: ClusterClient): Promise<void> {
  for (const [ref, object] of [
    [refs.clusterRoles, role],
    [bindings, binding],
  ] as const) {
    try {
      await client.create(ref, object);
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists')) throw error;
    }
  }
}

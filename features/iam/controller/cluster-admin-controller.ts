import { apiVersionOf } from '@kit/kube';
import { defineController, done } from '@kit/reconcile';
import type { Step } from '@kit/reconcile';
import { fieldManager, iamTypes, labels, platformAdminRole } from '../contract/index.ts';
import type { BindingObject } from '../contract/index.ts';
import type { IamControllerDeps } from './ports.ts';

/**
 * Who administers the platform administers the cluster: with a kubeconfig of their own they are asked by Kubernetes
 * itself, which knows no platform roles. The binding goes with the one it rests on.
 */
const ensureClusterAdmin: Step<BindingObject, IamControllerDeps> = async (binding, { kube, views }) => {
  const people = (binding.subjects ?? []).filter(({ kind }) => kind === 'User').map(({ name }) => name);
  if (binding.roleRef.name !== platformAdminRole) return done;
  for (const name of people) {
    const type = iamTypes.clusterRoleBindings;
    const wanted = clusterAdminBinding(binding, name);
    const present = views.of<BindingObject>(type).get('', wanted.metadata.name)?.object();
    const owner = present?.metadata.ownerReferences?.some(({ uid }) => uid === binding.metadata.uid);
    if (!owner) await kube.apply(type, wanted, { fieldManager, force: true });
  }
  return done;
};

function clusterAdminBinding({ metadata }: BindingObject, userName: string): BindingObject {
  const type = iamTypes.globalRoleBindings;
  return {
    apiVersion: apiVersionOf(iamTypes.clusterRoleBindings),
    kind: iamTypes.clusterRoleBindings.kind,
    metadata: {
      name: `${userName}-cluster-admin`,
      labels: { [labels.userRef]: userName, [labels.managedBy]: fieldManager },
      ownerReferences: [
        { apiVersion: apiVersionOf(type), kind: type.kind, name: metadata.name, uid: metadata.uid ?? '' },
      ],
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: userName }],
  };
}

/** Gives platform administrators the cluster's own right to everything. */
export const clusterAdminController = defineController<BindingObject, IamControllerDeps>({
  name: 'cluster-admin',
  type: iamTypes.globalRoleBindings,
  owns: [iamTypes.clusterRoleBindings],
  steps: [ensureClusterAdmin],
  fieldOwner: 'freehold-iam',
});

import { isApiError } from '@kit/base';
import { apiVersionOf, kinds } from '@kit/kube';
import type { KubeObject } from '@kit/kube';
import { defineController, done, stalled } from '@kit/reconcile';
import type { Step } from '@kit/reconcile';
import { annotations, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject } from '../contract/index.ts';
import type { IamControllerDeps } from './ports.ts';

type AccountStep = Step<KubeObject, IamControllerDeps>;

const type = iamTypes.roleBindings;

/** The one role of the project that an annotation gives a service account; bindings to former ones go. */
const ensureRole: AccountStep = async (account, { kube, views }) => {
  const { name, namespace = '' } = account.metadata;
  const role = account.metadata.annotations?.[annotations.role];
  const own = [...views.of<BindingObject>(type).rows(namespace)].filter(
    (row) => row.labels[labels.serviceAccountRef] === name,
  );
  for (const row of own) {
    if (row.object().roleRef.name === role) continue;
    await kube.delete(type, { namespace, name: row.name }).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
  if (!role || own.some((row) => row.object().roleRef.name === role)) return done;
  if (!(await kube.find(iamTypes.roles, { namespace, name: role })))
    return stalled('RoleMissing', `the project has no role "${role}"`);
  await kube.apply(type, bindingOf(account, role), { fieldManager, force: true });
  return done;
};

function bindingOf({ metadata }: KubeObject, role: string): BindingObject {
  const { name, namespace = '', uid = '' } = metadata;
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name: `${name}-${role}-serviceaccount`,
      namespace,
      labels: { [labels.serviceAccountRef]: name, [labels.managedBy]: fieldManager },
      ownerReferences: [{ apiVersion: 'v1', kind: 'ServiceAccount', name, uid }],
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
}

/** Gives service accounts the role that their annotation names. */
export const serviceAccountController = defineController<KubeObject, IamControllerDeps>({
  name: 'service-account-role',
  type: kinds.serviceaccounts,
  owns: [type],
  steps: [ensureRole],
  fieldOwner: 'freehold-iam',
});

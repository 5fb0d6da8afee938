import { annotations, apiVersionOf, iamGroup, iamTypes, labels, type BindingObject } from '@feature/iam/contract';
import type { ResourceType } from '@kit/kube';
import { managedBy, requestAnnotation, type AccessRequest } from '../contract/index.ts';

type Spec = AccessRequest['spec'];

/** Where the roles and bindings of a request's place are. */
export function placeTypes({ namespace }: Spec): { readonly role: ResourceType; readonly binding: ResourceType } {
  return namespace === undefined
    ? { role: iamTypes.workspaceRoles, binding: iamTypes.workspaceRoleBindings }
    : { role: iamTypes.roles, binding: iamTypes.roleBindings };
}

/** The binding that an approved request becomes; its name is the request's own, so that it stands beside other roles. */
export function bindingFor({ metadata, spec }: AccessRequest): BindingObject {
  const { user, role, workspace, namespace } = spec;
  const types = placeTypes(spec);
  return {
    apiVersion: apiVersionOf(types.binding),
    kind: types.binding.kind,
    metadata: {
      name: `request-${metadata.name}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        [labels.userRef]: user,
        [managedBy.label]: managedBy.value,
        ...(workspace === undefined ? {} : { [labels.workspace]: workspace }),
      },
      annotations: { [requestAnnotation]: metadata.name, [annotations.creator]: user },
    },
    roleRef: { apiGroup: types.role.group, kind: types.role.kind, name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}

/** What deciding on a request asks for: making members of its place. */
export function decisionRight({ workspace, namespace }: Spec) {
  const resource = namespace === undefined ? 'workspacemembers' : 'members';
  const place = namespace === undefined ? { workspace: workspace ?? '' } : { namespace };
  return { verb: 'create', group: iamGroup, resource, ...place };
}

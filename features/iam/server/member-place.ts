import type { ResourceType } from '@kit/kube';
import { annotations, apiVersionOf, fieldManager, iamGroup, iamTypes, labels } from '../contract/index.ts';
import type { Attributes, BindingObject } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';

/** A place that has members: where their bindings are and which roles there are to give. */
export interface MemberPlace {
  readonly place: BindingPlace;
  /** What members are called in a message: `workspace "dev"`. */
  readonly title: string;
  /** Of roles and bindings; '' where they are cluster-scoped. */
  readonly namespace: string;
  readonly roleType: ResourceType;
  readonly bindingType: ResourceType;
  /** Whether a role belongs here, by its labels. */
  readonly hasRole: (roleLabels: Readonly<Record<string, string>>) => boolean;
  /** The annotation that carries the role of a member in an answer. */
  readonly annotation: string;
  readonly bindingLabels: Readonly<Record<string, string>>;
  /** Where the giver must hold what they give. */
  readonly where: Attributes;
}

export function workspacePlace(workspace: string): MemberPlace {
  return {
    place: `workspace/${workspace}`,
    title: `workspace "${workspace}"`,
    namespace: '',
    roleType: iamTypes.workspaceRoles,
    bindingType: iamTypes.workspaceRoleBindings,
    hasRole: (roleLabels) => roleLabels[labels.workspace] === workspace,
    annotation: annotations.workspaceRole,
    bindingLabels: { [labels.workspace]: workspace },
    where: attributesOf({ verb: 'create', group: iamGroup, resource: 'workspacemembers', workspace }),
  };
}

export function projectPlace(namespace: string): MemberPlace {
  return {
    place: `project/${namespace}`,
    title: `project "${namespace}"`,
    namespace,
    roleType: iamTypes.roles,
    bindingType: iamTypes.roleBindings,
    hasRole: () => true,
    annotation: annotations.role,
    bindingLabels: {},
    where: attributesOf({ verb: 'create', group: iamGroup, resource: 'members', namespace }),
  };
}

export const clusterPlace: MemberPlace = {
  place: 'cluster',
  title: 'the cluster',
  namespace: '',
  roleType: iamTypes.clusterRoles,
  bindingType: iamTypes.clusterRoleBindings,
  hasRole: () => true,
  annotation: annotations.clusterRole,
  bindingLabels: {},
  where: attributesOf({ verb: 'create', group: iamGroup, resource: 'clustermembers' }),
};

/** The binding that makes a user a member. */
export function memberBinding(place: MemberPlace, userName: string, role: string): BindingObject {
  return {
    apiVersion: apiVersionOf(place.bindingType),
    kind: place.bindingType.kind,
    metadata: {
      name: `${userName}-${role}`,
      ...(place.namespace === '' ? {} : { namespace: place.namespace }),
      labels: { ...place.bindingLabels, [labels.userRef]: userName, [labels.managedBy]: fieldManager },
    },
    roleRef: { apiGroup: place.roleType.group, kind: place.roleType.kind, name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: userName }],
  };
}

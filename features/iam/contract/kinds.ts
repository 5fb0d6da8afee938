import type { KubeObject, ObjectMeta, ResourceType } from '@kit/kube';

export const iamGroup = 'iam.kubesphere.io';

const kind = (name: string, plural: string): ResourceType => ({
  group: iamGroup,
  version: 'v1alpha2',
  kind: name,
  plural,
  namespaced: false,
});
const rbac = (name: string, plural: string, namespaced: boolean): ResourceType => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: name,
  plural,
  namespaced,
});

/** The kinds that say who there is and what they may do: the platform's own and Kubernetes' four. */
export const iamTypes = {
  users: kind('User', 'users'),
  loginRecords: kind('LoginRecord', 'loginrecords'),
  globalRoles: kind('GlobalRole', 'globalroles'),
  globalRoleBindings: kind('GlobalRoleBinding', 'globalrolebindings'),
  workspaceRoles: kind('WorkspaceRole', 'workspaceroles'),
  workspaceRoleBindings: kind('WorkspaceRoleBinding', 'workspacerolebindings'),
  roleBases: kind('RoleBase', 'rolebases'),
  groups: kind('Group', 'groups'),
  groupBindings: kind('GroupBinding', 'groupbindings'),
  roles: rbac('Role', 'roles', true),
  roleBindings: rbac('RoleBinding', 'rolebindings', true),
  clusterRoles: rbac('ClusterRole', 'clusterroles', false),
  clusterRoleBindings: rbac('ClusterRoleBinding', 'clusterrolebindings', false),
} as const satisfies Record<string, ResourceType>;

/** `group/version` of a type, as objects write it. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface Subject {
  kind: string;
  name: string;
  apiGroup?: string;
  namespace?: string;
}

export interface RoleRef {
  apiGroup: string;
  kind: string;
  name: string;
}

/** A role of any level. */
export type RoleObject = KubeObject & { rules?: PolicyRule[] | null };

/** A binding of any level. */
export type BindingObject = KubeObject & { roleRef: RoleRef; subjects?: Subject[] };

export type RoleBaseObject = KubeObject & {
  role: { apiVersion: string; kind: string; metadata: ObjectMeta; rules?: PolicyRule[] };
};

/** People of a workspace who are given roles together. */
export type GroupObject = KubeObject & { spec?: object };

/** Who is in a group: one object for each person. */
export type GroupBindingObject = KubeObject & {
  groupRef: { apiGroup: string; kind: string; name: string };
  users: string[];
};

export type UserState = 'Active' | 'Disabled' | 'AuthLimitExceeded';

export interface UserSpec {
  email: string;
  displayName?: string;
  description?: string;
  lang?: string;
  groups?: string[];
  /** Plain only between a write by other means than the platform's API and the controller's next look; then a hash. */
  password?: string;
}

export interface UserStatus {
  state?: UserState;
  reason?: string;
  lastTransitionTime?: string;
  lastLoginTime?: string;
}

export type UserObject = KubeObject & { spec: UserSpec; status?: UserStatus };

export type LoginRecordObject = KubeObject & {
  spec: { type: string; provider: string; success: boolean; reason: string; sourceIP: string; userAgent?: string };
};

/** One person in one place, as the members API speaks of them. */
export interface Member {
  readonly username: string;
  readonly roleRef: string;
}

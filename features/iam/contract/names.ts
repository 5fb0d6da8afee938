/** Labels that tie objects of the platform together. */
export const labels = {
  workspace: 'kubesphere.io/workspace',
  namespace: 'kubesphere.io/namespace',
  devopsProject: 'kubesphere.io/devopsproject',
  userRef: 'iam.kubesphere.io/user-ref',
  groupRef: 'iam.kubesphere.io/group-ref',
  /** "true": offered in the role editor; "false": part of built-in roles only. */
  roleTemplate: 'iam.kubesphere.io/role-template',
  /** On a RoleBase: stamped into every project. */
  scopeNamespace: 'scope.kubesphere.io/namespace',
  /** With the value of `fieldManager`: on what the platform put into projects, so that an uninstall finds it. */
  managedBy: 'app.kubernetes.io/managed-by',
  identityProvider: 'iam.kubesphere.io/identify-provider',
} as const;

export const annotations = {
  creator: 'kubesphere.io/creator',
  aliasName: 'kubesphere.io/alias-name',
  description: 'kubesphere.io/description',
  /** On a User: the platform role; accepted on create, filled in on answers, never kept. */
  globalRole: 'iam.kubesphere.io/globalrole',
  workspaceRole: 'iam.kubesphere.io/workspacerole',
  clusterRole: 'iam.kubesphere.io/clusterrole',
  role: 'iam.kubesphere.io/role',
  /** On a User: "true" until they have chosen a password of their own. */
  uninitialized: 'iam.kubesphere.io/uninitialized',
  lastPasswordChange: 'iam.kubesphere.io/last-password-change-time',
  aggregationRoles: 'iam.kubesphere.io/aggregation-roles',
  roleTemplateRules: 'iam.kubesphere.io/role-template-rules',
} as const;

export const userFinalizer = 'finalizers.kubesphere.io/users';

/** Where the platform keeps what is its own: the signing key, leader leases, the administrator's first password. */
export const systemNamespace = 'kubesphere-system';

export const anonymousUser = 'system:anonymous';
export const unauthenticatedGroup = 'system:unauthenticated';
export const authenticatedGroup = 'system:authenticated';
export const platformAdminRole = 'platform-admin';
/** The field manager of everything the platform applies. */
export const fieldManager = 'freehold';

/** Labels that tie objects of the platform together. */
export const labels = {
  workspace: 'kubesphere.io/workspace',
  namespace: 'kubesphere.io/namespace',
  devopsProject: 'kubesphere.io/devopsproject',
  userRef: 'iam.kubesphere.io/user-ref',
  groupRef: 'iam.kubesphere.io/group-ref',
  /** On a Group: the one it belongs to; absent or `root` for a group of the workspace itself. */
  groupParent: 'iam.kubesphere.io/group-parent',
  serviceAccountRef: 'iam.kubesphere.io/serviceaccount-ref',
  /** "true": offered in the role editor; "false": part of built-in roles only. */
  roleTemplate: 'iam.kubesphere.io/role-template',
  /** On a RoleBase: stamped into every project. */
  scopeNamespace: 'scope.kubesphere.io/namespace',
  scopeDevops: 'scope.kubesphere.io/devops',
  /** With the value of `fieldManager`: on what the platform put into projects, so that an uninstall finds it. */
  managedBy: 'app.kubernetes.io/managed-by',
  identityProvider: 'iam.kubesphere.io/identify-provider',
  /** On a User that an identity provider vouches for: who they are there. */
  originUid: 'iam.kubesphere.io/origin-uid',
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
  /** On a User who failed to sign in too often: until when. */
  lockedUntil: 'iam.freehold.io/locked-until',
  /** On a User who came with a hash of another make: when their password, unchanged, was hashed anew. */
  passwordRenewed: 'iam.freehold.io/password-renewed',
  /** On the first administrator: their password, which is told once, has been. */
  passwordTold: 'iam.freehold.io/password-told',
  /** On a template: a JSON list of the templates that must come along. */
  dependencies: 'iam.kubesphere.io/dependencies',
  /** On a template: the heading it stands under in the role editor. */
  module: 'iam.kubesphere.io/module',
} as const;

export const userFinalizer = 'finalizers.kubesphere.io/users';
export const groupFinalizer = 'finalizers.kubesphere.io/groups';
export const groupBindingFinalizer = 'finalizers.kubesphere.io/groupsbindings';

/** Where the platform keeps what is its own: the signing key, leader leases, the administrator's first password. */
export const systemNamespace = 'kubesphere-system';

export const anonymousUser = 'system:anonymous';
export const unauthenticatedGroup = 'system:unauthenticated';
export const authenticatedGroup = 'system:authenticated';
/** Who a person is between being vouched for by an identity provider and having an account. */
export const preRegistrationUser = 'system:pre-registration';
export const preRegistrationGroup = 'pre-registration';
export const platformAdminRole = 'platform-admin';
/** The field manager of everything the platform applies. */
export const fieldManager = 'freehold';

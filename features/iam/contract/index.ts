export {
  anonymousUser,
  annotations,
  authenticatedGroup,
  fieldManager,
  groupBindingFinalizer,
  groupFinalizer,
  labels,
  platformAdminRole,
  preRegistrationGroup,
  preRegistrationUser,
  systemNamespace,
  unauthenticatedGroup,
  userFinalizer,
} from './names.ts';
export { apiVersionOf, iamGroup, iamTypes } from './kinds.ts';
export type {
  BindingObject,
  GroupBindingObject,
  GroupObject,
  LoginRecordObject,
  Member,
  PolicyRule,
  RoleBaseObject,
  RoleObject,
  RoleRef,
  Subject,
  UserObject,
  UserSpec,
  UserState,
  UserStatus,
} from './kinds.ts';
export { iamKinds } from './crds.ts';
export { apiTokenType, ownGroup } from './api-tokens.ts';
export type { ApiTokenObject } from './api-tokens.ts';
export { iamSeeds } from './seeds.ts';
export { publicUser } from './public-user.ts';
export type { Access, AccessScope, Attributes, AttributesQuery, Decision, WorkspaceScope } from './access.ts';
export type { RequestInfo } from './request-info.ts';
export type { ObjectChange, WriteGuard } from './write-guard.ts';

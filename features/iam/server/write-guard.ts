import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject, Views } from '@kit/kube';
import { annotations, iamGroup, iamTypes, labels } from '../contract/index.ts';
import type {
  Attributes,
  BindingObject,
  GroupBindingObject,
  ObjectChange,
  PolicyRule,
  RoleBaseObject,
  RoleObject,
  UserObject,
  WriteGuard,
} from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { checkMayJoin } from './group-rights.ts';
import { clusterPlace, projectPlace, workspacePlace } from './member-place.ts';
import { checkEmailIsFree } from './user-email.ts';

interface GuardParts {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly index: AuthorizationIndex;
}

type Check = (parts: GuardParts, user: User, change: ObjectChange) => void | Promise<void>;

const onPlatform = attributesOf({ verb: 'create', group: iamGroup, resource: 'globalrolebindings' });
const everything: PolicyRule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];

/** Where the rights of a role or binding would count. */
function whereOf({ kind, metadata }: KubeObject): Attributes {
  if (metadata.namespace) return projectPlace(metadata.namespace).where;
  if (kind.startsWith('Cluster')) return clusterPlace.where;
  const workspace = metadata.labels?.[labels.workspace];
  return kind.startsWith('Workspace') && workspace ? workspacePlace(workspace).where : onPlatform;
}

const checkRole: Check = ({ index }, user, { before, after }) => {
  const [was, is]: [RoleObject | undefined, RoleObject] = [before, after];
  const isSame =
    was &&
    isDeepStrictEqual(was.rules ?? [], is.rules ?? []) &&
    isDeepStrictEqual(was['aggregationRule'], is['aggregationRule']) &&
    isDeepStrictEqual(whereOf(was), whereOf(is));
  if (isSame) return;
  // What a role aggregates is decided by labels of others, now and later.
  const rules = is['aggregationRule'] === undefined ? is.rules : everything;
  index.checkMayGive(user, whereOf(is), { name: is.metadata.name, rules });
};

const checkRoleBase: Check = ({ index }, user, { before, after }) => {
  const [was, is] = [before as RoleBaseObject | undefined, after as RoleBaseObject]; // the table below calls it for role bases only
  if (was && isDeepStrictEqual(was.role.rules, is.role.rules)) return;
  index.checkMayGive(user, onPlatform, { name: is.metadata.name, rules: is.role.rules ?? null });
};

const roleTypes = [iamTypes.globalRoles, iamTypes.workspaceRoles, iamTypes.clusterRoles, iamTypes.roles];

function isSameBinding(was: BindingObject, is: BindingObject): boolean {
  return (
    isDeepStrictEqual(was.roleRef, is.roleRef) &&
    isDeepStrictEqual(was.subjects ?? [], is.subjects ?? []) &&
    isDeepStrictEqual(whereOf(was), whereOf(is))
  );
}

/** The role that a binding names, as the cluster has it: what is not there yet could become anything. */
async function boundRole(kube: KubeClient, { roleRef, metadata }: BindingObject): Promise<RoleObject> {
  const { kind, name } = roleRef;
  const type = roleTypes.find((one) => one.kind === kind);
  const key = type?.namespaced && metadata.namespace ? { namespace: metadata.namespace, name } : { name };
  const role = type && (await kube.find<RoleObject>(type, key));
  if (role) return role;
  throw new ApiError('NotFound', `there is no ${kind} "${name}" to bind to`, {
    details: { kind: type?.plural ?? kind, name },
  });
}

const checkBinding: Check = async ({ kube, index }, user, { before, after }) => {
  const [was, is] = [before as BindingObject | undefined, after as BindingObject]; // the table below calls it for bindings only
  if (was && isSameBinding(was, is)) return;
  const { rules } = await boundRole(kube, is);
  index.checkMayGive(user, whereOf(is), { name: is.roleRef.name, rules: rules ?? null });
  if (is.kind === 'GlobalRoleBinding' || is.kind === 'WorkspaceRoleBinding') await checkPeople(kube, is);
};

/** Who is bound before they exist would start with rights that nobody gave them. */
async function checkPeople(kube: KubeClient, { subjects = [] }: BindingObject): Promise<void> {
  for (const { kind, name } of subjects) {
    if (kind !== 'User' || name.startsWith('system:')) continue;
    if (await kube.find(iamTypes.users, { name })) continue;
    throw new ApiError('NotFound', `there is no user "${name}"`, { details: { kind: 'users', name } });
  }
}

const checkGroup: Check = (parts, user, { before, after }) => {
  if (!before) checkMayJoin(parts, user, after.metadata.name);
};

const checkGroupBinding: Check = async (parts, user, { before, after }) => {
  const { groupRef, users } = after as GroupBindingObject; // the table below calls it for group bindings only
  if (before && isDeepStrictEqual([before['groupRef'], before['users']], [groupRef, users])) return;
  checkMayJoin(parts, user, groupRef.name);
  const subjects = users.map((name) => ({ kind: 'User', name }));
  await checkPeople(parts.kube, { ...after, roleRef: { apiGroup: '', kind: '', name: '' }, subjects });
};

const checkUser: Check = (parts, user, { before, after }) => {
  const [was, is] = [before as UserObject | undefined, after as UserObject]; // the table below calls it for users only
  const users = parts.views.of<UserObject>(iamTypes.users);
  if (was?.spec.email !== is.spec.email) checkEmailIsFree(users, is.spec.email, is.metadata.name);
  for (const group of is.spec.groups ?? []) if (!was?.spec.groups?.includes(group)) checkMayJoin(parts, user, group);
};

/** A service account is given the role that its annotation names: naming it is giving it. */
const checkServiceAccount: Check = async ({ kube, index }, user, { before, after }) => {
  const role = after.metadata.annotations?.[annotations.role];
  if (!role || role === before?.metadata.annotations?.[annotations.role]) return;
  const { namespace = '' } = after.metadata;
  const found = await kube.find<RoleObject>(iamTypes.roles, { namespace, name: role });
  if (!found)
    throw new ApiError('NotFound', `project "${namespace}" has no role "${role}"`, {
      details: { kind: 'roles', name: role },
    });
  index.checkMayGive(user, projectPlace(namespace).where, { name: role, rules: found.rules });
};

const key = ({ group, plural }: { readonly group: string; readonly plural: string }): string => `${group}/${plural}`;

const checks: ReadonlyMap<string, Check> = new Map([
  ...roleTypes.map((type) => [key(type), checkRole] as const),
  [key(iamTypes.roleBases), checkRoleBase],
  [key(iamTypes.globalRoleBindings), checkBinding],
  [key(iamTypes.workspaceRoleBindings), checkBinding],
  [key(iamTypes.clusterRoleBindings), checkBinding],
  [key(iamTypes.roleBindings), checkBinding],
  [key(iamTypes.groups), checkGroup],
  [key(iamTypes.groupBindings), checkGroupBinding],
  [key(iamTypes.users), checkUser],
  [key(kinds.serviceaccounts), checkServiceAccount],
]);

/** Checks writes of people, roles and bindings that come as Kubernetes objects. */
export function createWriteGuard(parts: GuardParts): WriteGuard {
  return {
    concerns: (group, resource) => checks.has(`${group}/${resource}`),
    check: async (user, change) => checks.get(`${change.group}/${change.resource}`)?.(parts, user, change),
  };
}

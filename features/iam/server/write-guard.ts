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
  Subject,
  UserObject,
  WriteGuard,
} from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { checkMayJoin, checkMayTakeName } from './group-rights.ts';
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

/** The labels of a cluster role are part of it: by them its rules are taken into others that aggregate. */
function isSameRole(was: RoleObject, is: RoleObject): boolean {
  const isSameLabels = is.kind !== iamTypes.clusterRoles.kind || isDeepStrictEqual(labelsOf(was), labelsOf(is));
  return (
    isSameLabels &&
    isDeepStrictEqual(was.rules ?? [], is.rules ?? []) &&
    isDeepStrictEqual(was['aggregationRule'], is['aggregationRule']) &&
    isDeepStrictEqual(whereOf(was), whereOf(is))
  );
}

const labelsOf = ({ metadata }: KubeObject): Readonly<Record<string, string>> => metadata.labels ?? {};

const checkRole: Check = ({ index }, user, { before, after }) => {
  const [was, is]: [RoleObject | undefined, RoleObject] = [before, after];
  if (was && isSameRole(was, is)) return;
  // What a role aggregates is decided by labels of others, now and later.
  const rules = is['aggregationRule'] === undefined ? is.rules : everything;
  index.checkMayGive(user, whereOf(is), { name: is.metadata.name, rules });
};

const checkRoleBase: Check = ({ index }, user, { before, after }) => {
  const [was, is] = [before as RoleBaseObject | undefined, after as RoleBaseObject]; // the table below calls it for role bases only
  // What it is called and its labels say whose role it becomes, in every project.
  if (was && isDeepStrictEqual([was.role, labelsOf(was)], [is.role, labelsOf(is)])) return;
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
  await checkPeople(kube, newSubjects(was, is));
};

function newSubjects(was: BindingObject | undefined, { subjects = [] }: BindingObject): readonly Subject[] {
  return subjects.filter((one) => !was?.subjects?.some((other) => isDeepStrictEqual(one, other)));
}

/** Who is bound before they exist would start with rights that nobody gave them. */
async function checkPeople(kube: KubeClient, subjects: readonly Subject[]): Promise<void> {
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
  await checkPeople(
    parts.kube,
    users.map((name) => ({ kind: 'User', name })),
  );
};

const checkUser: Check = (parts, user, { before, after }) => {
  const [was, is] = [before as UserObject | undefined, after as UserObject]; // the table below calls it for users only
  const users = parts.views.of<UserObject>(iamTypes.users);
  if (!was) checkMayTakeName(parts, user, is.metadata.name);
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

interface WithManager {
  readonly spec?: { readonly template?: { readonly spec?: { readonly manager?: string } } };
}

const managerOf = (template: KubeObject | undefined): string | undefined =>
  (template as WithManager | undefined)?.spec?.template?.spec?.manager; // called for workspace templates only

/** Naming a workspace's manager is giving them its admin role, and with it whatever is in the workspace. */
const checkWorkspace: Check = async ({ kube, index }, user, { before, after }) => {
  const manager = managerOf(after);
  if (!manager || manager === managerOf(before)) return;
  await checkPeople(kube, [{ kind: 'User', name: manager }]);
  const { name } = after.metadata;
  const { items } = await kube.list(kinds.namespaces, { labelSelector: `${labels.workspace}=${name}` });
  if (!before && items.length === 0) return;
  index.checkMayGive(user, workspacePlace(name).where, { name: `${name}-admin`, rules: everything });
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
  ['tenant.kubesphere.io/workspacetemplates', checkWorkspace], // of another feature, which asks here too
]);

/** Checks writes of people, roles and bindings that come as Kubernetes objects. */
export function createWriteGuard(parts: GuardParts): WriteGuard {
  return {
    concerns: (group, resource) => checks.has(`${group}/${resource}`),
    check: async (user, change) => checks.get(`${change.group}/${change.resource}`)?.(parts, user, change),
  };
}

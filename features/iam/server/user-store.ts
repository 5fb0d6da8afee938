import { ApiError, timestamp } from '@kit/base';
import type { User } from '@kit/http';
import type { Static } from 'typebox';
import { annotations, apiVersionOf, fieldManager, iamTypes, publicUser, userFinalizer } from '../contract/index.ts';
import type { UserObject, UserState, UserStatus } from '../contract/index.ts';
import { checkPassword, hashPassword } from '../rules/password.ts';
import { awaitRow } from './await-row.ts';
import { checkMayGiveGlobalRole, checkOutranks, globalRoleOf, setGlobalRole } from './global-role.ts';
import { checkMayJoin, checkMayTakeName } from './group-rights.ts';
import type { AboutUser, IamParts } from './parts.ts';
import type { userBody } from './schemas.ts';
import { checkEmailIsFree } from './user-email.ts';

type UserBody = Static<typeof userBody>;

/** The user as the API shows them, with their platform role. */
export function shownUser(parts: Pick<IamParts, 'index'>, user: UserObject): UserObject {
  const role = globalRoleOf(parts, user.metadata.name);
  return publicUser(user, role === undefined ? {} : { [annotations.globalRole]: role });
}

/**
 * Creates an account that can sign in at once; the password is stored as a hash only, and the user, who did not choose
 * it, is asked for one of their own.
 */
export async function createUser(parts: IamParts, caller: User, body: UserBody): Promise<UserObject> {
  const { [annotations.globalRole]: role, ...noted } = body.metadata.annotations ?? {};
  const { password, ...spec } = body.spec;
  await checkNewUser(parts, caller, { body, role });
  const now = timestamp(parts.clock.now());
  const given = { [annotations.lastPasswordChange]: now, [annotations.uninitialized]: 'true' };
  const user: UserObject = {
    apiVersion: apiVersionOf(iamTypes.users),
    kind: iamTypes.users.kind,
    metadata: {
      name: body.metadata.name,
      ...(body.metadata.labels ? { labels: body.metadata.labels } : {}),
      annotations: { ...noted, ...(password === undefined ? {} : given) },
      finalizers: [userFinalizer],
    },
    spec: { ...spec, ...(password === undefined ? {} : { password: await hashPassword(password) }) },
    status:
      password === undefined
        ? { state: 'Disabled', reason: 'no password has been set', lastTransitionTime: now }
        : { state: 'Active', lastTransitionTime: now },
  };
  const created = await parts.kube.create(iamTypes.users, user, { fieldManager });
  if (role !== undefined) await setGlobalRole(parts, created.metadata.name, role);
  await awaitRow(parts.clock, parts.users, () => parts.users.get('', created.metadata.name) !== undefined);
  return shownUser(parts, created);
}

async function checkNewUser(
  parts: IamParts,
  caller: User,
  { body, role }: { readonly body: UserBody; readonly role: string | undefined },
): Promise<void> {
  const { password, email, groups = [] } = body.spec;
  if (password !== undefined) checkPassword(password, 'spec.password', (await parts.config.settings()).passwordPolicy);
  checkEmailIsFree(parts.users, email, body.metadata.name);
  checkMayTakeName(parts, caller, body.metadata.name);
  if (role !== undefined) await checkMayGiveGlobalRole(parts, caller, role);
  for (const group of groups) checkMayJoin(parts, caller, group);
}

/**
 * Replaces what a person may change of an account; with a role that allows it, also state, groups and platform role.
 * The version must be the one read: a change in between is a `Conflict`.
 */
export async function replaceUser(parts: IamParts, about: AboutUser, body: UserBody): Promise<UserObject> {
  const { caller, name } = about;
  if (body.metadata.name !== name)
    throw new ApiError('BadRequest', `the body is about user "${body.metadata.name}", the path about "${name}"`);
  const current = await parts.kube.get<UserObject>(iamTypes.users, { name });
  if (!body.metadata.resourceVersion) throw required('metadata.resourceVersion', 'say which version was changed');
  if (body.spec.password !== undefined)
    throw new ApiError('BadRequest', 'a password is changed at users/{user}/password');
  checkEmailIsFree(parts.users, body.spec.email, name);
  const isManager = managesUsers(parts, caller, name);
  if (isManager && caller.name !== name) checkOutranks(parts, caller, name);
  const role = await newRole(parts, about, { isManager, wanted: body.metadata.annotations?.[annotations.globalRole] });
  const mayManage = isManager && caller.name !== name;
  if (mayManage) checkNewGroups(parts, caller, { current, groups: body.spec.groups });
  const next = merged(current, body, { mayManage, now: timestamp(parts.clock.now()) });
  const updated = await parts.kube.update(iamTypes.users, next, { fieldManager });
  if (role !== undefined) await setGlobalRole(parts, name, role);
  const { resourceVersion } = updated.metadata;
  await awaitRow(parts.clock, parts.users, () => parts.users.get('', name)?.resourceVersion === resourceVersion);
  return shownUser(parts, updated);
}

/** Groups carry roles: who manages users puts them only into groups whose rights they have themselves. */
function checkNewGroups(
  parts: IamParts,
  caller: User,
  { current, groups = [] }: { readonly current: UserObject; readonly groups: readonly string[] | undefined },
): void {
  const before = new Set(current.spec.groups);
  for (const group of groups) if (!before.has(group)) checkMayJoin(parts, caller, group);
}

/** True when a role lets the caller manage this user, and not only their being that user. */
export function managesUsers({ index }: Pick<IamParts, 'index'>, caller: User, name: string): boolean {
  const { allowed, binding } = index.decide(caller, {
    verb: 'update',
    group: iamTypes.users.group,
    resource: 'users',
    name,
  });
  return allowed && binding !== undefined;
}

interface RoleChange {
  readonly isManager: boolean;
  readonly wanted: string | undefined;
}

async function newRole(
  parts: IamParts,
  { caller, name }: AboutUser,
  { isManager, wanted }: RoleChange,
): Promise<string | undefined> {
  if (wanted === undefined || wanted === '' || wanted === globalRoleOf(parts, name)) return undefined;
  if (!isManager || caller.name === name) throw new ApiError('Forbidden', 'nobody can change their own platform role');
  await checkMayGiveGlobalRole(parts, caller, wanted);
  return wanted;
}

// Kept by the platform; what a body says of them is not taken.
const kept: readonly string[] = [
  annotations.uninitialized,
  annotations.lastPasswordChange,
  annotations.lockedUntil,
  annotations.passwordRenewed,
  annotations.passwordTold,
];
const derived: readonly string[] = [
  annotations.globalRole,
  annotations.workspaceRole,
  annotations.clusterRole,
  annotations.role,
];

interface Merge {
  readonly mayManage: boolean;
  readonly now: string;
}

function merged(current: UserObject, body: UserBody, { mayManage, now }: Merge): UserObject {
  const { email, displayName, description, lang, groups } = body.spec;
  const managed = mayManage ? { labels: body.metadata.labels, groups, state: stateOf(body.status?.state) } : {};
  return {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: body.metadata.resourceVersion,
      annotations: mergedAnnotations(current, body),
      ...(managed.labels ? { labels: managed.labels } : {}),
    },
    spec: {
      ...current.spec,
      email,
      displayName,
      description,
      lang,
      ...(managed.groups ? { groups: managed.groups } : {}),
    },
    status: mergedStatus(current.status, managed.state, now),
  };
}

function mergedAnnotations({ metadata }: UserObject, body: UserBody): Record<string, string> {
  const keptNow = Object.entries(metadata.annotations ?? {}).filter(([key]) => kept.includes(key));
  const given = Object.entries(body.metadata.annotations ?? {});
  return Object.fromEntries([...given.filter(([key]) => !kept.includes(key) && !derived.includes(key)), ...keptNow]);
}

function mergedStatus(
  status: UserStatus | undefined,
  state: UserState | undefined,
  now: string,
): UserStatus | undefined {
  return state && state !== status?.state ? { ...status, state, lastTransitionTime: now } : status;
}

function stateOf(text: string | undefined): UserState | undefined {
  if (text === undefined || text === 'Active' || text === 'Disabled' || text === 'AuthLimitExceeded') return text;
  const message = `"${text}" is not a state of a user; there are Active and Disabled`;
  throw new ApiError('Invalid', message, {
    details: { causes: [{ field: 'status.state', message, reason: 'FieldValueNotSupported' }] },
  });
}

function required(field: string, message: string): ApiError {
  return new ApiError('Invalid', `${field}: ${message}`, {
    details: { causes: [{ field, message, reason: 'FieldValueRequired' }] },
  });
}

/** Deletes an account; the controller takes away its bindings before the object goes. */
export async function deleteUser(parts: IamParts, { caller, name }: AboutUser): Promise<void> {
  if (caller.name === name) throw new ApiError('BadRequest', 'nobody can delete their own account');
  checkOutranks(parts, caller, name);
  await parts.kube.delete(iamTypes.users, { name });
}

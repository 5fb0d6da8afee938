import { randomInt } from 'node:crypto';
import { Secret, isApiError, timestamp } from '@kit/base';
import type { Logger } from '@kit/base';
import type { KubeClient } from '@kit/kube';
import {
  annotations,
  apiVersionOf,
  fieldManager,
  iamGroup,
  iamTypes,
  labels,
  platformAdminRole,
  userFinalizer,
} from '../contract/index.ts';
import type { BindingObject, UserObject } from '../contract/index.ts';
import { hashPassword, passwordProblem } from '../rules/password.ts';

const adminName = 'admin';
// No characters that look alike; sixteen of these are 90 bits.
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 16;

/** A password made just now. Nobody can know it before `told` has been called, after it was shown. */
export interface NewAdmin {
  readonly password: Secret;
  told(): Promise<void>;
}

export interface EnsureAdminDeps {
  readonly client: KubeClient;
  readonly log: Logger;
  /** No other process could be showing a password of its own at this moment. */
  readonly isAlone: boolean;
}

/** So long another replica may take to show the password it made. */
const tellingMs = 120_000;

/**
 * Makes the administrator of a platform that has no user at all, with a password made at random and answered this once.
 * Bound before the user is made: a start cut short leaves no account without its role, and the next one begins anew. So
 * it does with a password that was made and, for all that is known, never shown nor used.
 */
export async function ensureAdmin(deps: EnsureAdminDeps): Promise<NewAdmin | undefined> {
  const { client, log } = deps;
  const { items } = await client.list<UserObject>(iamTypes.users);
  const password = newPassword();
  if (items.length === 0) {
    await client.apply(iamTypes.globalRoleBindings, adminBinding(), { fieldManager, force: true });
    if (!(await createAdmin(client, await hashPassword(password)))) return undefined;
    log.info('administrator created', { user: adminName });
    return newAdmin(client, password);
  }
  const admin = items.find(({ metadata }) => metadata.name === adminName);
  if (!admin || items.length > 1 || !isUntold(admin, deps)) return undefined;
  await client.update(iamTypes.users, withPassword(admin, await hashPassword(password)), { fieldManager });
  log.info('administrator given a new password, since the first was never told', { user: adminName });
  return newAdmin(client, password);
}

function newAdmin(client: KubeClient, password: string): NewAdmin {
  const patch = { metadata: { annotations: { [annotations.passwordTold]: 'true' } } };
  return {
    password: new Secret(password),
    async told() {
      await client.patch(iamTypes.users, { name: adminName }, patch, { type: 'merge', fieldManager });
    },
  };
}

/** False when another replica was faster: it tells its password. */
async function createAdmin(client: KubeClient, hash: string): Promise<boolean> {
  try {
    await client.create(iamTypes.users, adminUser(hash), { fieldManager });
    return true;
  } catch (error) {
    if (isApiError(error, 'AlreadyExists')) return false;
    throw error;
  }
}

function isUntold({ metadata, status }: UserObject, { isAlone }: EnsureAdminDeps): boolean {
  const { [annotations.passwordTold]: told, [annotations.uninitialized]: first } = metadata.annotations ?? {};
  const ageMs = Date.now() - Date.parse(metadata.creationTimestamp ?? '');
  const isUnused = first === 'true' && status?.lastLoginTime === undefined;
  return told === undefined && isUnused && (isAlone || ageMs > tellingMs);
}

/** Of the version read: whoever signs in or sets a password meanwhile keeps theirs. */
function withPassword(admin: UserObject, password: string): UserObject {
  const noted = { ...admin.metadata.annotations, [annotations.lastPasswordChange]: timestamp(Date.now()) };
  return { ...admin, metadata: { ...admin.metadata, annotations: noted }, spec: { ...admin.spec, password } };
}

function newPassword(): string {
  const password = Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
  return passwordProblem(password) === undefined ? password : newPassword();
}

function adminBinding(): BindingObject {
  return {
    apiVersion: apiVersionOf(iamTypes.globalRoleBindings),
    kind: iamTypes.globalRoleBindings.kind,
    metadata: { name: `${adminName}-${platformAdminRole}`, labels: { [labels.userRef]: adminName } },
    roleRef: { apiGroup: iamGroup, kind: iamTypes.globalRoles.kind, name: platformAdminRole },
    subjects: [{ apiGroup: iamGroup, kind: 'User', name: adminName }],
  };
}

function adminUser(password: string): UserObject {
  const now = timestamp(Date.now());
  return {
    apiVersion: apiVersionOf(iamTypes.users),
    kind: iamTypes.users.kind,
    metadata: {
      name: adminName,
      annotations: { [annotations.uninitialized]: 'true', [annotations.lastPasswordChange]: now },
      finalizers: [userFinalizer],
    },
    spec: { email: 'admin@freehold.local', password },
    status: { state: 'Active', lastTransitionTime: now },
  };
}

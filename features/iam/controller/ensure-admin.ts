import { randomInt } from 'node:crypto';
import { Secret, timestamp } from '@kit/base';
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

/**
 * Makes the administrator of a platform that has no user at all, with a password made at random and answered this once.
 * Bound before the user is made: a start cut short leaves no account without its role, and the next one begins anew.
 */
export async function ensureAdmin({
  client,
  log,
}: {
  readonly client: KubeClient;
  readonly log: Logger;
}): Promise<{ adminPassword?: Secret }> {
  const { items } = await client.list(iamTypes.users);
  if (items.length > 0) return {};
  const password = newPassword();
  await client.apply(iamTypes.globalRoleBindings, adminBinding(), { fieldManager, force: true });
  await client.create(iamTypes.users, adminUser(await hashPassword(password)), { fieldManager });
  log.info('administrator created', { user: adminName });
  return { adminPassword: new Secret(password) };
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

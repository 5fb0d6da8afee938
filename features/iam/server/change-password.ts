import { ApiError, timestamp } from '@kit/base';
import { annotations, fieldManager, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { checkPassword, hashPassword, isPassword } from '../rules/password.ts';
import { sessionOf } from './authenticate.ts';
import { awaitRow } from './await-row.ts';
import { checkOutranks } from './global-role.ts';
import type { AboutUser, IamParts } from './parts.ts';

export interface NewPassword {
  readonly currentPassword?: string;
  readonly password: string;
}

/**
 * Sets a password and ends the user's sessions; who changes their own keeps the one they act in. One's own password is
 * changed by proving the current one, another's by a role over users that have no more rights than oneself; they are
 * asked for one of their own when they next sign in.
 */
export async function changePassword(
  parts: IamParts,
  about: AboutUser,
  { currentPassword, password }: NewPassword,
): Promise<void> {
  const { caller, name } = about;
  checkPassword(password, 'password', (await parts.config.settings()).passwordPolicy);
  const user = await parts.kube.get<UserObject>(iamTypes.users, { name });
  const isOwn = caller.name === name;
  if (isOwn) await proveCurrent(parts, about, { user, currentPassword, password });
  else checkOutranks(parts, caller, name);
  const hash = await hashPassword(password);
  await parts.warden.keeps(name, hash, isOwn ? sessionOf(caller) : undefined);
  const patch = patchOf(user, hash, { now: timestamp(parts.clock.now()), isOwn });
  const changed = await parts.kube.patch<UserObject>(iamTypes.users, { name }, patch, { type: 'merge', fieldManager });
  const { resourceVersion } = changed.metadata;
  await awaitRow(parts.clock, parts.users, () => parts.users.get('', name)?.resourceVersion === resourceVersion);
}

interface Proof {
  readonly user: UserObject;
  readonly currentPassword: string | undefined;
  readonly password: string;
}

async function proveCurrent(
  { limiter }: IamParts,
  { name, sourceIp }: AboutUser,
  { user, currentPassword = '', password }: Proof,
): Promise<void> {
  await limiter.check(name, sourceIp);
  if (!(await isPassword(user.spec.password, currentPassword))) {
    await limiter.failed(name, sourceIp);
    throw wrong('currentPassword', 'the current password is wrong');
  }
  if (currentPassword === password) throw wrong('password', 'choose another password than the current one');
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('BadRequest', message, {
    details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] },
  });
}

function patchOf(
  user: UserObject,
  hash: string,
  { now, isOwn }: { readonly now: string; readonly isOwn: boolean },
): object {
  const noted = { [annotations.lastPasswordChange]: now, [annotations.uninitialized]: isOwn ? null : 'true' };
  // An account that had no password was disabled for that; nobody's deliberate disabling is undone.
  const wasWithout = user.spec.password === undefined && user.status?.state === 'Disabled';
  const status = wasWithout ? { status: { state: 'Active', reason: null, lastTransitionTime: now } } : {};
  return { metadata: { annotations: noted }, spec: { password: hash }, ...status };
}

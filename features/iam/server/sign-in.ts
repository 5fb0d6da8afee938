import { timestamp } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, View } from '@kit/kube';
import { annotations, fieldManager, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { hashPassword, isForeignHash, isPassword } from '../rules/password.ts';
import type { LoginAttempt, LoginRecords } from './login-records.ts';
import type { SessionWarden } from './session-warden.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';
import type { SignInLocks } from './sign-in-locks.ts';

export interface Attempt extends LoginAttempt {
  /** A user's name or e-mail address. */
  readonly username: string;
  readonly password: string;
}

export type SignInResult =
  | { readonly ok: true; readonly user: UserObject }
  | { readonly ok: false; readonly why: 'incorrect password' | 'account is not active' };

export interface SignInDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly limiter: SignInLimiter;
  readonly locks: SignInLocks;
  readonly records: LoginRecords;
  readonly warden: SessionWarden;
  readonly clock: Clock;
  readonly log: Logger;
}

export type SignIn = (attempt: Attempt) => Promise<SignInResult>;

/**
 * Checks a password against the user as stored now. Whether a name exists cannot be told from the answer or its time,
 * and that an account is not active is told only to those who know its password. Throws `TooManyRequests`.
 */
export function createSignIn(deps: SignInDeps): SignIn {
  const { kube, users, limiter, locks, records } = deps;
  return async (attempt) => {
    await limiter.check(attempt.username, attempt.sourceIp);
    const user = await findUser(kube, users, attempt.username);
    if (user) checkLock(deps, user, attempt);
    if (!(await isPassword(user?.spec.password, attempt.password)) || !user) {
      await limiter.failed(attempt.username, attempt.sourceIp);
      if (user) {
        records.write(user, attempt, 'incorrect password');
        await locks.failed(user);
      }
      return { ok: false, why: 'incorrect password' };
    }
    const state = user.status?.state;
    if (state !== 'Active' && state !== 'AuthLimitExceeded') {
      records.write(user, attempt, 'account is not active');
      return { ok: false, why: 'account is not active' };
    }
    await limiter.succeeded(attempt.username, attempt.sourceIp);
    await renewHash(deps, user, attempt.password);
    return { ok: true, user };
  };
}

function checkLock({ locks, records }: SignInDeps, user: UserObject, attempt: Attempt): void {
  try {
    locks.check(user);
  } catch (error) {
    records.write(user, attempt, 'too many failed sign-ins');
    throw error;
  }
}

/** The hash of an imported user, verified a moment ago, becomes one of ours; their sessions stay. */
async function renewHash({ kube, warden, log, clock }: SignInDeps, user: UserObject, password: string): Promise<void> {
  if (!isForeignHash(user.spec.password)) return;
  const { name, resourceVersion } = user.metadata;
  const hash = await hashPassword(password);
  await warden.expects(name, hash);
  const noted = { [annotations.passwordRenewed]: timestamp(clock.now()) };
  const patch = { metadata: { resourceVersion, annotations: noted }, spec: { password: hash } };
  await kube
    .patch(iamTypes.users, { name }, patch, { type: 'merge', fieldManager })
    .catch((error: unknown) => log.warn('hash of an imported password not renewed', { userName: name, error }));
}

/** The user of a name or an e-mail address, fresh from the cluster: a new account can sign in at once. */
export async function findUser(
  kube: KubeClient,
  users: View<UserObject>,
  username: string,
): Promise<UserObject | undefined> {
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(username))
    return kube.find<UserObject>(iamTypes.users, { name: username });
  if (!username.includes('@')) return undefined;
  for (const row of users.rows()) {
    const user = row.object();
    if (user.spec.email === username) return kube.find<UserObject>(iamTypes.users, { name: row.name });
  }
  return undefined;
}

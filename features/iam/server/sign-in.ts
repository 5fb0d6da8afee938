import type { Logger } from '@kit/base';
import type { KubeClient, View } from '@kit/kube';
import { apiVersionOf, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { LoginRecordObject, UserObject } from '../contract/index.ts';
import { isPassword } from '../rules/password.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';

export interface Attempt {
  /** A user's name or e-mail address. */
  readonly username: string;
  readonly password: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** How, for the login record: `Token`, `Basic`. */
  readonly type: string;
}

export type SignInResult =
  | { readonly ok: true; readonly user: UserObject }
  | { readonly ok: false; readonly why: 'incorrect password' | 'account is not active' };

export interface SignInDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly limiter: SignInLimiter;
  readonly log: Logger;
}

export type SignIn = (attempt: Attempt) => Promise<SignInResult>;

/**
 * Checks a password against the user as stored now. Whether a name exists cannot be told from the answer or its time,
 * and that an account is not active is told only to those who know its password. Throws `TooManyRequests`.
 */
export function createSignIn({ kube, users, limiter, log }: SignInDeps): SignIn {
  return async (attempt) => {
    limiter.check(attempt.username, attempt.sourceIp);
    const user = await findUser(kube, users, attempt.username);
    if (!(await isPassword(user?.spec.password, attempt.password)) || !user) {
      limiter.failed(attempt.username, attempt.sourceIp);
      if (user) record(kube, log, recordOf(user, attempt, 'incorrect password'));
      return { ok: false, why: 'incorrect password' };
    }
    if (user.status?.state !== 'Active') {
      record(kube, log, recordOf(user, attempt, 'account is not active'));
      return { ok: false, why: 'account is not active' };
    }
    limiter.succeeded(attempt.username, attempt.sourceIp);
    record(kube, log, recordOf(user, attempt));
    return { ok: true, user };
  };
}

/** The user of a name or an e-mail address, fresh from the cluster: a new account can sign in at once. */
async function findUser(kube: KubeClient, users: View<UserObject>, username: string): Promise<UserObject | undefined> {
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(username))
    return kube.find<UserObject>(iamTypes.users, { name: username });
  if (!username.includes('@')) return undefined;
  for (const row of users.rows()) {
    const user = row.object();
    if (user.spec.email === username) return kube.find<UserObject>(iamTypes.users, { name: row.name });
  }
  return undefined;
}

function recordOf(user: UserObject, { type, sourceIp, userAgent }: Attempt, failure?: string): LoginRecordObject {
  const { name } = user.metadata;
  return {
    apiVersion: apiVersionOf(iamTypes.loginRecords),
    kind: 'LoginRecord',
    metadata: generatedMetadata(name),
    spec: {
      type,
      provider: '',
      success: failure === undefined,
      reason: failure ?? 'authenticated successfully',
      sourceIP: sourceIp,
      ...(userAgent === '' ? {} : { userAgent: userAgent.slice(0, 256) }),
    },
  };
}

function generatedMetadata(userName: string): LoginRecordObject['metadata'] {
  const metadata = { generateName: `${userName}-`, labels: { [labels.userRef]: userName } };
  return metadata as unknown as LoginRecordObject['metadata']; // the name is the server's to make
}

/** Writes the record beside the answer: signing in does not wait for it, and does not fail with it. */
function record(kube: KubeClient, log: Logger, object: LoginRecordObject): void {
  kube.create(iamTypes.loginRecords, object, { fieldManager }).catch((error: unknown) => {
    log.warn('login record not written', { error });
  });
}

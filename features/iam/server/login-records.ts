import type { Logger } from '@kit/base';
import type { KubeClient } from '@kit/kube';
import { apiVersionOf, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { LoginRecordObject, UserObject } from '../contract/index.ts';

/** One attempt to sign in, as it is recorded. */
export interface LoginAttempt {
  /** How: `Token`, `Basic`, `Console`, or `OAuth` for identity providers, as KubeSphere calls them. */
  readonly type: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Name of the identity provider; absent: the platform itself. */
  readonly provider?: string;
}

/** Writes login records beside the answers: signing in does not wait for them, and does not fail with them. */
export class LoginRecords {
  readonly #kube: KubeClient;
  readonly #log: Logger;

  constructor(kube: KubeClient, log: Logger) {
    this.#kube = kube;
    this.#log = log;
  }

  /** Records an attempt of a user who exists; `failure` says why it failed. */
  write(user: UserObject, attempt: LoginAttempt, failure?: string): void {
    this.#kube
      .create(iamTypes.loginRecords, recordOf(user, attempt, failure), { fieldManager })
      .catch((error: unknown) => {
        this.#log.warn('login record not written', { error });
      });
  }
}

function recordOf(user: UserObject, { type, sourceIp, userAgent, provider }: LoginAttempt, failure?: string) {
  const { name } = user.metadata;
  const metadata = { generateName: `${name}-`, labels: { [labels.userRef]: name } };
  return {
    apiVersion: apiVersionOf(iamTypes.loginRecords),
    kind: 'LoginRecord',
    metadata: metadata as unknown as LoginRecordObject['metadata'], // the name is the server's to make
    spec: {
      type,
      provider: provider ?? '',
      success: failure === undefined,
      reason: failure ?? 'authenticated successfully',
      sourceIP: sourceIp,
      ...(userAgent === '' ? {} : { userAgent: userAgent.slice(0, 256) }),
    },
  } satisfies LoginRecordObject;
}

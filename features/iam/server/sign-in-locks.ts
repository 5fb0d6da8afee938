import { ApiError, isApiError, timestamp } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { Cache } from '@kit/cache';
import type { KubeClient } from '@kit/kube';
import { annotations, fieldManager, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { lockedUntilMs } from '../rules/lock.ts';
import type { SignInConfig } from './sign-in-config.ts';

export interface SignInLockDeps {
  readonly kube: KubeClient;
  /** Where failures are counted, over all replicas. */
  readonly cache: Cache;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: SignInConfig;
}

const attempts = 5;

/**
 * Locks a user who fails to sign in too often, from wherever: the state is on the User, so it holds on all replicas and
 * over restarts, and it ends by itself. Who is signed in stays so.
 */
export class SignInLocks {
  readonly #deps: SignInLockDeps;

  constructor(deps: SignInLockDeps) {
    this.#deps = deps;
  }

  /** Throws `TooManyRequests` while the user is locked. */
  check(user: UserObject): void {
    const leftMs = lockedUntilMs(user) - this.#deps.clock.now();
    if (leftMs <= 0) return;
    throw new ApiError('TooManyRequests', 'too many failed sign-ins; the account is locked for a while', {
      details: { retryAfterSeconds: Math.ceil(leftMs / 1000) },
    });
  }

  /** Notes a failure; the one that is too many locks the user. */
  async failed(user: UserObject): Promise<void> {
    const { clock, config, cache } = this.#deps;
    const { authenticateRateLimiterDuration, authenticateRateLimiterMaxTries: most } = await config.settings();
    const windowMs = authenticateRateLimiterDuration * 1000;
    if (windowMs === 0) return;
    const recent = await cache.note(keyOf(user), { windowMs, most });
    if (recent.length < most) return;
    await cache.remove([keyOf(user)]);
    await this.#setState(user, 'AuthLimitExceeded', clock.now() + windowMs);
  }

  /** The user proved who they are: failures before are forgotten, and a lock that is over is taken off. */
  async succeeded(user: UserObject): Promise<void> {
    await this.#deps.cache.remove([keyOf(user)]);
    if (user.status?.state === 'AuthLimitExceeded') await this.#setState(user, 'Active');
  }

  async #setState(user: UserObject, state: 'Active' | 'AuthLimitExceeded', untilMs?: number): Promise<void> {
    const { name } = user.metadata;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#writeState(name, state, untilMs);
      } catch (error) {
        if (isApiError(error, 'Conflict') && attempt < attempts) continue;
        return this.#deps.log.warn('lock of a user not written', { userName: name, state, error });
      }
    }
  }

  /** Written onto the version read: who is disabled meanwhile stays disabled. */
  async #writeState(name: string, state: 'Active' | 'AuthLimitExceeded', untilMs?: number): Promise<void> {
    const { kube, clock } = this.#deps;
    const { metadata, status } = await kube.get<UserObject>(iamTypes.users, { name });
    if (status?.state === 'Disabled') return;
    const until = untilMs === undefined ? null : timestamp(untilMs);
    const reason = until === null ? null : `too many failed sign-ins; locked until ${until}`;
    const patch = {
      metadata: { annotations: { [annotations.lockedUntil]: until }, resourceVersion: metadata.resourceVersion },
      status: { state, reason, lastTransitionTime: timestamp(clock.now()) },
    };
    await kube.patch(iamTypes.users, { name }, patch, { type: 'merge', fieldManager });
  }
}

function keyOf({ metadata: { uid, name } }: UserObject): string {
  return `failed/account/${uid ?? name}`;
}

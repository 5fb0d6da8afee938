import { ApiError } from '@kit/base';
import type { KubeClient } from '@kit/kube';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import type { LoginAttempt, LoginRecords } from './login-records.ts';
import type { SecondFactors } from './second-factors.ts';
import type { SessionAbout } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';
import type { SignInLocks } from './sign-in-locks.ts';
import type { Tickets } from './tickets.ts';

/** A user who proved who they are, and how: what a session may be opened for. */
export interface Proved {
  readonly user: UserObject;
  readonly about: SessionAbout;
}

/** Either the user has proved all that is asked of them, or a code is still missing; the ticket stands for what is proved. */
export type Finished =
  { readonly state: 'proved'; readonly proved: Proved } | { readonly state: 'second-factor'; readonly ticket: string };

export interface FinishDeps {
  readonly kube: KubeClient;
  readonly config: SignInConfig;
  readonly factors: SecondFactors;
  readonly tickets: Tickets;
  readonly locks: SignInLocks;
  readonly limiter: SignInLimiter;
  readonly records: LoginRecords;
}

interface Pending {
  readonly userName: string;
  readonly userUid: string;
  readonly attempt: LoginAttempt;
  readonly client: string;
  readonly triesLeft: number;
}

/** How an identity provider came to vouch for a user, and for which client. */
export interface Vouched {
  readonly client: string;
  /** By a password that it was shown, and no more. */
  readonly isPassword: boolean;
}

const pendingLifeMs = 300_000;
const maxTries = 5;

/** The steps between a right password and a session: the second factor, and the records of both. */
export class FinishSignIn {
  readonly #deps: FinishDeps;

  constructor(deps: FinishDeps) {
    this.#deps = deps;
  }

  /** What comes after a password that was right, from here or from a directory. */
  async afterPassword(user: UserObject, attempt: LoginAttempt, client: string): Promise<Finished> {
    const { enabled } = await this.#deps.factors.stateOf(user);
    if (!enabled) return { state: 'proved', proved: await this.#proved(user, attempt, { client, method: 'password' }) };
    const { name, uid = '' } = user.metadata;
    const pending: Pending = { userName: name, userUid: uid, attempt, client, triesLeft: maxTries };
    return { state: 'second-factor', ticket: await this.#deps.tickets.make('second-factor', pending, pendingLifeMs) };
  }

  /**
   * A user whom an identity provider has vouched for. A second factor is the matter of a provider that one is sent to; a
   * directory's password is a password like ours.
   */
  async afterProvider(user: UserObject, attempt: LoginAttempt, { client, isPassword }: Vouched): Promise<Proved> {
    return this.#proved(user, attempt, { client, method: isPassword ? 'password' : (attempt.provider ?? 'provider') });
  }

  /** What comes after the code. A ticket is good for a few tries; wrong codes count as failed sign-ins. */
  async withCode(ticket: string, code: string): Promise<Proved> {
    const { tickets, kube, factors, locks, limiter } = this.#deps;
    // Taken before it is looked at: two tries at the same moment are not two tries more.
    const pending = await tickets.take<Pending>('second-factor', ticket);
    if (!pending) throw new ApiError('Unauthorized', 'this sign-in has taken too long; begin again');
    const { attempt, userName } = pending;
    await limiter.check(userName, attempt.sourceIp);
    const user = await kube.find<UserObject>(iamTypes.users, { name: userName });
    if (!user || user.metadata.uid !== pending.userUid || user.status?.state === 'Disabled')
      throw new ApiError('Unauthorized', 'account is not active');
    locks.check(user);
    if (await factors.verify(user, code))
      return this.#proved(user, attempt, { client: pending.client, method: 'second-factor' });
    await this.#wrongCode(ticket, pending, user);
    throw new ApiError('Unauthorized', 'the code is wrong, or was used before');
  }

  async #wrongCode(ticket: string, pending: Pending, user: UserObject): Promise<void> {
    const { tickets, records, locks, limiter } = this.#deps;
    const triesLeft = pending.triesLeft - 1;
    if (triesLeft > 0)
      await tickets.put('second-factor', ticket, { value: { ...pending, triesLeft }, lifeMs: pendingLifeMs });
    records.write(user, pending.attempt, 'incorrect second factor');
    await limiter.failed(pending.userName, pending.attempt.sourceIp);
    await locks.failed(user);
  }

  async #proved(
    user: UserObject,
    attempt: LoginAttempt,
    how: Pick<SessionAbout, 'client' | 'method'>,
  ): Promise<Proved> {
    await this.#deps.locks.succeeded(user);
    this.#deps.records.write(user, attempt);
    const { sourceIp, userAgent, provider } = attempt;
    const by = provider === undefined ? {} : { provider };
    return { user, about: { ...how, ...by, sourceIp, userAgent: userAgent.slice(0, 256) } };
  }
}

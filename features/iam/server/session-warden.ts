import { createHash } from 'node:crypto';
import type { Logger } from '@kit/base';
import type { Cache } from '@kit/cache';
import type { View, ViewEvent } from '@kit/kube';
import { annotations } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isForeignHash } from '../rules/password.ts';
import type { Sessions } from './sessions.ts';

export interface WardenDeps {
  readonly users: View<UserObject>;
  readonly sessions: Sessions;
  readonly cache: Cache;
  readonly log: Logger;
}

const keyOf = (userName: string): string => `password-change/${userName}`;
const digestOf = (hash: string): string => createHash('sha256').update(hash).digest('base64url');
// The change itself follows at once; replicas hear of it through their views.
const rememberMs = 600_000;

/**
 * Ends the sessions of users who are deleted or disabled, or whose password somebody else has changed, by whatever way:
 * the API, kubectl, another replica. A change of one's own ends the others before it is written (`keeps`).
 */
export class SessionWarden {
  readonly #deps: WardenDeps;
  readonly #unsubscribe: () => void;

  constructor(deps: WardenDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.users.subscribe((event) => this.#look(event));
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** The user changes their password to this hash in this session, which stays; all others have ended. */
  async keeps(userName: string, newHash: string, sessionId: string | undefined): Promise<void> {
    if (sessionId !== undefined) await this.#announce(userName, newHash);
    await this.#deps.sessions.endAll(userName, sessionId);
  }

  /** The user's password is about to be hashed anew, to this hash: it stays the same, and so do the sessions. */
  async expects(userName: string, newHash: string): Promise<void> {
    await this.#announce(userName, newHash);
  }

  /** Tells the wardens of all replicas, and this one, that what had to end on this change has ended. */
  #announce(userName: string, newHash: string): Promise<void> {
    return this.#deps.cache.set(keyOf(userName), digestOf(newHash), rememberMs);
  }

  #look(event: ViewEvent<UserObject>): void {
    if (event.type === 'added') return;
    const userName = event.row.name;
    const [user, before] = [event.row.object(), event.previous?.object()];
    const work =
      event.type === 'deleted' || hasGone(user, before)
        ? this.#deps.sessions.endAll(userName)
        : this.#afterPassword(user, before);
    work.catch((error: unknown) => this.#deps.log.warn('sessions not ended everywhere yet', { userName, error }));
  }

  async #afterPassword(user: UserObject, before: UserObject | undefined): Promise<void> {
    if (before === undefined || user.spec.password === before.spec.password || isRenewal(user, before)) return;
    const { name } = user.metadata;
    if ((await this.#announced(name)) !== digestOf(user.spec.password ?? '')) await this.#deps.sessions.endAll(name);
  }

  /** While the replicas' cache is away nothing can be announced, so nothing was. */
  #announced(userName: string): Promise<string | undefined> {
    return this.#deps.cache.get(keyOf(userName)).catch(() => undefined);
  }
}

function hasGone(user: UserObject, before: UserObject | undefined): boolean {
  const isGone = (one: UserObject | undefined): boolean =>
    one?.status?.state === 'Disabled' || one?.metadata.deletionTimestamp !== undefined;
  return isGone(user) && !isGone(before);
}

/** Another replica hashed the password of an imported user anew, and nobody changed it. */
function isRenewal(user: UserObject, before: UserObject): boolean {
  const of = ({ metadata }: UserObject, name: string): string | undefined => metadata.annotations?.[name];
  const isSame = of(user, annotations.lastPasswordChange) === of(before, annotations.lastPasswordChange);
  const isNoted = of(user, annotations.passwordRenewed) !== of(before, annotations.passwordRenewed);
  return isSame && isNoted && isForeignHash(before.spec.password) && !isForeignHash(user.spec.password);
}

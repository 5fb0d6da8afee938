import type { Logger } from '@kit/base';
import type { View, ViewEvent } from '@kit/kube';
import { annotations } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isForeignHash } from '../rules/password.ts';
import type { Sessions } from './sessions.ts';

/**
 * Ends the sessions of users who are deleted or disabled, or whose password somebody else has changed, by whatever way:
 * the API, kubectl, another replica. A change of one's own ends the others before it is written (`keeps`).
 */
export class SessionWarden {
  readonly #sessions: Sessions;
  readonly #log: Logger;
  readonly #ownChanges = new Map<string, string>();

  constructor(users: View<UserObject>, sessions: Sessions, log: Logger) {
    this.#sessions = sessions;
    this.#log = log;
    users.subscribe((event) => this.#look(event));
  }

  /** The user changes their password to this hash in this session, which stays; all others have ended. */
  async keeps(userName: string, newHash: string, sessionId: string | undefined): Promise<void> {
    if (sessionId !== undefined) this.#ownChanges.set(userName, newHash);
    await this.#sessions.endAll(userName, sessionId);
  }

  /** The user's password is about to be hashed anew, to this hash: it stays the same, and so do the sessions. */
  expects(userName: string, newHash: string): void {
    this.#ownChanges.set(userName, newHash);
  }

  #look(event: ViewEvent<UserObject>): void {
    const userName = event.row.name;
    if (event.type === 'added') return;
    if (event.type === 'modified' && !this.#isEnding(event.row.object(), event.previous?.object())) return;
    this.#sessions.endAll(userName).catch((error: unknown) => {
      this.#log.error('sessions not removed from the store', { userName, error });
    });
  }

  #isEnding(user: UserObject, before: UserObject | undefined): boolean {
    const isGone = (one: UserObject | undefined): boolean =>
      one?.status?.state === 'Disabled' || one?.metadata.deletionTimestamp !== undefined;
    if (isGone(user) && !isGone(before)) return true;
    if (before === undefined || user.spec.password === before.spec.password) return false;
    if (this.#ownChanges.get(user.metadata.name) !== user.spec.password) return !isRenewal(user, before);
    this.#ownChanges.delete(user.metadata.name);
    return false;
  }
}

/** Another replica hashed the password of an imported user anew, and nobody changed it. */
function isRenewal(user: UserObject, before: UserObject): boolean {
  const of = ({ metadata }: UserObject, name: string): string | undefined => metadata.annotations?.[name];
  const isSame = of(user, annotations.lastPasswordChange) === of(before, annotations.lastPasswordChange);
  const isNoted = of(user, annotations.passwordRenewed) !== of(before, annotations.passwordRenewed);
  return isSame && isNoted && isForeignHash(before.spec.password) && !isForeignHash(user.spec.password);
}

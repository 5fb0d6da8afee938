import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@kit/base';
import type { Store } from '@kit/store';
import type { Kysely } from 'kysely';

/** One signing-in of one user. Every token of it is valid while the session is. */
export interface Session {
  readonly id: string;
  readonly userName: string;
  /** A user deleted and made again under the same name has another uid, and so none of the old sessions. */
  readonly userUid: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

interface SessionTable {
  iam_sessions: { id: string; user_name: string; user_uid: string; created_ms: number; expires_ms: number };
}

/** The sessions, in the store so that a restart keeps them, and in memory so that a request does not wait for it. */
export class Sessions {
  readonly #db: Kysely<SessionTable>;
  readonly #clock: Clock;
  readonly #byId = new Map<string, Session>();

  constructor(store: Store, clock: Clock) {
    this.#db = store.db as Kysely<SessionTable>; // this feature's tables, made by its migrations
    this.#clock = clock;
  }

  /** Reads what is stored and forgets what has expired. */
  async load(): Promise<void> {
    await this.#db.deleteFrom('iam_sessions').where('expires_ms', '<=', this.#clock.now()).execute();
    for (const row of await this.#db.selectFrom('iam_sessions').selectAll().execute()) {
      this.#byId.set(row.id, {
        id: row.id,
        userName: row.user_name,
        userUid: row.user_uid,
        createdMs: Number(row.created_ms),
        expiresMs: Number(row.expires_ms),
      });
    }
  }

  /** A new session under a new id, or under one that the caller derived from a secret. */
  async open(user: { readonly name: string; readonly uid: string }, lifeMs: number, id = newId()): Promise<Session> {
    const now = this.#clock.now();
    const session = { id, userName: user.name, userUid: user.uid, createdMs: now, expiresMs: now + lifeMs };
    await this.#db
      .insertInto('iam_sessions')
      .values({ id, user_name: user.name, user_uid: user.uid, created_ms: now, expires_ms: session.expiresMs })
      .execute();
    this.#byId.set(id, session);
    return session;
  }

  find(id: string): Session | undefined {
    const session = this.#byId.get(id);
    if (!session || session.expiresMs > this.#clock.now()) return session;
    this.#byId.delete(id);
    return undefined;
  }

  /** Lets a session live on, `lifeMs` from now. */
  async extend(session: Session, lifeMs: number): Promise<void> {
    const expiresMs = this.#clock.now() + lifeMs;
    await this.#db.updateTable('iam_sessions').set({ expires_ms: expiresMs }).where('id', '=', session.id).execute();
    if (this.#byId.has(session.id)) this.#byId.set(session.id, { ...session, expiresMs });
  }

  /** Ends a session: in memory at once, so that no request slips through while the store is written. */
  async end(id: string): Promise<void> {
    this.#byId.delete(id);
    await this.#db.deleteFrom('iam_sessions').where('id', '=', id).execute();
  }

  /** Ends all sessions of a user, or all but the one in which they act. */
  async endAll(userName: string, exceptId = ''): Promise<void> {
    for (const [id, session] of this.#byId) if (session.userName === userName && id !== exceptId) this.#byId.delete(id);
    await this.#db.deleteFrom('iam_sessions').where('user_name', '=', userName).where('id', '!=', exceptId).execute();
  }
}

function newId(): string {
  return randomBytes(18).toString('base64url');
}

/** A cookie's value and the session id derived from it: whoever reads the store cannot make the cookie. */
export function newCookie(): { readonly value: string; readonly id: string } {
  const value = randomBytes(32).toString('base64url');
  return { value, id: sessionIdOf(value) };
}

export function sessionIdOf(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url');
}

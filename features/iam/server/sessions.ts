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
  readonly about: SessionAbout;
}

/** How a session came to be, and for whom it was opened: shown to its user, and asked by the rules of sign-in. */
export interface SessionAbout {
  /** `password`, `second-factor`, or the name of the identity provider that vouched for the user. */
  readonly method: string;
  /** The OAuth client, or `console` for a browser's own session. */
  readonly client: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Of an OAuth client's sign-in: what was granted. */
  readonly scopes?: readonly string[];
  /** Of an OAuth client's sign-in: the session in which it was approved. */
  readonly parent?: string;
}

/** Who a session is for. */
export interface SessionUser {
  readonly name: string;
  readonly uid: string;
  readonly about?: Partial<SessionAbout>;
}

interface SessionTable {
  iam_sessions: {
    id: string;
    user_name: string;
    user_uid: string;
    created_ms: number;
    expires_ms: number;
    about: string | null;
  };
}

const unknown: SessionAbout = { method: 'password', client: '', sourceIp: '', userAgent: '' };

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
        about: { ...unknown, ...(JSON.parse(row.about ?? '{}') as Partial<SessionAbout>) }, // written by this class only
      });
    }
  }

  /** A new session under a new id, or under one that the caller derived from a secret. */
  async open(user: SessionUser, lifeMs: number, id = newId()): Promise<Session> {
    const now = this.#clock.now();
    const expiresMs = now + lifeMs;
    const about = { ...unknown, ...user.about };
    const session = { id, userName: user.name, userUid: user.uid, createdMs: now, expiresMs, about };
    await this.#db
      .insertInto('iam_sessions')
      .values({
        id,
        user_name: user.name,
        user_uid: user.uid,
        created_ms: now,
        expires_ms: expiresMs,
        about: JSON.stringify(about),
      })
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

  /** The live sessions of a user, newest first. */
  ofUser(userName: string): Session[] {
    const now = this.#clock.now();
    const own = [...this.#byId.values()].filter((one) => one.userName === userName && one.expiresMs > now);
    return own.sort((a, b) => b.createdMs - a.createdMs);
  }

  /** Notes that more is known of the session's user now, e.g. that they gave a second factor. */
  async note(session: Session, change: Partial<SessionAbout>): Promise<void> {
    const about = { ...session.about, ...change };
    await this.#db
      .updateTable('iam_sessions')
      .set({ about: JSON.stringify(about) })
      .where('id', '=', session.id)
      .execute();
    if (this.#byId.has(session.id)) this.#byId.set(session.id, { ...session, about });
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

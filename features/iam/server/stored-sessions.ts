import type { Clock } from '@kit/base';
import type { Store } from '@kit/store';
import type { Kysely } from 'kysely';
import type { SessionRecords } from './session-records.ts';
import type { Session, SessionAbout } from './sessions.ts';

interface SessionRow {
  readonly id: string;
  readonly user_name: string;
  readonly user_uid: string;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly about: string | null;
}

/** Sessions in this process's own database: a restart keeps them. */
export class StoredSessions implements SessionRecords {
  readonly #db: Kysely<{ iam_sessions: SessionRow }>;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#db = store.db as Kysely<{ iam_sessions: SessionRow }>; // this feature's tables, made by its migrations
    this.#clock = clock;
  }

  async read(id: string): Promise<Session | undefined> {
    const row = await this.#db.selectFrom('iam_sessions').selectAll().where('id', '=', id).executeTakeFirst();
    return row && sessionOf(row);
  }

  async ofUser(userName: string): Promise<readonly Session[]> {
    const rows = await this.#db
      .selectFrom('iam_sessions')
      .selectAll()
      .where('user_name', '=', userName)
      .where('expires_ms', '>', this.#clock.now())
      .execute();
    return rows.map(sessionOf);
  }

  async add(session: Session): Promise<void> {
    await this.#db.insertInto('iam_sessions').values(rowOf(session)).execute();
  }

  async change(session: Session): Promise<void> {
    const { expires_ms, about } = rowOf(session);
    await this.#db.updateTable('iam_sessions').set({ expires_ms, about }).where('id', '=', session.id).execute();
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#db.deleteFrom('iam_sessions').where('id', '=', id).execute();
  }

  async removeExpired(): Promise<void> {
    await this.#db.deleteFrom('iam_sessions').where('expires_ms', '<=', this.#clock.now()).execute();
  }
}

const unknown: SessionAbout = { method: 'password', client: '', sourceIp: '', userAgent: '' };

function sessionOf({ id, user_name, user_uid, created_ms, expires_ms, about }: SessionRow): Session {
  return {
    id,
    userName: user_name,
    userUid: user_uid,
    createdMs: Number(created_ms),
    expiresMs: Number(expires_ms),
    about: { ...unknown, ...(JSON.parse(about ?? '{}') as Partial<SessionAbout>) }, // written by this class only
  };
}

function rowOf({ id, userName, userUid, createdMs, expiresMs, about }: Session): SessionRow {
  return {
    id,
    user_name: userName,
    user_uid: userUid,
    created_ms: createdMs,
    expires_ms: expiresMs,
    about: JSON.stringify(about),
  };
}

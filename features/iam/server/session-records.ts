import type { Session } from './sessions.ts';

/** Where sessions are kept: what is here, and has not expired, is valid. */
export interface SessionRecords {
  read(id: string): Promise<Session | undefined>;
  ofUser(userName: string): Promise<readonly Session[]>;
  add(session: Session): Promise<void>;
  /** Writes over a session that is there still; one that has ended meanwhile stays ended. */
  change(session: Session): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Forgets what has expired, where that does not happen by itself. */
  removeExpired(): Promise<void>;
}

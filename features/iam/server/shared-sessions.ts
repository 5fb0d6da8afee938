import type { Clock } from '@kit/base';
import type { Cache } from '@kit/cache';
import type { SessionRecords } from './session-records.ts';
import type { Session } from './sessions.ts';

const keyOf = (id: string): string => `session/${id}`;
const setOf = (userName: string): string => `sessions-of/${userName}`;

/** Sessions in the cache that all replicas share. */
export class SharedSessions implements SessionRecords {
  readonly #cache: Cache;
  readonly #clock: Clock;

  constructor(cache: Cache, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
  }

  async read(id: string): Promise<Session | undefined> {
    const text = await this.#cache.get(keyOf(id));
    return text === undefined ? undefined : (JSON.parse(text) as Session); // written by this class only
  }

  async ofUser(userName: string): Promise<readonly Session[]> {
    const ids = await this.#cache.members(setOf(userName));
    const sessions = await Promise.all(ids.map((id) => this.read(id)));
    return sessions.filter((one) => one !== undefined);
  }

  /** Into the user's set first: a session that could be used, but not found to be ended, must not be. */
  async add(session: Session): Promise<void> {
    const lifeMs = session.expiresMs - this.#clock.now();
    await this.#cache.join(setOf(session.userName), session.id, lifeMs);
    await this.#cache.set(keyOf(session.id), JSON.stringify(session), lifeMs);
  }

  async change(session: Session): Promise<void> {
    const lifeMs = session.expiresMs - this.#clock.now();
    await this.#cache.join(setOf(session.userName), session.id, lifeMs);
    await this.#cache.replace(keyOf(session.id), JSON.stringify(session), lifeMs);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const text = await this.#cache.take(keyOf(id));
      if (text !== undefined) await this.#cache.leave(setOf((JSON.parse(text) as Session).userName), [id]); // as above
    }
  }

  async removeExpired(): Promise<void> {
    // The cache does.
  }
}

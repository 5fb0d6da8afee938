import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Logger } from '@kit/base';
import type { Cache } from '@kit/cache';
import { LRUCache } from 'lru-cache';
import type { SessionRecords } from './session-records.ts';

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
  /** The identity provider that vouched for the user, or was shown their password. */
  readonly provider?: string;
}

/** Who a session is for. */
export interface SessionUser {
  readonly name: string;
  readonly uid: string;
  readonly about?: Partial<SessionAbout>;
}

/** One session that ends, or all of a user but one. */
type Ending = { readonly id: string } | { readonly userName: string; readonly exceptId: string };

export interface SessionDeps {
  readonly records: SessionRecords;
  /** Carries the news of ended sessions from one replica to the others. */
  readonly cache: Cache;
  readonly clock: Clock;
  readonly log: Logger;
}

const channel = 'sessions';
const unknown: SessionAbout = { method: 'password', client: '', sourceIp: '', userAgent: '' };
const mostKnown = 50_000;
/** How long a replica that has lost the others goes on with the sessions it knows; see ADR 13. */
const graceMs = 300_000;
const retryMs = 1000;

/**
 * The sessions: their records, and in memory the ones that are used, so that a request does not wait. Who ends one tells
 * all replicas, which forget it and ask the records anew.
 */
export class Sessions {
  readonly #deps: SessionDeps;
  readonly #known = new LRUCache<string, Session>({ max: mostKnown });
  readonly #listeners = new Set<() => void>();
  /** Ended here, but not yet in the records: they are away, and must not bring them back. */
  readonly #unwritten = new Set<Ending>();
  /** Grows whenever something is forgotten: what was read before may be out of date. */
  #generation = 0;
  #lostMs: number | undefined;
  #stop: (() => void)[] = [];
  #cancelRetry = (): void => undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** Listens to the other replicas, and forgets what has expired. */
  async start(): Promise<void> {
    const { cache, records } = this.#deps;
    this.#stop = [
      await cache.subscribe(channel, (message) => this.#forget(JSON.parse(message) as Ending)), // sent by this class only
      cache.onConnection((isConnected) => this.#reconnected(isConnected)),
    ];
    await records.removeExpired();
  }

  stop(): void {
    this.#cancelRetry();
    for (const stop of this.#stop.splice(0)) stop();
  }

  /** Calls `listener` whenever sessions have ended, here or on another replica. */
  onEnd(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A new session under a new id, or under one that the caller derived from a secret. */
  async open(user: SessionUser, lifeMs: number, id = newId()): Promise<Session> {
    const now = this.#deps.clock.now();
    const about = { ...unknown, ...user.about };
    const whose = { userName: user.name, userUid: user.uid };
    const session = { id, ...whose, createdMs: now, expiresMs: now + lifeMs, about };
    await this.#deps.records.add(session);
    this.#known.set(id, session);
    return session;
  }

  /** The session, while it is valid. Throws `ServiceUnavailable` when that cannot be known. */
  async find(id: string): Promise<Session | undefined> {
    const known = this.#known.get(id);
    const session = known && this.#isTrusted() ? known : await this.#read(id);
    return session && session.expiresMs > this.#deps.clock.now() ? session : undefined;
  }

  async #read(id: string): Promise<Session | undefined> {
    if (this.#hasEndedHere(id)) return undefined;
    const generation = this.#generation;
    const read = await this.#deps.records.read(id);
    if (!read || this.#isEnded(read)) return undefined;
    if (generation === this.#generation) this.#known.set(id, read);
    return read;
  }

  /** The live sessions of a user, newest first. */
  async ofUser(userName: string): Promise<Session[]> {
    const now = this.#deps.clock.now();
    const own = (await this.#deps.records.ofUser(userName)).filter((one) => one.expiresMs > now && !this.#isEnded(one));
    return own.sort((a, b) => b.createdMs - a.createdMs);
  }

  /** Notes that more is known of the session's user now, e.g. that they gave a second factor. */
  async note(session: Session, change: Partial<SessionAbout>): Promise<void> {
    await this.#change({ ...session, about: { ...session.about, ...change } });
  }

  /** Lets a session live on, `lifeMs` from now. */
  async extend(session: Session, lifeMs: number): Promise<void> {
    await this.#change({ ...session, expiresMs: this.#deps.clock.now() + lifeMs });
  }

  /** Ends a session on every replica: in memory at once, so that no request slips through while records are written. */
  async end(id: string): Promise<void> {
    await this.#end({ id });
  }

  /** Ends all sessions of a user, or all but the one in which they act. */
  async endAll(userName: string, exceptId = ''): Promise<void> {
    await this.#end({ userName, exceptId });
  }

  /** The others forget what they know of it, and read it anew. */
  async #change(session: Session): Promise<void> {
    const { records, cache } = this.#deps;
    await records.change(session);
    await cache.publish(channel, JSON.stringify({ id: session.id }));
  }

  async #end(ending: Ending): Promise<void> {
    this.#unwritten.add(ending);
    this.#forget(ending);
    await this.#write(ending).catch((error: unknown) => {
      this.#writeRestLater();
      throw error;
    });
  }

  async #write(ending: Ending): Promise<void> {
    const { records, cache } = this.#deps;
    const ended = 'id' in ending ? [ending] : await records.ofUser(ending.userName);
    await records.remove(ended.map(({ id }) => id).filter((id) => 'id' in ending || id !== ending.exceptId));
    await cache.publish(channel, JSON.stringify(ending));
    this.#unwritten.delete(ending);
  }

  #forget(ending: Ending): void {
    this.#generation += 1;
    if ('id' in ending) this.#known.delete(ending.id);
    else for (const [id, session] of this.#known.entries()) if (isMeant(ending, session)) this.#known.delete(id);
    for (const listener of [...this.#listeners]) listener();
  }

  #hasEndedHere(id: string): boolean {
    for (const ending of this.#unwritten) if ('id' in ending && ending.id === id) return true;
    return false;
  }

  #isEnded(session: Session): boolean {
    for (const ending of this.#unwritten) if (isMeant(ending, session)) return true;
    return false;
  }

  #isTrusted(): boolean {
    const { cache, clock } = this.#deps;
    return cache.isConnected || (this.#lostMs !== undefined && clock.now() - this.#lostMs < graceMs);
  }

  /** News was missed while the connection was gone: nothing that was known before counts. */
  #reconnected(isConnected: boolean): void {
    if (!isConnected) return void (this.#lostMs ??= this.#deps.clock.now());
    this.#lostMs = undefined;
    this.#generation += 1;
    this.#known.clear();
    for (const listener of [...this.#listeners]) listener();
    this.#writeRest();
  }

  #writeRest(): void {
    Promise.all([...this.#unwritten].map((ending) => this.#write(ending))).catch((error: unknown) => {
      this.#deps.log.warn('ended sessions not yet removed', { error });
      this.#writeRestLater();
    });
  }

  /** Tries again for as long as there is hope; a connection that comes back tries by itself. */
  #writeRestLater(): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#deps.clock.after(retryMs, () => {
      if (this.#deps.cache.isConnected) this.#writeRest();
    });
  }
}

function isMeant(ending: Ending, session: Session): boolean {
  if ('id' in ending) return session.id === ending.id;
  return session.userName === ending.userName && session.id !== ending.exceptId;
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

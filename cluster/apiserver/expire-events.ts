import { delay } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { Storage } from './storage/storage.ts';
import { resourceKey } from './storage/version.ts';
import type { ObjectKey, StoredObject, Version } from './storage/version.ts';
import { Turns } from './turns.ts';

const resource = resourceKey('', 'events');
const lifetimeMs = 60 * 60_000;
const roundMs = 60_000;

interface EventTimes {
  readonly series?: { readonly lastObservedTime?: string } | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata: { readonly creationTimestamp?: string };
}

/** When the event was last seen, in whichever of its forms it says so. */
export function lastSeenMs({ series, lastTimestamp, eventTime, metadata }: EventTimes): number {
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return Math.max(0, ...times.map((time) => Date.parse(time ?? '') || 0));
}

/** A state of an event that is to go, unless it is written anew before. */
interface Due {
  readonly key: ObjectKey;
  readonly revision: number;
}

class EventExpiry {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #turns = new Turns();
  /** By the round in which they are due: there are many, and of each no more is known than this. */
  readonly #due = new Map<number, Due[]>();

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** What was written now lives for an hour from now on. */
  note(version: Version, writtenMs = this.#clock.now()): void {
    const round = Math.ceil((writtenMs + lifetimeMs) / roundMs);
    const due = this.#due.get(round);
    const one = { key: version.key, revision: version.revision };
    if (due) due.push(one);
    else this.#due.set(round, [one]);
  }

  /** When the events of an earlier process were written is not known, but what they say is. */
  async noteAll(versions: readonly Version[], signal: AbortSignal): Promise<void> {
    for (const version of versions) {
      await this.#turns.next();
      if (signal.aborted) return;
      const event: StoredObject & EventTimes = version.object();
      this.note(version, lastSeenMs(event));
    }
  }

  async removeExpired(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now() / roundMs;
    for (const [round, due] of [...this.#due]) {
      if (round > now) continue;
      this.#due.delete(round);
      for (const one of due) {
        await this.#turns.next();
        if (signal.aborted) return;
        this.#remove(one);
      }
    }
  }

  #remove({ key, revision }: Due): void {
    const version = this.#storage.newest(key);
    if (version?.revision !== revision) return;
    const object = version.object();
    const json = (at: number): string =>
      JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(at) } });
    // The storage has said what is wrong with the disk.
    this.#storage.remove(key, version, json).catch(() => this.note(version));
  }
}

/** Keeps each event for an hour after it was last written; answers how to stop that. */
export function expireEvents({ storage, clock, log }: { storage: Storage; clock: Clock; log: Logger }): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const expiry = new EventExpiry(storage, clock);
  const known = storage.list(resource);
  const unfollow = storage.watch(resource, storage.revision, ({ type, version }) => {
    if (type !== 'DELETED') expiry.note(version);
  });
  const rounds = async (): Promise<void> => {
    await delay(clock, roundMs, signal);
    await expiry.noteAll(known.splice(0), signal);
    for (;;) {
      await expiry.removeExpired(signal);
      await delay(clock, roundMs, signal);
    }
  };
  rounds().catch((error: unknown) => {
    if (!signal.aborted) log.error('events do not expire any longer', { error });
  });
  return () => {
    unfollow();
    stop.abort(new Error('the server is stopping'));
  };
}

import { ApiError, silentLogger } from '@kit/base';
import type { Logger } from '@kit/base';
import { memoryLog } from './commit-log.ts';
import type { Attachment, CommitLog, Row } from './commit-log.ts';
import { History } from './history.ts';
import type { HistoryLimits } from './history.ts';
import { LiveObjects } from './live-objects.ts';
import { SqliteLog } from './sqlite-log.ts';
import { Turns } from '../turns.ts';
import { Version } from './version.ts';
import type { Identity, ObjectKey, StorageEvent } from './version.ts';

/** The object is no longer what the writer took it for: read it again, or tell the caller. */
export class StaleWrite extends Error {
  readonly newest: Version | undefined;

  constructor(newest: Version | undefined) {
    super('the object has changed since it was read');
    this.name = 'StaleWrite';
    this.newest = newest;
  }
}

export interface StorageOptions {
  /** The database file; without one everything is forgotten at the end. */
  readonly path?: string;
  readonly log?: Logger;
  readonly history?: HistoryLimits;
}

/** What an object is to hold. */
export interface NewValue {
  /** Its JSON under the revision of the write. */
  json(this: void, revision: number): string;
  /** Where the writer knows it. */
  readonly identity?: Identity;
}

interface Write {
  readonly row: Row;
  readonly version: Version;
  resolve(version: Version): void;
  reject(error: Error): void;
}

/** Writes on their way to disk, all or none of them. */
interface Commit {
  readonly writes: readonly Write[];
  readonly drop: readonly number[];
  /** Why nothing of it is on disk; undefined when all of it is. */
  readonly failure: Promise<Error | undefined>;
}

const defaultHistory: HistoryLimits = { maxEvents: 50_000, maxBytes: 48 << 20 };
const maxBatch = 2000;

/**
 * Every object of the cluster, one revision a write. A write is checked against the newest state, waits for its batch
 * to be on disk, and only then is answered, readable and seen by watchers: in the order of revisions, all of it.
 */
export class Storage {
  readonly #log: CommitLog;
  readonly #logger: Logger;
  readonly #live = new LiveObjects();
  readonly #pending = new Map<string, Write>();
  readonly #listeners = new Map<string, Set<(event: StorageEvent) => void>>();
  readonly #turns = new Turns();
  #history: History;
  #queue: Write[] = [];
  #drop: number[] = [];
  #committing: Promise<void> | undefined;
  #assigned = 0;
  #revision = 0;
  #mode = '';
  #commits = 0;
  #closed = false;

  private constructor(log: CommitLog, options: StorageOptions) {
    this.#log = log;
    this.#logger = options.log ?? silentLogger;
    this.#history = new History(options.history ?? defaultHistory, 0);
  }

  /** Opens or creates the storage; throws one sentence when the file is locked, damaged, or not ours. */
  static async open(options: StorageOptions = {}): Promise<Storage> {
    const log = options.path === undefined ? memoryLog : new SqliteLog(options.path);
    const storage = new Storage(log, options);
    const { rows, floor, revision, mode } = await log.load();
    storage.#mode = mode;
    storage.#history = new History(options.history ?? defaultHistory, floor);
    storage.#revision = storage.#assigned = revision;
    for (const row of rows) storage.#replay(row);
    return storage;
  }

  /** The newest revision that is on disk. */
  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision that can still be listed or watched from. */
  get floor(): number {
    return this.#history.floor;
  }

  /** When a write is safe, and so acknowledged: in the words of what keeps it. */
  get mode(): string {
    return this.#mode;
  }

  /** How many commits it took so far, each of which is one wait for the disk. */
  get commits(): number {
    return this.#commits;
  }

  get(key: ObjectKey): Version | undefined {
    return this.#live.get(key);
  }

  /** What a writer must start from: the newest state, on disk or on its way there. */
  newest(key: ObjectKey): Version | undefined {
    const pending = this.#pending.get(pathOf(key));
    if (pending) return pending.row.deleted ? undefined : pending.version;
    return this.#live.get(key);
  }

  /** The objects in the order of "namespace/name", now or as they were at `revision`. Throws `Expired` before `floor`. */
  list(resource: string, options: { namespace?: string; revision?: number } = {}): Version[] {
    const now = this.#live.list(resource, options.namespace);
    if (options.revision === undefined || options.revision >= this.#revision) return now;
    const events = this.eventsAfter(resource, options.revision).filter((event) =>
      inNamespace(event, options.namespace),
    );
    return this.#history.undo(now, events, options.revision);
  }

  /**
   * Writes `value(revision)` over `expected` (`undefined` = it must not exist). Throws `StaleWrite` at once when the
   * newest state is another one; resolves when it is on disk.
   */
  put(key: ObjectKey, expected: Version | undefined, value: NewValue | NewValue['json']): Promise<Version> {
    return this.#write(key, expected, { ...(typeof value === 'function' ? { json: value } : value), deleted: false });
  }

  /** Deletes `expected`; `json` is its last state, which watchers are shown. */
  remove(key: ObjectKey, expected: Version, json: NewValue['json']): Promise<Version> {
    return this.#write(key, expected, { json, deleted: true });
  }

  /**
   * Calls `listener` for every change of the resource after `revision`, in order: first those of the past, before this
   * returns, then each new one. Throws `Expired` before `floor`.
   */
  watch(resource: string, revision: number, listener: (event: StorageEvent) => void): () => void {
    for (const event of this.eventsAfter(resource, revision)) listener(event);
    // A revision of the future is waited for: what happens until then is not told.
    const live = (event: StorageEvent): void => (event.version.revision > revision ? listener(event) : undefined);
    const listeners = this.#listeners.get(resource) ?? new Set();
    this.#listeners.set(resource, listeners.add(live));
    return () => void listeners.delete(live);
  }

  /** The changes of the resource after `revision`, oldest first. Throws `Expired` before `floor`. */
  eventsAfter(resource: string, revision: number): readonly StorageEvent[] {
    if (revision >= this.#revision) return [];
    if (revision < this.#history.floor) {
      throw new ApiError('Expired', `too old resource version: ${revision} (${this.#history.floor})`);
    }
    return this.#history.after(resource, revision);
  }

  /** Writes everything that is on disk by now into a new file that `restore` takes, without stopping for it. */
  backup(file: string, attachments: readonly Attachment[] = []): Promise<void> {
    if (this.#closed) throw new ApiError('ServiceUnavailable', 'the cluster is stopping');
    return this.#log.backup(file, attachments);
  }

  /** Waits for what is under way and closes the file. Later writes are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#committing) await this.#committing;
    await this.#log.close();
  }

  #write(
    key: ObjectKey,
    expected: Version | undefined,
    change: NewValue & { readonly deleted: boolean },
  ): Promise<Version> {
    if (this.#closed) throw new ApiError('ServiceUnavailable', 'the cluster is stopping');
    const newest = this.newest(key);
    if (newest !== expected) throw new StaleWrite(newest);
    const revision = ++this.#assigned;
    const value = change.json(revision);
    const row: Row = { revision, ...key, deleted: change.deleted, value };
    return new Promise((resolve, reject) => {
      const write: Write = {
        row,
        version: new Version(key, revision, value).knownAs(change.identity),
        resolve,
        reject,
      };
      this.#pending.set(pathOf(key), write);
      this.#queue.push(write);
      this.#committing ??= this.#commitAll();
    });
  }

  /**
   * Commits batch after batch until none waits. What is written while one is under way goes into the next, which is
   * written to disk while the former is told.
   */
  async #commitAll(): Promise<void> {
    await Promise.resolve(); // lets all writers of this turn into the first batch
    for (let commit = this.#beginCommit(); commit;) {
      const error = await commit.failure;
      if (error) {
        this.#drop.push(...commit.drop);
        this.#fail(commit.writes, error);
        commit = undefined; // nobody waits any more
      } else {
        const next = this.#beginCommit();
        await this.#applyAll(commit.writes);
        commit = next ?? this.#beginCommit();
      }
    }
    this.#committing = undefined;
  }

  #beginCommit(): Commit | undefined {
    if (this.#queue.length === 0) return undefined;
    const writes = this.#queue.splice(0, maxBatch);
    const drop = this.#drop.splice(0);
    this.#commits++;
    const batch = { rows: writes.map(({ row }) => row), drop, floor: this.#history.floor };
    const failure = this.#log.commit(batch).then(
      () => undefined,
      (error: Error) => error, // CommitLog throws Errors only
    );
    return { writes, drop, failure };
  }

  async #applyAll(writes: readonly Write[]): Promise<void> {
    for (const write of writes) {
      const turn = this.#turns.next();
      if (turn) await turn;
      this.#apply(write);
    }
  }

  #apply(write: Write): void {
    const path = pathOf(write.row);
    if (this.#pending.get(path) === write) this.#pending.delete(path);
    const event = this.#record(write.version, write.row.deleted);
    this.#trim();
    const listeners = this.#listeners.get(write.row.resource);
    if (listeners?.size) write.version.toldBy(() => this.#tell(listeners, event));
    write.resolve(write.version);
  }

  #tell(listeners: Iterable<(event: StorageEvent) => void>, event: StorageEvent): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error('a watcher failed', { resource: event.version.key.resource, error });
      }
    }
  }

  /** Nothing of a failed batch has happened, nor of what was written on top of it. */
  #fail(batch: readonly Write[], error: Error): void {
    this.#logger.error('the cluster could not save its changes', { error });
    const lost = [...batch, ...this.#queue.splice(0)];
    this.#pending.clear();
    for (const write of lost) write.reject(error);
  }

  #record(version: Version, deleted: boolean): StorageEvent {
    const previous = this.#live.get(version.key);
    if (deleted) this.#live.delete(version.key);
    else this.#live.set(version);
    this.#revision = version.revision;
    const event: StorageEvent = { type: deleted ? 'DELETED' : previous ? 'MODIFIED' : 'ADDED', version, previous };
    this.#history.add(event);
    return event;
  }

  #replay(row: Row): void {
    const key = { resource: row.resource, namespace: row.namespace, name: row.name };
    const version = new Version(key, row.revision, row.value);
    if (row.revision > this.#history.floor) this.#record(version, row.deleted);
    else if (!row.deleted) this.#live.set(version);
    this.#revision = Math.max(this.#revision, row.revision);
    this.#trim();
  }

  #trim(): void {
    const trimmed = this.#history.trim();
    if (trimmed) this.#drop.push(...trimmed.revisions);
  }
}

function pathOf({ resource, namespace, name }: ObjectKey): string {
  return `${resource}/${namespace}/${name}`;
}

function inNamespace(event: StorageEvent, namespace: string | undefined): boolean {
  return namespace === undefined || event.version.key.namespace === namespace;
}

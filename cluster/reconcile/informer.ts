import { type Clock, isApiError, type Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ClusterWatchEvent, ResourceRef } from '../client.ts';
import { keyFrom, keyOf } from './object-key.ts';
import { resourceName } from './resource-refs.ts';

/** What happened to one object: no `before` = it is new, no `after` = it is gone. */
export interface Change<T extends ClusterObject = ClusterObject> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export interface InformerOptions<T extends ClusterObject> {
  readonly client: ClusterClient;
  readonly ref: ResourceRef;
  readonly clock: Clock;
  readonly log: Logger;
  /** What to keep of an object, without changing it: others may hold it too. Default: everything but `managedFields`. */
  readonly keep?: (object: ClusterObject) => T;
}

const relistDelayMs = { first: 100, most: 10_000 };

function withoutManagedFields(object: ClusterObject): ClusterObject {
  if (!object.metadata.managedFields) return object;
  const { managedFields: _managers, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function revisionOf(object: ClusterObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}

/**
 * One kind's objects in memory, kept by list and watch; lists again when the watch breaks off. What it hands out is
 * shared by all readers: clone before changing. `observe` and `expectDeletion` let a controller see its own writes
 * before the watch brings them, so that it never acts twice on one observation.
 */
export class Informer<T extends ClusterObject = ClusterObject> {
  readonly ref: ResourceRef;
  readonly #options: InformerOptions<T>;
  readonly #keep: (object: ClusterObject) => T;
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<
    string,
    { keysOf: (object: T) => readonly string[]; entries: Map<string, Map<string, T>> }
  >();
  readonly #handlers: ((change: Change<T>) => void)[] = [];
  readonly #goingUids = new Set<string>();
  #revision = 0;
  #generation = 0;
  #failures = 0;
  #synced = false;
  #stopped = true;
  #endWatch: () => void = () => undefined;

  constructor(options: InformerOptions<T>) {
    this.ref = options.ref;
    this.#options = options;
    this.#keep = options.keep ?? ((object) => withoutManagedFields(object) as T); // the caller names the kind it asked for
  }

  /** True once everything that existed at the start is known. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Adds a named index before or after the start; an object is found under each of its keys. */
  addIndex(name: string, keysOf: (object: T) => readonly string[]): this {
    if (this.#indexes.has(name)) return this;
    const entries = new Map<string, Map<string, T>>();
    this.#indexes.set(name, { keysOf, entries });
    for (const [key, object] of this.#objects) addTo(entries, keysOf(object), [key, object]);
    return this;
  }

  /** Calls `handler` for every change from now on; one that throws is logged and harms nobody. */
  onChange(handler: (change: Change<T>) => void): this {
    this.#handlers.push(handler);
    return this;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyFrom(namespace, name));
  }

  all(): IterableIterator<T> {
    return this.#objects.values();
  }

  get size(): number {
    return this.#objects.size;
  }

  /** How many objects `byIndex` would answer. */
  countByIndex(name: string, key: string): number {
    return this.#indexes.get(name)?.entries.get(key)?.size ?? 0;
  }

  byIndex(name: string, key: string): T[] {
    return [...(this.#indexes.get(name)?.entries.get(key)?.values() ?? [])];
  }

  /** Starts listing and watching; resolves after the first list, however long the server takes to give one. */
  async start(): Promise<void> {
    if (!this.#stopped) return;
    this.#stopped = false;
    await this.#relist();
  }

  stop(): void {
    this.#stopped = true;
    this.#generation++;
    this.#endWatch();
  }

  /** Takes in the answer to a write of ours, unless the watch is already past it. */
  observe(written: ClusterObject): void {
    if (revisionOf(written) > this.#revision) this.#put(this.#keep(written));
  }

  /** From now on the object counts as being deleted, until the watch says that it is gone. */
  expectDeletion(object: ClusterObject): void {
    const known = this.get(object.metadata.namespace, object.metadata.name);
    if (!known || known.metadata.uid !== object.metadata.uid || !known.metadata.uid) return;
    this.#goingUids.add(known.metadata.uid);
    this.#set(known, known);
  }

  async #relist(): Promise<void> {
    const generation = ++this.#generation;
    while (!this.#stopped && generation === this.#generation) {
      try {
        const { items, resourceVersion } = await this.#options.client.list(this.ref);
        if (this.#stopped || generation !== this.#generation) return;
        this.#replace(items, Number(resourceVersion));
        this.#failures = 0;
        this.#watch(resourceVersion, generation);
        return;
      } catch (error) {
        this.#failures++;
        if (!isApiError(error, 'NotFound')) {
          this.#options.log.warn('listing failed, trying again', { resource: resourceName(this.ref), error });
        }
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    const ms = Math.min(relistDelayMs.most, relistDelayMs.first * 2 ** (this.#failures - 1));
    return new Promise((resolve) => void this.#options.clock.after(ms, resolve));
  }

  #watch(resourceVersion: string, generation: number): void {
    this.#endWatch = this.#options.client.watch(this.ref, resourceVersion, (event) => {
      if (generation === this.#generation && !this.#stopped) this.#take(event);
    });
  }

  #take(event: ClusterWatchEvent): void {
    if (event.type === 'ERROR') {
      this.#endWatch();
      void this.#relist();
      return;
    }
    this.#revision = Math.max(this.#revision, revisionOf(event.object));
    if (event.type === 'BOOKMARK') return;
    if (event.type === 'DELETED') this.#remove(keyOf(event.object));
    else this.#put(this.#keep(event.object));
  }

  #replace(items: ClusterObject[], revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    const live = new Set(items.map(keyOf));
    for (const key of [...this.#objects.keys()]) if (!live.has(key)) this.#remove(key);
    for (const item of items) this.#put(this.#keep(item));
    this.#synced = true;
  }

  // The same revision is the same object: what a controller has observed itself is no news when the watch brings it.
  #put(object: T): void {
    const before = this.#objects.get(keyOf(object));
    if (before && revisionOf(before) >= revisionOf(object) && before.metadata.uid === object.metadata.uid) return;
    this.#set(before, object);
  }

  #set(before: T | undefined, object: T): void {
    const key = keyOf(object);
    const after = this.#goingUids.has(object.metadata.uid ?? '') ? markedAsGoing(object, this.#options.clock) : object;
    this.#objects.set(key, after);
    this.#reindex(key, before, after);
    this.#tell({ before, after });
  }

  #remove(key: string): void {
    const before = this.#objects.get(key);
    if (!before) return;
    this.#objects.delete(key);
    this.#goingUids.delete(before.metadata.uid ?? '');
    this.#reindex(key, before, undefined);
    this.#tell({ before, after: undefined });
  }

  #reindex(key: string, before: T | undefined, after: T | undefined): void {
    for (const { keysOf, entries } of this.#indexes.values()) {
      if (before) removeFrom(entries, keysOf(before), key);
      if (after) addTo(entries, keysOf(after), [key, after]);
    }
  }

  #tell(change: Change<T>): void {
    for (const handler of this.#handlers) {
      try {
        handler(change);
      } catch (error) {
        this.#options.log.error('an informer handler failed', { resource: resourceName(this.ref), error });
      }
    }
  }
}

function addTo<T>(
  entries: Map<string, Map<string, T>>,
  indexKeys: readonly string[],
  [key, object]: readonly [string, T],
): void {
  for (const indexKey of indexKeys) {
    const found = entries.get(indexKey);
    if (found) found.set(key, object);
    else entries.set(indexKey, new Map([[key, object]]));
  }
}

function removeFrom<T>(entries: Map<string, Map<string, T>>, indexKeys: readonly string[], key: string): void {
  for (const indexKey of indexKeys) {
    const found = entries.get(indexKey);
    found?.delete(key);
    if (found?.size === 0) entries.delete(indexKey);
  }
}

function markedAsGoing<T extends ClusterObject>(object: T, clock: Clock): T {
  if (object.metadata.deletionTimestamp) return object;
  const deletionTimestamp = new Date(clock.now()).toISOString();
  return { ...object, metadata: { ...object.metadata, deletionTimestamp } };
}

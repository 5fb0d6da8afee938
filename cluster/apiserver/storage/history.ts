import { compareKeys } from './live-objects.ts';
import type { StorageEvent, Version } from './version.ts';

export interface HistoryLimits {
  readonly maxEvents: number;
  /** Of the superseded versions that only the history keeps alive. */
  readonly maxBytes: number;
}

/** What `trim` has let go: rows of these revisions serve nobody any more. */
export interface Trimmed {
  readonly floor: number;
  readonly revisions: readonly number[];
}

/**
 * The newest events, bounded. Everything after `floor` can be replayed to a watcher, and the state at any revision from
 * `floor` on can be had by undoing events.
 */
export class History {
  floor: number;
  readonly #limits: HistoryLimits;
  #events: StorageEvent[] = [];
  #byResource = new Map<string, StorageEvent[]>();
  #bytes = 0;

  constructor(limits: HistoryLimits, floor: number) {
    this.#limits = limits;
    this.floor = floor;
  }

  add(event: StorageEvent): void {
    this.#events.push(event);
    const { resource } = event.version.key;
    const list = this.#byResource.get(resource);
    if (list) list.push(event);
    else this.#byResource.set(resource, [event]);
    this.#bytes += event.previous?.bytes.length ?? 0;
  }

  /** Drops the oldest events down to nine tenths of the limits, if these are passed. */
  trim(): Trimmed | undefined {
    if (!this.#exceeds(1, 0)) return undefined;
    const revisions: number[] = [];
    let count = 0;
    while (this.#exceeds(0.9, count)) {
      const event = this.#events[count++];
      if (!event) break;
      const { type, version, previous } = event;
      this.floor = version.revision;
      if (previous) this.#bytes -= previous.bytes.length;
      if (previous) revisions.push(previous.revision);
      if (type === 'DELETED') revisions.push(version.revision);
    }
    this.#events = this.#events.slice(count);
    this.#regroup();
    return { floor: this.floor, revisions };
  }

  /** The events of one resource after `revision`, oldest first. `revision` is at least `floor`. */
  after(resource: string, revision: number): readonly StorageEvent[] {
    const events = this.#byResource.get(resource) ?? [];
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = events[middle];
      if (event && event.version.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return events.slice(low);
  }

  /** `now`, the list of a resource in order, as it was at `revision`; `events` are all that has changed in it since. */
  undo(now: readonly Version[], events: readonly StorageEvent[], revision: number): Version[] {
    if (events.length === 0) return [...now];
    const before = new Map<string, Version | undefined>();
    for (const { version, previous } of events) {
      const path = `${version.key.namespace}/${version.key.name}`;
      if (!before.has(path)) before.set(path, previous); // the oldest event knows what was there first
    }
    const restored = [...before.values()].filter((version) => version !== undefined);
    restored.sort((a, b) => compareKeys(a.key, b.key));
    return merged(
      now.filter((version) => version.revision <= revision),
      restored,
    );
  }

  /** True when more than `share` of a limit is used, not counting the `dropped` oldest events. */
  #exceeds(share: number, dropped: number): boolean {
    const { maxEvents, maxBytes } = this.#limits;
    return this.#events.length - dropped > maxEvents * share || this.#bytes > maxBytes * share;
  }

  #regroup(): void {
    for (const [resource, events] of this.#byResource) {
      const kept = events.filter((event) => event.version.revision > this.floor);
      if (kept.length > 0) this.#byResource.set(resource, kept);
      else this.#byResource.delete(resource);
    }
  }
}

/** One list in order of two that are, the second of which is the shorter one. */
function merged(many: readonly Version[], few: readonly Version[]): Version[] {
  const all: Version[] = [];
  let from = 0;
  for (const version of few) {
    const to = firstAfter(many, version, from);
    while (from < to) all.push(many[from++] as Version); // below the length
    all.push(version);
  }
  while (from < many.length) all.push(many[from++] as Version); // as above
  return all;
}

function firstAfter(versions: readonly Version[], { key }: Version, from: number): number {
  let [low, high] = [from, versions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const version = versions[middle];
    if (version && compareKeys(version.key, key) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

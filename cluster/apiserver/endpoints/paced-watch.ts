import type { Storage } from '../storage/storage.ts';
import type { StorageEvent } from '../storage/version.ts';
import { storageResource } from '../store/kind-registry.ts';
import type { Selection } from '../store/selection.ts';
import { changeFor } from '../store/watch-objects.ts';
import type { Change } from '../store/watch-objects.ts';

/** Where a watch writes to. */
export interface WatchSink {
  /** True when the reader has enough to do; `resume` is called when it has caught up. */
  isFull(): boolean;
  change(change: Change): void;
  /** What was there at the start has all been shown, as of this revision. */
  current(revision: number): void;
}

/**
 * Shows a reader every change of a selection, in order and at the reader's pace: for one that is behind nothing is
 * queued, since the history has it. `resume` throws `Expired` when even the history no longer does.
 */
export class PacedWatch {
  readonly #storage: Storage;
  readonly #selection: Selection;
  readonly #sink: WatchSink;
  readonly #resource: string;
  /** What is there, still to be shown. */
  #initial: Iterator<Change> | undefined;
  /** All changes up to here have been shown. */
  #revision: number;
  #isBehind = true;

  /** Begins at `revision`, or with what is there now when it is `undefined`. Nothing is shown before `resume`. */
  constructor(storage: Storage, watch: { selection: Selection; sink: WatchSink; revision: number | undefined }) {
    this.#storage = storage;
    this.#selection = watch.selection;
    this.#sink = watch.sink;
    this.#resource = storageResource(watch.selection.kind);
    this.#revision = watch.revision ?? storage.revision;
    if (watch.revision === undefined) this.#initial = this.#objects();
  }

  /** The revision up to which the reader has seen everything; `undefined` while it does not know what is there. */
  get shown(): number | undefined {
    if (this.#initial) return undefined;
    return this.#isBehind ? this.#revision : Math.max(this.#revision, this.#storage.revision);
  }

  /** Follows the storage until the answer is called. */
  follow(): () => void {
    return this.#storage.watch(this.#resource, this.#storage.revision, (event) => {
      if (!this.#isBehind) this.#show(event);
    });
  }

  /** Goes on with what the reader has missed. */
  resume(): void {
    if (!this.#isBehind || !this.#showInitial()) return;
    for (const event of this.#storage.eventsAfter(this.#resource, this.#revision)) {
      if (this.#sink.isFull()) return;
      this.#show(event);
    }
    this.#isBehind = this.#sink.isFull();
  }

  *#objects(): Generator<Change> {
    for (const version of this.#storage.list(this.#resource, { namespace: this.#selection.namespace })) {
      if (this.#selection.includes(version)) yield { type: 'ADDED', version };
    }
  }

  /** True when nothing of it is left. */
  #showInitial(): boolean {
    while (this.#initial) {
      if (this.#sink.isFull()) return false;
      const { value, done } = this.#initial.next() as IteratorResult<Change, undefined>; // the generator returns nothing
      if (value) this.#sink.change(value);
      if (!done) continue;
      this.#initial = undefined;
      this.#sink.current(this.#revision);
    }
    return true;
  }

  #show(event: StorageEvent): void {
    if (event.version.revision <= this.#revision) return; // a revision of the future is waited for
    this.#revision = event.version.revision;
    const change = changeFor(this.#selection, event);
    if (change) this.#sink.change(change);
    this.#isBehind = this.#sink.isFull();
  }
}

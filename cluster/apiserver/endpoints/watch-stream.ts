import type { Clock, Logger } from '@kit/base';
import { ApiError } from '@kit/base';
import type { KindRegistry } from '../store/kind-registry.ts';
import type { Storage } from '../storage/storage.ts';
import type { Selection } from '../store/selection.ts';
import type { ConversionDeps } from '../conversion/convert-object.ts';
import { ConversionQueue } from '../conversion/conversion-queue.ts';
import { versionAs } from '../conversion/stored-versions.ts';
import { PacedWatch } from './paced-watch.ts';
import type { WatchSink } from './paced-watch.ts';
import type { WatchFrames } from './watch-frames.ts';
import type { WatchOutput } from './watch-writer.ts';

export interface WatchOptions {
  /** `undefined` = begin with what is there now. */
  readonly revision: number | undefined;
  /** Show what is there first, then a bookmark that says so. */
  readonly initialEvents: boolean;
  readonly bookmarks: boolean;
  readonly timeoutSeconds: number;
  /** A watch shows nothing but what comes next, whatever is there. */
  readonly skipCurrent?: boolean;
}

const bookmarkEveryMs = 60_000;
/** What is written ahead of a client that reads slowly; the rest waits in the history. */
const maxBacklogBytes = 1 << 20;

interface WatchDeps extends ConversionDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly log: Logger;
}

/** So many may wait for a webhook; the rest waits in the history. */
const maxWaiting = 200;

/** Writes frames to the client; those of objects that have to be converted when that is done, in order all the same. */
function sinkOf(
  deps: WatchDeps,
  to: {
    writer: WatchOutput;
    waiting: ConversionQueue;
    selection: Selection;
    options: WatchOptions;
    frames: WatchFrames;
  },
): WatchSink {
  const { writer, waiting, frames, options } = to;
  const { kind } = to.selection;
  const write = (bytes: Buffer | string): void => writer.write(bytes);
  return {
    isFull: () => writer.backlog > maxBacklogBytes || waiting.length > maxWaiting,
    change: (change) => {
      if (!kind.conversion) return write(frames.change(change));
      waiting.add(versionAs(deps, kind, change.version), (version) => write(frames.change({ ...change, version })));
    },
    current: (revision) => {
      if (options.initialEvents && options.bookmarks) waiting.add(frames.bookmark(revision, true), write);
    },
  };
}

/**
 * Streams the changes of a selection, to where `open` leads, at the client's pace, until the client goes away, its time is up, its kind is
 * served no longer or otherwise, or what it has missed is no longer known.
 */
export function streamWatch(
  deps: WatchDeps,
  open: (onDrain: () => void) => WatchOutput,
  watch: { selection: Selection; options: WatchOptions; frames: WatchFrames },
): void {
  const { storage, clock, kinds, log } = deps;
  const { selection, options, frames } = watch;
  const { kind } = selection;
  const writer = open(() => resume());
  const write = (bytes: Buffer | string): void => writer.write(bytes);
  // Objects that a webhook has to convert first.
  const waiting = new ConversionQueue({
    error(error) {
      stop();
      writer.end(frames.error(error));
    },
    idle: () => resume(),
  });
  const paced = new PacedWatch(storage, {
    selection,
    revision: options.skipCurrent ? storage.revision : options.revision,
    sink: sinkOf(deps, { writer, waiting, ...watch }),
  });
  const mark = (): void => {
    if (options.bookmarks && paced.shown !== undefined) waiting.add(frames.bookmark(paced.shown, false), write);
  };
  const stops: (() => void)[] = [];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
  };
  const finish = (): void => {
    stop();
    mark();
    writer.end();
  };
  const resume = (): void => {
    try {
      paced.resume();
    } catch (error) {
      if (!(error instanceof ApiError)) log.error('a watch failed', { kind: kind.kind, error });
      stop();
      writer.end(frames.error(error));
    }
  };
  writer.onClose(stop);
  stops.push(
    () => writer.stop(),
    paced.follow(),
    kinds.onChange(() => kinds.find(kind.group, kind.version, kind.resource) === kind || finish()),
    clock.after(options.timeoutSeconds * 1000, finish),
    every(clock, bookmarkEveryMs, mark),
  );
  resume();
}

function every(clock: Clock, periodMs: number, run: () => void): () => void {
  let cancel = clock.after(periodMs, again);
  function again(): void {
    run();
    cancel = clock.after(periodMs, again);
  }
  return () => cancel();
}

import type { ServerResponse } from 'node:http';
import type { Clock, Logger } from '@kit/base';
import { ApiError, toStatus } from '@kit/base';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { KindRegistry } from '../store/kind-registry.ts';
import type { Version } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import type { Selection } from '../store/selection.ts';
import type { Change } from '../store/watch-objects.ts';
import { objectBytes } from '../store/stored-object.ts';
import { PacedWatch } from './paced-watch.ts';

/** How the objects of a watch are shown. */
export type Presenter = (version: Version) => Buffer;

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

const newline = Buffer.from('}\n');
const frameHead = (type: string): Buffer => Buffer.from(`{"type":"${type}","object":`);
const heads = { ADDED: frameHead('ADDED'), MODIFIED: frameHead('MODIFIED'), DELETED: frameHead('DELETED') };

/** One encoding of a change serves all who watch the kind. They are told at the same time, so few need to be kept. */
const frames = new Map<Version, Map<string, Buffer>>();
const maxFrames = 64;

function frameOf(kind: KindInfo, { type, version }: Change): Buffer {
  let cached = frames.get(version);
  if (!cached) {
    if (frames.size >= maxFrames) frames.clear();
    frames.set(version, (cached = new Map<string, Buffer>()));
  }
  const key = `${type} ${kind.group}/${kind.version}`;
  let frame = cached.get(key);
  if (!frame) {
    frame = Buffer.concat([heads[type], objectBytes(kind, version), newline]);
    cached.set(key, frame);
  }
  return frame;
}

function bookmark(kind: KindInfo, revision: number, initialEnd: boolean): string {
  const metadata = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(initialEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } })}\n`;
}

function errorFrame(error: unknown): string {
  return `${JSON.stringify({ type: 'ERROR', object: toStatus(error) })}\n`;
}

/**
 * Streams the changes of a selection at the client's pace, until the client goes away, its time is up, its kind is
 * served no longer or otherwise, or what it has missed is no longer known.
 */
export function streamWatch(
  deps: { readonly storage: Storage; readonly clock: Clock; readonly kinds: KindRegistry; readonly log: Logger },
  response: ServerResponse,
  watch: { selection: Selection; options: WatchOptions; present?: Presenter },
): void {
  const { storage, clock, kinds, log } = deps;
  const { selection, options, present } = watch;
  const { kind } = selection;
  response.flushHeaders(); // clients wait for the head before they trust the watch
  const paced = new PacedWatch(storage, {
    selection,
    revision: options.skipCurrent ? storage.revision : options.revision,
    sink: {
      isFull: () => response.writableLength > maxBacklogBytes,
      change: (change) =>
        response.write(
          present ? Buffer.concat([heads[change.type], present(change.version), newline]) : frameOf(kind, change),
        ),
      current: (revision) => {
        if (options.initialEvents && options.bookmarks) response.write(bookmark(kind, revision, true));
      },
    },
  });
  const mark = (): void => {
    if (options.bookmarks && paced.shown !== undefined) response.write(bookmark(kind, paced.shown, false));
  };
  const stops: (() => void)[] = [];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
  };
  const finish = (): void => {
    stop();
    mark();
    response.end();
  };
  const resume = (): void => {
    try {
      paced.resume();
    } catch (error) {
      if (!(error instanceof ApiError)) log.error('a watch failed', { kind: kind.kind, error });
      stop();
      response.end(errorFrame(error));
    }
  };
  const onDrain = (): void => resume();
  response.on('close', stop).on('drain', onDrain);
  stops.push(
    () => response.off('drain', onDrain),
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

import type { ServerResponse } from 'node:http';
import type { Clock } from '@kit/base';
import { ApiError, toStatus } from '@kit/base';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import type { Selection } from '../store/selection.ts';
import { watchObjects } from '../store/watch-objects.ts';
import type { Change } from '../store/watch-objects.ts';
import { objectBytes } from '../store/stored-object.ts';

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
/** What a client that reads too slowly may have waiting before it is cut off; it will list and watch anew. */
const maxBacklogBytes = 16 << 20;

const newline = Buffer.from('}\n');
const frameHead = (type: string): Buffer => Buffer.from(`{"type":"${type}","object":`);
const heads = { ADDED: frameHead('ADDED'), MODIFIED: frameHead('MODIFIED'), DELETED: frameHead('DELETED') };

/** One encoding of a change serves every watcher of the kind. */
const frames = new WeakMap<Version, Map<string, Buffer>>();

export function frameOf(kind: KindInfo, { type, version }: Change): Buffer {
  let cached = frames.get(version);
  if (!cached) frames.set(version, (cached = new Map<string, Buffer>()));
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

function errorFrame(error: ApiError): string {
  return `${JSON.stringify({ type: 'ERROR', object: toStatus(error) })}\n`;
}

/** Streams the changes of a selection until the client goes away, its time is up, or it falls too far behind. */
export function streamWatch(
  deps: { readonly storage: Storage; readonly clock: Clock },
  response: ServerResponse,
  watch: { selection: Selection; options: WatchOptions; present?: Presenter },
): void {
  const { storage, clock } = deps;
  const { selection, options, present } = watch;
  const { kind } = selection;
  const write = (frame: Buffer | string): void => {
    if (response.writableLength > maxBacklogBytes) response.destroy();
    else response.write(frame);
  };
  response.flushHeaders(); // clients wait for the head before they trust the watch
  const stops: (() => void)[] = [];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
  };
  response.on('close', stop);
  try {
    stops.push(
      watchObjects(storage, selection, {
        revision: options.skipCurrent ? storage.revision : options.revision,
        onChange: (change) =>
          write(
            present ? Buffer.concat([heads[change.type], present(change.version), newline]) : frameOf(kind, change),
          ),
        onCurrent: (revision) => {
          if (options.initialEvents && options.bookmarks) write(bookmark(kind, revision, true));
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    response.end(errorFrame(error));
    return;
  }
  const finish = (): void => {
    stop();
    if (options.bookmarks) write(bookmark(kind, storage.revision, false));
    response.end();
  };
  stops.push(clock.after(options.timeoutSeconds * 1000, finish));
  if (options.bookmarks)
    stops.push(every(clock, bookmarkEveryMs, () => write(bookmark(kind, storage.revision, false))));
}

function every(clock: Clock, periodMs: number, run: () => void): () => void {
  let cancel = clock.after(periodMs, again);
  function again(): void {
    run();
    cancel = clock.after(periodMs, again);
  }
  return () => cancel();
}

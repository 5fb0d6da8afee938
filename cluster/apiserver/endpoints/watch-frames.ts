import { toStatus } from '@kit/base';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { objectBytes } from '../store/stored-object.ts';
import type { Change } from '../store/watch-objects.ts';
import { protobufWatchFrame } from '../codec/encode-protobuf.ts';
import { protobufEvent, protobufObject } from './protobuf-answer.ts';

/** How the events of one watch are written. */
export interface WatchFrames {
  readonly contentType: string;
  change(change: Change): Buffer;
  /** `initialEnd`: what was there at the start has all been shown. */
  bookmark(revision: number, initialEnd: boolean): Buffer | string;
  error(error: unknown): Buffer | string;
}

/** An object as this watch shows it. */
export type Presenter = (version: Version) => Buffer;

/** One encoding of a change serves all who watch the kind. They are told at the same time, so few need to be kept. */
class SharedFrames {
  readonly #frames = new Map<Version, Map<string, Buffer>>();

  get(version: Version, key: string, make: () => Buffer): Buffer {
    let cached = this.#frames.get(version);
    if (!cached) {
      if (this.#frames.size >= maxFrames) this.#frames.clear();
      this.#frames.set(version, (cached = new Map<string, Buffer>()));
    }
    let frame = cached.get(key);
    if (!frame) cached.set(key, (frame = make()));
    return frame;
  }
}

const maxFrames = 64;
const shared = new SharedFrames();

const newline = Buffer.from('}\n');
const frameHead = (type: string): Buffer => Buffer.from(`{"type":"${type}","object":`);
const heads = { ADDED: frameHead('ADDED'), MODIFIED: frameHead('MODIFIED'), DELETED: frameHead('DELETED') };

interface Bookmark {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: object;
}

function bookmarkObject(type: { kind: string; apiVersion: string }, revision: number, initialEnd: boolean): Bookmark {
  const metadata = {
    resourceVersion: String(revision),
    ...(initialEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
  };
  return { ...type, metadata };
}

const frameKey = ({ type }: Change, { group, version }: KindInfo, format: string): string =>
  `${format} ${type} ${group}/${version}`;

/** Events as lines of JSON; `present` shows objects in another form than their own. */
export function jsonFrames(kind: KindInfo, present?: Presenter): WatchFrames {
  const type = { kind: kind.kind, apiVersion: apiVersionOf(kind) };
  const line = (event: string, object: object): string => `${JSON.stringify({ type: event, object })}\n`;
  const frame = ({ type: event, version }: Change, show: Presenter): Buffer =>
    Buffer.concat([heads[event], show(version), newline]);
  return {
    contentType: 'application/json',
    change: (change) =>
      present
        ? frame(change, present)
        : shared.get(change.version, frameKey(change, kind, 'json'), () =>
            frame(change, (version) => objectBytes(kind, version)),
          ),
    bookmark: (revision, initialEnd) => line('BOOKMARK', bookmarkObject(type, revision, initialEnd)),
    error: (error) => line('ERROR', toStatus(error)),
  };
}

/** Events in protobuf, each with its length before it; `present` gives whole bodies. */
export function protobufFrames(
  kind: KindInfo,
  shown: { type: { kind: string; apiVersion: string }; present?: Presenter },
): WatchFrames {
  const { type, present } = shown;
  return {
    contentType: 'application/vnd.kubernetes.protobuf;stream=watch',
    change: (change) =>
      present
        ? protobufWatchFrame(change.type, present(change.version))
        : shared.get(change.version, frameKey(change, kind, 'protobuf'), () =>
            protobufWatchFrame(change.type, protobufObject(kind, change.version)),
          ),
    bookmark: (revision, initialEnd) => protobufEvent('BOOKMARK', bookmarkObject(type, revision, initialEnd)),
    error: (error) => protobufEvent('ERROR', toStatus(error)),
  };
}

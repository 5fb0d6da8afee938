import {
  encodeListMessage,
  encodeMessage,
  protobufBody,
  protobufMessageOf,
  protobufWatchFrame,
} from '../codec/encode-protobuf.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { readObject } from '../store/stored-object.ts';

/** What says of which kind it is; a core document of discovery has no apiVersion. */
export interface Typed {
  readonly apiVersion?: string;
  readonly kind?: string;
}

/** The protobuf body of an object of the API; undefined when its kind has no message. */
export function protobufOf(value: Typed): Buffer | undefined {
  const { apiVersion = '', kind = '' } = value;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const message = protobufMessageOf({ group: group ?? '', version: version ?? '', kind });
  return message ? protobufBody({ apiVersion, kind }, encodeMessage(message, value)) : undefined;
}

const keptBytes = 32 << 20;

/** Messages of stored objects, so that those who list and watch the same ones share the work. */
class EncodedMessages {
  #messages = new Map<Version, Map<KindInfo, Buffer>>();
  #size = 0;

  get(kind: KindInfo, version: Version): Buffer {
    const known = this.#messages.get(version)?.get(kind);
    if (known) return known;
    const message = protobufMessageOf(kind) ?? '';
    const bytes = encodeMessage(message, readObject(kind, version));
    // when there is no more room it is made anew: cheaper than to find out what is still of use
    if (this.#size > keptBytes) {
      this.#messages = new Map();
      this.#size = 0;
    }
    const kinds = this.#messages.get(version) ?? new Map<KindInfo, Buffer>();
    this.#messages.set(version, kinds.set(kind, Buffer.from(bytes)));
    this.#size += bytes.length;
    return bytes;
  }
}

const messages = new EncodedMessages();

/** A stored object as `kind` shows it, which must have a message. */
export function protobufObject(kind: KindInfo, version: Version): Buffer {
  return protobufBody({ apiVersion: apiVersionOf(kind), kind: kind.kind }, messages.get(kind, version));
}

export function protobufList(kind: KindInfo, metadata: object, versions: readonly Version[]): Buffer {
  const list = { apiVersion: apiVersionOf(kind), kind: kind.listKind };
  const message = protobufMessageOf({ ...kind, kind: kind.listKind }) ?? '';
  const items = versions.map((version) => messages.get(kind, version));
  return protobufBody(list, encodeListMessage(message, metadata, items));
}

/** An event whose object is a Status, a bookmark or the like. */
export function protobufEvent(type: string, object: Typed): Buffer {
  return protobufWatchFrame(type, protobufOf(object) ?? Buffer.alloc(0));
}

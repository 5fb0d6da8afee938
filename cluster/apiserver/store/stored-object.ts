import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { Version } from '../storage/version.ts';
import type { ObjectKey } from '../storage/version.ts';
import { eventFromCore, eventToCore } from './event-conversion.ts';
import { apiVersionOf, storageResource } from './kind-registry.ts';

export function keyOf(kind: KindInfo, namespace: string, name: string): ObjectKey {
  return { resource: storageResource(kind), namespace, name };
}

const eventConversion = { fromStored: eventFromCore, toStored: eventToCore };

/** How a kind becomes what is stored of it, and the other way round, where the two differ. */
const conversionOf = (kind: KindInfo): KindInfo['storedAs'] =>
  kind.group === 'events.k8s.io' && kind.kind === 'Event' ? eventConversion : kind.storedAs;

/** Whether what is stored of an object is all of it but for its kind and apiVersion. */
export const isStoredAsIs = (kind: KindInfo): boolean => !kind.conversion && !kind.completeStored && !isConverted(kind);

const isConverted = (kind: KindInfo): boolean => conversionOf(kind) !== undefined;

/** A stored version as an object of `kind`; the caller's own. Kinds of several versions get theirs by `readAs`. */
export function readObject(kind: KindInfo, version: Version): ClusterObject {
  const type = { kind: kind.kind, apiVersion: apiVersionOf(kind) };
  const stored = { ...type, ...version.object(), ...(kind.conversion && type) };
  if (!kind.conversion) kind.completeStored?.(stored);
  return conversionOf(kind)?.fromStored(stored) ?? stored;
}

/** The object's fields, metadata first, without kind and apiVersion. */
export function withoutType(object: ClusterObject): object {
  const rest = Object.entries(object).filter(
    ([name]) => name !== 'kind' && name !== 'apiVersion' && name !== 'metadata',
  );
  return { metadata: object.metadata, ...Object.fromEntries(rest) };
}

/**
 * The JSON to store: without kind and apiVersion, metadata first, under the revision of the write. Where a definition has
 * several versions, the object tells its own.
 */
export function writeObject(kind: KindInfo, object: ClusterObject, revision: number): string {
  const stored = conversionOf(kind)?.toStored(object) ?? object;
  const type = kind.conversion
    ? `"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},`
    : '';
  let json = `{${type}"metadata":${JSON.stringify({ ...stored.metadata, resourceVersion: String(revision) })}`;
  // Field by field: an object made only to be written would cost as much again.
  for (const name of Object.keys(stored)) {
    const value: unknown = stored[name];
    if (value === undefined || name === 'metadata' || name === 'kind' || name === 'apiVersion') continue;
    json += `,${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `${json}}`;
}

const firstOfKind = 'k'.charCodeAt(0);

/** True when the bytes begin with the kind, as only those do that tell their version. */
const isTyped = ({ bytes }: Version): boolean => bytes[2] === firstOfKind;

/** An object that is not stored in the shape of one that is. */
export function versionOf(kind: KindInfo, object: ClusterObject, revision: number): Version {
  const { namespace = '', name } = object.metadata;
  return new Version(keyOf(kind, namespace, name), revision, writeObject(kind, object, revision));
}

const heads = new WeakMap<KindInfo, Buffer>();

function headOf(kind: KindInfo): Buffer {
  let head = heads.get(kind);
  if (!head) {
    head = Buffer.from(`{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},`);
    heads.set(kind, head);
  }
  return head;
}

/** The JSON bytes of a stored version as `kind`, without parsing where the stored bytes will do. */
export function objectBytes(kind: KindInfo, version: Version): Buffer {
  if (isConverted(kind) || (kind.conversion && isTyped(version))) {
    return Buffer.from(JSON.stringify(readObject(kind, version)));
  }
  return Buffer.concat([headOf(kind), currentBytes(kind, version).subarray(1)]);
}

const completed = new WeakMap<KindInfo, WeakMap<Version, Buffer>>();

/** The stored bytes, or those with the defaults of today; made once a kind, which is made anew when its schema changes. */
function currentBytes(kind: KindInfo, version: Version): Buffer {
  if (!kind.completeStored || kind.conversion) return version.bytes;
  const known = completed.get(kind) ?? new WeakMap<Version, Buffer>();
  completed.set(kind, known);
  let bytes = known.get(version);
  if (!bytes) {
    const made = Buffer.from(JSON.stringify(withoutType(readObject(kind, version))));
    bytes = made.equals(version.bytes) ? version.bytes : made;
    known.set(version, bytes);
  }
  return bytes;
}

/** The same as an item of a list: items of built-in kinds do not repeat kind and apiVersion. */
export function itemBytes(kind: KindInfo, version: Version): Buffer {
  if (!kind.builtin) return objectBytes(kind, version);
  if (!isConverted(kind)) return version.bytes;
  return Buffer.from(JSON.stringify(withoutType(readObject(kind, version))));
}

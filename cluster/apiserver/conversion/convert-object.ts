import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { JsonObject } from '../schema/schema.ts';
import { prune } from '../schema/prune.ts';
import { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { keyOf, readObject, writeObject } from '../store/stored-object.ts';
import { callConverter } from './call-converter.ts';

/** What converting takes. */
export interface ConversionDeps {
  readonly outbound: OutboundClient;
}

/** Kinds of one stored resource that differ in more than their version convert by way of how they are stored. */
function throughStorage(object: ClusterObject, from: KindInfo, to: KindInfo): ClusterObject {
  const { namespace = '', name, resourceVersion = '' } = object.metadata;
  const version = new Version(keyOf(from, namespace, name), 0, writeObject(from, object, 0));
  const converted = readObject(to, version);
  if (resourceVersion) converted.metadata.resourceVersion = resourceVersion;
  else delete converted.metadata.resourceVersion;
  return converted;
}

/** The objects, all of `from`, as objects of `to`. Throws the 500 of the real server when the definition's webhook fails. */
export async function convertObjects(
  deps: ConversionDeps,
  objects: readonly ClusterObject[],
  { from, to }: { from: KindInfo; to: KindInfo },
): Promise<ClusterObject[]> {
  if (from === to || objects.length === 0) return [...objects];
  if (to.builtin) return objects.map((object) => throughStorage(object, from, to));
  const webhook = to.conversion?.webhook;
  const converted = webhook
    ? await callConverter(deps.outbound, webhook, {
        objects,
        from: apiVersionOf(from),
        to: apiVersionOf(to),
        kind: to.kind,
      })
    : objects.map((object) => ({ ...structuredClone(object), apiVersion: apiVersionOf(to) }));
  for (const object of converted) prune(to.schema, object as unknown as JsonObject); // objects of the API are JSON
  return converted;
}

/** As `convertObjects`, for one. */
export async function convertObject(
  deps: ConversionDeps,
  object: ClusterObject,
  kinds: { from: KindInfo; to: KindInfo },
): Promise<ClusterObject> {
  const [converted = object] = await convertObjects(deps, [object], kinds);
  return converted;
}

import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../client.ts';

const atOnce = 32;

/** Asks for the deletion of every object of one resource, in one namespace or everywhere; answers those still there. */
export async function deleteAll(client: ClusterClient, ref: ResourceRef, namespace?: string): Promise<ClusterObject[]> {
  const { items } = await client.list(ref, { namespace });
  const waiting = items.filter(({ metadata }) => !metadata.deletionTimestamp);
  for (let i = 0; i < waiting.length; i += atOnce) {
    await Promise.all(waiting.slice(i, i + atOnce).map((object) => deleteOne(client, ref, object)));
  }
  return items.length === 0 ? [] : (await client.list(ref, { namespace })).items;
}

async function deleteOne(client: ClusterClient, ref: ResourceRef, { metadata }: ClusterObject): Promise<void> {
  try {
    await client.delete(ref, metadata.namespace, metadata.name, { uid: metadata.uid, propagationPolicy: 'Background' });
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
  }
}

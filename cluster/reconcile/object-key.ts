import type { ClusterObject } from '../client.ts';

/** `namespace/name`, or the name alone for cluster-wide kinds: how work queues and caches call an object. */
export function keyOf(object: ClusterObject): string {
  return keyFrom(object.metadata.namespace, object.metadata.name);
}

export function keyFrom(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

export function splitKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

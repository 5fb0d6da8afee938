import { iamTypes, systemNamespace } from '../contract/index.ts';
import type { Attributes } from '../contract/index.ts';

/**
 * What only a role without any limit may touch, whatever else a role names: the hashes of passwords, which come with
 * users behind `/apis`, and the secrets of the platform itself, among them the key that signs its tokens. A role that
 * "reads everything" must not be able to become everybody.
 */
export function isGuardedByAdmin({ isKubernetes, group, resource, namespace }: Attributes): boolean {
  if (isKubernetes && group === iamTypes.users.group && resource === iamTypes.users.plural) return true;
  return resource === 'secrets' && (namespace === '' || namespace === systemNamespace);
}

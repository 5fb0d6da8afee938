import { iamTypes, ownGroup, systemNamespace } from '../contract/index.ts';
import type { Attributes } from '../contract/index.ts';
import type { BindingPlace } from './places-to-look.ts';

const reads = new Set(['get', 'list', 'watch']);

/**
 * What only a role without any limit may touch, whatever else a role names: the hashes of passwords, which come with
 * users behind `/apis`; API tokens and requests for roles as objects; the secrets of the platform itself, among them the
 * key that signs its tokens; and everything else in its namespace, where a pod or a service account's token would come by
 * them. A role that "reads everything" must not be able to become everybody.
 */
export function isGuardedByAdmin({ isKubernetes, group, resource, namespace, verb }: Attributes): boolean {
  if (isKubernetes && group === ownGroup) return true;
  if (isKubernetes && group === iamTypes.users.group && resource === iamTypes.users.plural) return true;
  if (resource === 'secrets') return namespace === '' || namespace === systemNamespace;
  return namespace === systemNamespace && !reads.has(verb);
}

/** Where such a role has to be held: whoever is without limits in a workspace or a project has them there only. */
export function isUnlimitedPlace(place: BindingPlace): boolean {
  return place === 'platform' || place === 'cluster';
}

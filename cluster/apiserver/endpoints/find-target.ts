import type { ApiServerParts } from '../api-server-parts.ts';
import { methodNotAllowed, noSuchResource } from '../store/api-errors.ts';
import type { Target } from '../store/write-request.ts';
import type { ResourcePath } from './request-info.ts';

/** The kind and place a path speaks of. Throws `NotFound` for an unknown one, `MethodNotAllowed` for a wrong verb. */
export function findTarget(parts: ApiServerParts, at: ResourcePath, verb: string): Target {
  const { group, version, resource, namespace, name, subresource } = at;
  const kind = parts.kinds.find(group, version, resource);
  if (!kind) throw noSuchResource();
  const target: Target = { kind, namespace, name, ...(subresource && { subresource }) };
  if (subresource) {
    const part = kind.subresources.find((known) => known.name === subresource);
    if (!part) throw noSuchResource();
    if (!part.verbs.includes(verb)) throw methodNotAllowed();
    return target;
  }
  if (kind.namespaced && namespace === '' && name !== '') throw noSuchResource();
  if (!kind.namespaced && namespace !== '') throw noSuchResource();
  if (!kind.verbs.includes(verb)) throw methodNotAllowed();
  if (kind.namespaced && namespace === '' && verb === 'create') throw methodNotAllowed();
  return target;
}

import type { ApiServerParts } from '../api-server-parts.ts';
import { methodNotAllowed, noSuchResource, notFound } from '../store/api-errors.ts';
import type { Target } from '../store/write-request.ts';
import type { ResourcePath } from './request-info.ts';

const objectVerbs = new Set(['get', 'update', 'patch', 'delete']);
const collectionVerbs = new Set(['list', 'watch', 'create', 'deletecollection']);

/** The kind and place a path speaks of. Throws `NotFound` for an unknown one, `MethodNotAllowed` for a wrong verb. */
export function findTarget(parts: ApiServerParts, at: ResourcePath, verb: string): Target {
  const { group, version, resource, namespace, name, subresource } = at;
  const kind = parts.kinds.find(group, version, resource);
  if (!kind) throw noSuchResource();
  const target: Target = { kind, namespace, name, ...(subresource && { subresource }) };
  if (subresource) {
    const part = kind.subresources.find((known) => known.name === subresource);
    // The real server looks for custom objects before it looks for the parts they might have.
    if (!part) throw kind.builtin ? noSuchResource() : notFound(kind, name);
    if (!part.verbs.includes(verb)) throw methodNotAllowed();
    return target;
  }
  if (kind.namespaced && namespace === '' && name !== '') throw noSuchResource();
  if (!kind.namespaced && namespace !== '') throw noSuchResource();
  const verbs = name === '' ? collectionVerbs : objectVerbs;
  if (!kind.verbs.includes(verb) || !verbs.has(verb)) throw methodNotAllowed();
  if (kind.namespaced && namespace === '' && verb === 'create') throw methodNotAllowed();
  return target;
}

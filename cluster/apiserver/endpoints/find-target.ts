import type { ApiServerParts } from '../api-server-parts.ts';
import { methodNotAllowed, noSuchResource, notFound } from '../store/api-errors.ts';
import type { Target } from '../store/write-request.ts';
import type { ResourcePath } from './request-info.ts';

const objectVerbs = new Set(['get', 'update', 'patch', 'delete']);
const collectionVerbs = new Set(['list', 'watch', 'create', 'deletecollection']);

/** Throws unless the kind has the part, and the part the verb. */
function checkPart({ kind, name, subresource }: Target, verb: string): void {
  const part = kind.subresources.find((known) => known.name === subresource);
  // The real server looks for custom objects before it looks for the parts they might have.
  if (!part) throw kind.builtin ? noSuchResource() : notFound(kind, name);
  if (!part.verbs.includes(verb)) throw methodNotAllowed();
}

function checkVerb({ kind, namespace, name }: Target, verb: string): void {
  const verbs = name === '' ? collectionVerbs : objectVerbs;
  const nowhere = kind.namespaced && namespace === '' && (verb === 'create' || verb === 'deletecollection');
  if (!kind.verbs.includes(verb) || !verbs.has(verb) || nowhere) throw methodNotAllowed();
}

/** The kind and place a path speaks of. Throws `NotFound` for an unknown one, `MethodNotAllowed` for a wrong verb. */
export function findTarget(parts: ApiServerParts, at: ResourcePath, verb: string): Target {
  const { namespace, name, subresource } = at;
  const kind = parts.kinds.find(at.group, at.version, at.resource);
  const wrongScope = kind?.namespaced ? namespace === '' && name !== '' : namespace !== '';
  if (!kind || wrongScope) throw noSuchResource();
  const target: Target = { kind, namespace, name, ...(subresource && { subresource }) };
  if (subresource) checkPart(target, verb);
  else checkVerb(target, verb);
  return target;
}

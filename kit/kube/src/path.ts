import { ApiError } from '@kit/base';
import type { ResourceType } from './types.ts';

export interface PathParts {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** `v1`, or `apps/v1`: how objects of the kind name their API. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/**
 * One part of a path. Kubernetes allows neither of these in a name, and the server decodes before it splits: a `%2F`
 * let through would reach another object or subresource than the one that was authorized.
 */
function segment(what: string, text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text)) {
    throw new ApiError(
      'BadRequest',
      `"${text}" is not a valid ${what}: it may not be empty, ".", ".." or contain "/" or "%"`,
    );
  }
  return encodeURIComponent(text);
}

/** The absolute path of a collection, an object or a subresource; throws `BadRequest` for parts that are no names. */
export function pathOf(type: ResourceType, parts: PathParts = {}): string {
  const { namespace, name, subresource } = parts;
  if (type.namespaced && name !== undefined && namespace === undefined) {
    throw new ApiError('BadRequest', `${type.plural} live in a namespace: "${name}" was asked for without one`);
  }
  const path = [type.group === '' ? '/api' : '/apis', apiVersionOf(type)];
  if (type.namespaced && namespace !== undefined) path.push('namespaces', segment('namespace', namespace));
  path.push(type.plural);
  if (name !== undefined) path.push(segment('name', name));
  if (subresource !== undefined) path.push(...subresource.split('/').map((part) => segment('subresource', part)));
  return path.join('/');
}

import { ApiError } from '@kit/base';

/** What a path and method ask for. */
export interface RequestInfo {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the method. */
  readonly verb: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Set for everything below `/api/v1` and `/apis/GROUP/VERSION`. */
  readonly resource?: ResourcePath;
}

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const objectVerbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const collectionVerbs: Readonly<Record<string, string>> = {
  ...objectVerbs,
  GET: 'list',
  HEAD: 'list',
  DELETE: 'deletecollection',
};

const isTrue = (value: string | null): boolean => value === 'true' || value === '1';

/** Namespaces are objects themselves; these are parts of one and not kinds inside it. */
const namespaceParts = new Set(['status', 'finalize']);

const isPartOfNamespace = ([, , part = '', ...more]: readonly string[]): boolean =>
  more.length === 0 && namespaceParts.has(part);

function resourcePath(group: string, version: string, rest: readonly string[]): ResourcePath | undefined {
  const [first, second = '', third] = rest;
  const inside = first === 'namespaces' && third !== undefined && !isPartOfNamespace(rest);
  const [resource, name = '', subresource = ''] = inside ? rest.slice(2) : rest;
  if (!resource) return undefined;
  return { group, version, resource, namespace: inside ? second : '', name, subresource };
}

function splitPath(path: string): { group: string; version: string; rest: string[] } | undefined {
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  if (segments.at(-1) === '') segments.pop();
  const [root, first, second, ...more] = segments;
  if (root === 'api' && first !== undefined && second !== undefined)
    return { group: '', version: first, rest: [second, ...more] };
  const [resource, ...rest] = more;
  if (root === 'apis' && first !== undefined && second !== undefined && resource !== undefined) {
    return { group: first, version: second, rest: [resource, ...rest] };
  }
  return undefined;
}

function verbOf(method: string, at: ResourcePath, query: URLSearchParams): string {
  if (at.name !== '') return objectVerbs[method] ?? method.toLowerCase();
  const verb = collectionVerbs[method] ?? method.toLowerCase();
  return verb === 'list' && isTrue(query.get('watch')) ? 'watch' : verb;
}

/** Reads method and URL; throws `BadRequest` for what is no URL. Paths of the old form `/api/v1/watch/...` are read as what they stand for today. */
export function requestInfo(method: string, url: string): RequestInfo {
  try {
    return read(method, url);
  } catch (cause) {
    throw new ApiError('BadRequest', 'the path or query of the request cannot be decoded', { cause });
  }
}

function read(method: string, url: string): RequestInfo {
  const { pathname: path, searchParams: query } = new URL(url, 'https://server');
  const split = splitPath(path);
  if (!split) return { verb: method.toLowerCase(), path, query };
  const old = split.rest[0] === 'watch' && split.rest.length > 1;
  const at = resourcePath(split.group, split.version, old ? split.rest.slice(1) : split.rest);
  if (!at) return { verb: method.toLowerCase(), path, query };
  if (!old) return { verb: verbOf(method, at, query), path, query, resource: at };
  if (at.name) query.set('fieldSelector', `metadata.name=${at.name}`);
  return { verb: 'watch', path, query, resource: { ...at, name: '' } };
}

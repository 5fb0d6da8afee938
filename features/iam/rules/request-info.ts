import type { AccessScope, RequestInfo } from '../contract/index.ts';

const prefixes = new Set(['api', 'apis', 'kapi', 'kapis']);
const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

// A connection into a pod or node is an act, however its protocol begins: a role that only reads must not open one.
const connecting = new Set(['exec', 'attach', 'portforward', 'proxy']);

const ownGroups = new Set([
  'iam.kubesphere.io',
  'tenant.kubesphere.io',
  'cluster.kubesphere.io',
  'notification.kubesphere.io',
  'iam.freehold.io',
]);
const globalResources: Readonly<Record<string, readonly string[]>> = {
  'iam.kubesphere.io': ['users', 'globalroles', 'globalrolebindings'],
  'tenant.kubesphere.io': ['workspaces', 'workspacetemplates', 'clusters'],
  'cluster.kubesphere.io': ['clusters'],
  'resources.kubesphere.io': [
    'clusters',
    'users',
    'globalroles',
    'globalrolebindings',
    'workspaces',
    'workspacetemplates',
  ],
  'notification.kubesphere.io': ['configs', 'receivers', 'notificationmanagers', 'routers', 'silences'],
};

const noQuery = new URLSearchParams();
const decoded = (part: string): string => (part.includes('%') ? decodeURIComponent(part) : part);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Parts {
  readonly prefix: RequestInfo['prefix'];
  readonly cluster: string;
  readonly rest: readonly string[];
}

/** Reads a request's method and target the way KubeSphere 3.4 does; see the table of tests for every form. */
export function requestInfo(method: string, target: string): RequestInfo {
  const [path = '/', search = ''] = cut(target, '?');
  const parts = partsOf(path);
  const info = plainInfo(method.toLowerCase(), parts);
  const versioned = versionOf(parts.prefix, parts.rest);
  if (!versioned || versioned.rest.length === 0) return info;
  info.isResource = true;
  info.group = versioned.group;
  info.version = versioned.version;
  return resourceInfo(info, versioned.rest, queryOf(search));
}

/** All fields in one literal: this runs for every request, and objects put together from others cost several times as much. */
function plainInfo(verb: string, { prefix, cluster, rest }: Parts): Mutable<RequestInfo> {
  return {
    prefix,
    cluster,
    path: plainPath(prefix, rest),
    verb,
    isKubernetes: prefix === 'api' || prefix === 'apis',
    scope: 'cluster',
    group: '',
    version: '',
    resource: '',
    subresource: '',
    name: '',
    namespace: '',
    workspace: '',
    devops: '',
    isResource: false,
  };
}

/** Only queries that could hold a parameter read below are parsed; an escaped one could be any. */
function queryOf(search: string): URLSearchParams {
  return /watch|Selector|%/.test(search) ? new URLSearchParams(search) : noQuery;
}

function cut(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Takes the prefix and the cluster off, whichever of the two comes first. */
function partsOf(path: string): Parts {
  let rest: readonly string[] = path.split('/').slice(1).map(decoded);
  let cluster = '';
  if (rest[0] === 'clusters' && rest.length > 2) [cluster, rest] = [rest[1] ?? '', rest.slice(2)];
  if (!prefixes.has(rest[0] ?? '')) return { prefix: '', cluster, rest };
  const prefix = rest[0] as RequestInfo['prefix']; // one of the four, as just seen
  rest = rest.slice(1);
  if (rest[0] === 'clusters' && rest.length > 2) [cluster, rest] = [rest[1] ?? '', rest.slice(2)];
  return { prefix, cluster, rest };
}

function plainPath(prefix: string, rest: readonly string[]): string {
  return prefix === '' ? `/${rest.join('/')}` : ['', prefix, ...rest].join('/');
}

function versionOf(
  prefix: string,
  rest: readonly string[],
): { group: string; version: string; rest: readonly string[] } | undefined {
  if (prefix === '') return undefined;
  if (prefix === 'api' || prefix === 'kapi') return { group: '', version: rest[0] ?? '', rest: rest.slice(1) };
  return rest.length < 2 ? undefined : { group: rest[0] ?? '', version: rest[1] ?? '', rest: rest.slice(2) };
}

function resourceInfo(info: Mutable<RequestInfo>, given: readonly string[], query: URLSearchParams): RequestInfo {
  info.verb = verbs[info.verb.toUpperCase()] ?? info.verb;
  const isWatchPath = given[0] === 'watch' && given.length > 1;
  takeTarget(info, takePlaces(info, isWatchPath ? given.slice(1) : given));
  if (connecting.has(info.subresource) && info.verb === 'get') info.verb = 'create';
  if (isWatchPath) info.verb = 'watch';
  else if (info.name === '') withoutName(info, query);
  return placed(info, query);
}

function takeTarget(info: Mutable<RequestInfo>, [resource = '', name = '', subresource = '']: readonly string[]): void {
  info.resource = resource;
  info.name = name;
  info.subresource = subresource;
}

function placed(info: Mutable<RequestInfo>, query: URLSearchParams): RequestInfo {
  if (info.isKubernetes && info.verb === 'watch' && info.workspace === '') info.workspace = watchedWorkspace(query);
  info.scope = scopeOf(info);
  if (info.scope === 'workspace' && info.workspace === '') info.workspace = info.name;
  return info;
}

/** Takes `workspaces/{w}`, `namespaces/{n}` and `devops/{d}` off, unless they are the very resource asked for. */
function takePlaces(info: Mutable<RequestInfo>, given: readonly string[]): readonly string[] {
  let rest = given;
  if (isPlace('workspaces', rest) && !info.isKubernetes) {
    info.workspace = rest[1] ?? '';
    rest = behindPlace(rest);
  }
  if (isPlace('namespaces', rest)) {
    info.namespace = rest[1] ?? '';
    return isOwnPart(rest) ? rest : behindPlace(rest);
  }
  if (!isPlace('devops', rest) || info.isKubernetes) return rest;
  info.devops = rest[1] ?? '';
  return behindPlace(rest);
}

/** `namespaces/shop/status` is a part of the namespace, not a resource in it. */
function isOwnPart(parts: readonly string[]): boolean {
  return parts.length === 3 && (parts[2] === 'status' || parts[2] === 'finalize');
}

function isPlace(kind: string, parts: readonly string[]): boolean {
  return parts[0] === kind && parts.length > 1;
}

function behindPlace(parts: readonly string[]): readonly string[] {
  return parts.length > 2 ? parts.slice(2) : parts;
}

/** What the query says counts only where the cluster reads it the same way; the platform's own lists take no such word from it. */
function withoutName(info: Mutable<RequestInfo>, query: URLSearchParams): void {
  if (info.verb === 'get') info.verb = info.isKubernetes && isTrue(query.get('watch')) ? 'watch' : 'list';
  if (info.verb === 'delete') info.verb = 'deletecollection';
  if (!info.isKubernetes) return;
  const named = /^metadata\.name==?([^,=]+)$/.exec(onlyOne(query, 'fieldSelector'));
  if (named) info.name = named[1] ?? '';
}

function isTrue(text: string | null): boolean {
  return text !== null && text.toLowerCase() !== 'false' && text !== '0';
}

/** A parameter given twice could be read differently upstream: then it says nothing. */
function onlyOne(query: URLSearchParams, name: string): string {
  const all = query.getAll(name);
  return all.length === 1 ? (all[0] ?? '') : '';
}

function watchedWorkspace(query: URLSearchParams): string {
  return /^kubesphere\.io\/workspace==?([a-z0-9.-]+)(,|$)/.exec(onlyOne(query, 'labelSelector'))?.[1] ?? '';
}

function scopeOf(info: RequestInfo): AccessScope {
  if (isOwnKind(info) || isGlobal(info)) return 'global';
  if (info.namespace !== '') return 'namespace';
  if (info.devops !== '') return 'devops';
  return info.workspace !== '' || isOneWorkspace(info) ? 'workspace' : 'cluster';
}

/** The platform's own kinds outside namespaces, as Kubernetes serves them. */
function isOwnKind(info: RequestInfo): boolean {
  return info.isKubernetes && ownGroups.has(info.group) && info.namespace === '' && !isWatchOfWorkspace(info);
}

/** A watch of what is labelled with one workspace is for its members; any other is a way to read everything. */
function isWatchOfWorkspace({ verb, workspace }: RequestInfo): boolean {
  return verb === 'watch' && workspace !== '';
}

function isGlobal(info: RequestInfo): boolean {
  return (
    globalResources[info.group]?.includes(info.resource) === true && !isOneWorkspace(info) && !isWatchOfWorkspace(info)
  );
}

/** One workspace, named: its members' roles count, and not only the platform's. */
function isOneWorkspace({ group, resource, name, isKubernetes }: RequestInfo): boolean {
  return (
    !isKubernetes &&
    group === 'tenant.kubesphere.io' &&
    (resource === 'workspaces' || resource === 'workspacetemplates') &&
    name !== ''
  );
}

/** True for resources that only platform roles can give rights to. */
export function isGlobalResource(group: string, resource: string): boolean {
  return globalResources[group]?.includes(resource) === true;
}

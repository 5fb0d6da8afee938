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

interface Parts {
  readonly prefix: RequestInfo['prefix'];
  readonly cluster: string;
  readonly rest: readonly string[];
}

/** Reads a request's method and target the way KubeSphere 3.4 does; see the table of tests for every form. */
export function requestInfo(method: string, target: string): RequestInfo {
  const [path = '/', search = ''] = cut(target, '?');
  const query = search === '' ? noQuery : new URLSearchParams(search);
  const { prefix, cluster, rest } = partsOf(path);
  const plain: RequestInfo = {
    ...empty,
    prefix,
    cluster,
    path: plainPath(prefix, rest),
    verb: method.toLowerCase(),
    isKubernetes: prefix === 'api' || prefix === 'apis',
    scope: 'cluster',
  };
  const versioned = versionOf(prefix, rest);
  if (!versioned || versioned.rest.length === 0) return plain;
  return resourceInfo(
    { ...plain, isResource: true, group: versioned.group, version: versioned.version },
    versioned.rest,
    query,
  );
}

const empty = {
  group: '',
  version: '',
  resource: '',
  subresource: '',
  name: '',
  namespace: '',
  workspace: '',
  devops: '',
  isResource: false,
} as const;

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
  return `/${[...(prefix === '' ? [] : [prefix]), ...rest].join('/')}`;
}

function versionOf(
  prefix: string,
  rest: readonly string[],
): { group: string; version: string; rest: readonly string[] } | undefined {
  if (prefix === '') return undefined;
  if (prefix === 'api' || prefix === 'kapi') return { group: '', version: rest[0] ?? '', rest: rest.slice(1) };
  return rest.length < 2 ? undefined : { group: rest[0] ?? '', version: rest[1] ?? '', rest: rest.slice(2) };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function resourceInfo(start: RequestInfo, given: readonly string[], query: URLSearchParams): RequestInfo {
  const info: Mutable<RequestInfo> = { ...start, verb: verbs[start.verb.toUpperCase()] ?? start.verb };
  let rest = given;
  const isWatchPath = rest[0] === 'watch' && rest.length > 1;
  if (isWatchPath) rest = rest.slice(1);
  rest = takePlaces(info, rest);
  info.resource = rest[0] ?? '';
  info.name = rest[1] ?? '';
  info.subresource = rest[2] ?? '';
  if (connecting.has(info.subresource) && info.verb === 'get') info.verb = 'create';
  if (isWatchPath) info.verb = 'watch';
  else if (info.name === '') withoutName(info, query);
  if (info.verb === 'watch' && info.workspace === '') info.workspace = watchedWorkspace(query);
  info.scope = scopeOf(info);
  if (info.scope === 'workspace' && info.workspace === '') info.workspace = info.name;
  return info;
}

/** Takes `workspaces/{w}`, `namespaces/{n}` and `devops/{d}` off, unless they are the very resource asked for. */
function takePlaces(info: Mutable<RequestInfo>, given: readonly string[]): readonly string[] {
  let rest = given;
  if (rest[0] === 'workspaces' && rest.length > 1 && !info.isKubernetes) {
    info.workspace = rest[1] ?? '';
    if (rest.length > 2) rest = rest.slice(2);
  }
  if (rest[0] === 'namespaces' && rest.length > 1) {
    info.namespace = rest[1] ?? '';
    const isOwnPart = rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize');
    if (rest.length > 2 && !isOwnPart) rest = rest.slice(2);
  } else if (rest[0] === 'devops' && rest.length > 1 && !info.isKubernetes) {
    info.devops = rest[1] ?? '';
    if (rest.length > 2) rest = rest.slice(2);
  }
  return rest;
}

function withoutName(info: Mutable<RequestInfo>, query: URLSearchParams): void {
  if (info.verb === 'get') info.verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  if (info.verb === 'delete') info.verb = 'deletecollection';
  const named = /^metadata\.name==?([^,=]+)$/.exec(onlyOne(query, 'fieldSelector'));
  if (named) info.name = named[1] ?? '';
}

function isTrue(text: string | null): boolean {
  return text !== null && text !== 'false' && text !== '0';
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
  if (info.isKubernetes && ownGroups.has(info.group) && info.namespace === '' && info.verb !== 'watch') return 'global';
  if (isGlobal(info)) return 'global';
  if (info.namespace !== '') return 'namespace';
  if (info.devops !== '') return 'devops';
  return info.workspace === '' ? (isOneWorkspace(info) ? 'workspace' : 'cluster') : 'workspace';
}

function isGlobal(info: RequestInfo): boolean {
  return (
    globalResources[info.group]?.includes(info.resource) === true &&
    !isOneWorkspace(info) &&
    !(info.verb === 'watch' && info.workspace !== '')
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

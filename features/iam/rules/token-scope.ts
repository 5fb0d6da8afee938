import type { RequestInfo } from '../contract/index.ts';
import { ownGroup } from '../contract/index.ts';

/** What a personal API token is limited to, beside the rights of its user. */
export interface TokenScope {
  readonly readOnly: boolean;
  /** The only workspaces it opens anything in; absent: no such limit. */
  readonly workspaces?: readonly string[];
}

const reads = new Set(['get', 'list', 'watch', 'head']);
// Connections are acts, whatever verb they begin with.
const acts = new Set(['exec', 'attach', 'portforward', 'proxy']);
// Questions that are asked by POST and change nothing.
const questions = new Set([
  'accessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
]);

/** Why a token may not be used for this request, whatever its user may; `undefined` when it may. */
export function tokenRefusal(
  scope: TokenScope,
  info: RequestInfo,
  workspaceOf: (namespace: string) => string | undefined,
): string | undefined {
  if (isAboutSignIn(info)) return 'an API token cannot be used to manage how its user signs in';
  if (scope.readOnly && !isReading(info)) return 'this API token can only read';
  if (!scope.workspaces || isDiscovery(info) || questions.has(info.resource)) return undefined;
  const workspace = workspaceOfRequest(info, workspaceOf);
  if (scope.workspaces.includes(workspace)) return undefined;
  return `this API token is limited to ${scope.workspaces.map((name) => `workspace "${name}"`).join(' and ')}`;
}

function workspaceOfRequest(info: RequestInfo, workspaceOf: (namespace: string) => string | undefined): string {
  // A namespace is in the workspace of its label, whatever the path says.
  if (info.namespace !== '') return workspaceOf(info.namespace) ?? '';
  return info.workspace === '' ? nameOfWorkspace(info) : info.workspace;
}

function isAboutSignIn(info: RequestInfo): boolean {
  const { group, resource, subresource, isResource, isKubernetes, path } = info;
  if (!isResource) return path === '/session' || path.startsWith('/session/') || path.startsWith('/oauth/authorize');
  if (group === ownGroup)
    return !questions.has(resource) && resource !== 'access-explanations' && resource !== 'account';
  return resource === 'users' && (subresource === 'password' || (isKubernetes && !isReading(info)));
}

function isReading({ verb, resource, subresource }: RequestInfo): boolean {
  return questions.has(resource) || (reads.has(verb) && !acts.has(subresource));
}

function isDiscovery({ isResource, path }: RequestInfo): boolean {
  return !isResource && /^\/(api|apis|version|openapi|kapis|oauth\/userinfo|healthz|readyz|livez)(\/|$)/.test(path);
}

function nameOfWorkspace({ resource, name }: RequestInfo): string {
  return resource === 'workspaces' || resource === 'workspacetemplates' ? name : '';
}

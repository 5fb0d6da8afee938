import { asked, ought, type Asked, type Rights } from './expected-rights.ts';
import { projects } from './people.ts';

/** The parameters of a path, filled in. */
export type Values = Readonly<Record<string, string>>;

type Expectation = (rights: Rights, values: Values) => boolean;

const anyone: Expectation = () => true;
const all = (rights: Rights): boolean => ought(rights, { ...asked('*', '/kapis/any/v1/any'), level: 'platform' });

const onWorkspace =
  (verb: string): Expectation =>
  (rights, { workspace = '' }) =>
    ought(rights, { ...tenantWorkspace, verb, name: workspace, place: workspace });
const tenantWorkspace: Asked = asked('GET', '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/x');

/** Whoever has a role in the workspace or in a project of it, or may read the workspace. */
const isIn: Expectation = (rights, values) => {
  const { workspace = '' } = values;
  const has = rights.grants.some(
    ({ level, place }) =>
      (level === 'workspace' && place === workspace) || (level === 'project' && projects[place] === workspace),
  );
  return has || onWorkspace('get')(rights, values);
};

/** A right on the namespace; one that is not in the workspace is not there, for whoever may look into that. */
const onProject =
  (verb: string): Expectation =>
  (rights, values) => {
    const { workspace, namespace = '' } = values;
    if (projects[namespace] !== workspace) return isIn(rights, values);
    return ought(rights, { ...asked('GET', `/api/v1/namespaces/${namespace}`), verb });
  };

const onMember: Expectation = (rights, values) => {
  const { workspace = '', member = '' } = values;
  if (member === rights.name) return isIn(rights, values);
  const path = `/kapis/iam.kubesphere.io/v1alpha2/workspaces/${workspace}/workspacemembers/${member}`;
  return ought(rights, asked('GET', path));
};

/** From `own` into the workspace that the test's body names. */
const moves: Expectation = (rights, { workspace = '' }) => {
  const path = (place: string): string => `/kapis/any/v1/workspaces/${place}/namespaces`;
  const out = { ...asked('GET', path(workspace)), group: '', verb: 'delete' };
  const into = { ...asked('POST', path('ops')), group: '' };
  return ought(rights, out) && ought(rights, into);
};

const ownAccount = '/kapis/iam.freehold.io/v1alpha1/account';
const requests = '/kapis/iam.freehold.io/v1alpha1/accessrequests';
const tenant = '/kapis/tenant.kubesphere.io';
const extra = '/kapis/tenant.freehold.io/v1alpha1/workspaces/{workspace}';
const projectPath = `${tenant}/v1alpha2/workspaces/{workspace}/namespaces/{namespace}`;
const workspacePaths = [
  `${tenant}/v1alpha2/workspaces/{workspace}`,
  `${tenant}/v1alpha3/workspacetemplates/{workspace}`,
];
const resources = '/kapis/resources.freehold.io/v1alpha1';
/** Lists that hold what the caller may list; where that is nothing they may be refused. */
const narrowed = [
  '{resources}',
  'counts',
  'search',
  'workspaces/{workspace}/{resources}',
  'workspaces/{workspace}/counts',
  'namespaces/{namespace}/counts',
];
const writes = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/**
 * The routes that let in every signed-in user, and whom their handlers let through. A route that is not here fails the
 * matrix: whoever writes one says what it asks.
 */
export const askedByHandlers: ReadonlyMap<string, Expectation> = new Map<string, Expectation>([
  // About the caller only.
  ['POST /oauth/authorize', anyone],
  ['GET /oauth/userinfo', anyone],
  ['POST /oauth/userinfo', anyone],
  ['DELETE /session', anyone],
  [`GET ${ownAccount}/sessions`, anyone],
  [`DELETE ${ownAccount}/sessions`, anyone],
  [`DELETE ${ownAccount}/sessions/{session}`, anyone],
  ...['GET', 'POST', 'PUT', 'DELETE'].map((method) => [`${method} ${ownAccount}/secondfactor`, anyone] as const),
  [`GET ${ownAccount}/identities`, anyone],
  [`DELETE ${ownAccount}/identities/{provider}`, anyone],
  [`GET ${ownAccount}/apitokens`, anyone],
  [`POST ${ownAccount}/apitokens`, anyone],
  [`DELETE ${ownAccount}/apitokens/{token}`, anyone],
  ['POST /kapis/iam.freehold.io/v1alpha1/accessreviews', anyone],
  ['GET /kapis/iam.freehold.io/v1alpha1/access-explanations', anyone],
  ['GET /kapis/iam.freehold.io/v1alpha1/notices', anyone],
  [`GET ${requests}`, anyone],
  [`POST ${requests}`, anyone],
  [
    'GET /kapis/resources.kubesphere.io/v1alpha2/users/{user}/kubeconfig',
    (rights, { user }) => user === rights.name || all(rights),
  ],
  ['PATCH /apis/iam.kubesphere.io/v1alpha2/users/{user}', (rights, { user }) => user === rights.name],
  // Requests of others are not found, by whoever asks.
  [`GET ${requests}/{request}`, anyone],
  [`DELETE ${requests}/{request}`, anyone],
  [`POST ${requests}/{request}/decision`, anyone],
  [`POST ${requests}/{request}/seen`, anyone],
  // Lists of what the caller may see; what is in them is held to elsewhere.
  [`GET ${tenant}/v1alpha2/workspaces`, anyone],
  [`GET ${tenant}/v1alpha3/workspacetemplates`, anyone],
  [`GET ${tenant}/v1alpha3/workspaces`, anyone],
  [`GET ${tenant}/v1alpha2/namespaces`, anyone],
  [`GET ${tenant}/v1alpha2/federatednamespaces`, anyone],
  [`GET ${tenant}/v1alpha2/clusters`, anyone],
  ...narrowed.map((list) => [`GET ${resources}/${list}`, anyone] as const),
  // In a workspace.
  ...workspacePaths.flatMap((path) =>
    Object.entries(writes).map(([method, verb]) => [`${method} ${path}`, onWorkspace(verb)] as const),
  ),
  [`GET ${tenant}/v1alpha3/workspaces/{workspace}`, isIn],
  [`GET ${extra}/deletion-preview`, onWorkspace('delete')],
  ...['clusters', 'namespaces', 'devops', 'federatednamespaces'].map(
    (list) => [`GET ${tenant}/v1alpha2/workspaces/{workspace}/${list}`, isIn] as const,
  ),
  ...['namespaces', 'devops'].map(
    (list) => [`GET ${tenant}/v1alpha2/workspaces/{workspace}/workspacemembers/{member}/${list}`, onMember] as const,
  ),
  // In a project.
  ...Object.entries(writes).map(([method, verb]) => [`${method} ${projectPath}`, onProject(verb)] as const),
  [`GET ${extra}/namespaces/{namespace}/deletion-preview`, onProject('delete')],
  [`POST ${extra}/namespaces/{namespace}/transfer`, moves],
]);

/** Routes whose handlers ask for more than their permission says, of whoever it has let in. */
export const asksMore: ReadonlyMap<string, string> = new Map([
  ...narrowed.map((list) => [`GET ${resources}/${list}`, 'who may list nothing there may be refused'] as const),
  [
    'POST /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}/resourcequotas',
    'limits are set by who runs the platform',
  ],
  [
    'PUT /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}/resourcequotas/{resourcequota}',
    'limits are set by who runs the platform',
  ],
  [
    'DELETE /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}/resourcequotas/{resourcequota}',
    'limits are set by who runs the platform',
  ],
]);

/** They end the session they are asked with, so they are asked when nothing else is left to ask. */
export const endsSession: ReadonlySet<string> = new Set(['DELETE /session', `DELETE ${ownAccount}/sessions`]);

import { describe, expect, it } from 'vitest';
import type { RequestInfo } from '../contract/index.ts';
import { requestInfo } from './request-info.ts';

interface Case {
  readonly why: string;
  readonly ask: string;
  readonly is: Partial<RequestInfo>;
}

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const tenant = '/kapis/tenant.kubesphere.io';

const cases: Case[] = [
  {
    why: 'a plain path',
    ask: 'GET /healthz',
    is: { isResource: false, verb: 'get', path: '/healthz', scope: 'cluster' },
  },
  {
    why: 'a prefix alone is a plain path',
    ask: 'GET /apis',
    is: { isResource: false, path: '/apis', isKubernetes: true },
  },
  { why: 'a group and version alone too', ask: 'GET /apis/apps/v1', is: { isResource: false, path: '/apis/apps/v1' } },
  { why: 'the core group', ask: 'GET /api/v1', is: { isResource: false, path: '/api/v1' } },
  { why: 'a version without group', ask: 'GET /kapis/version', is: { isResource: false, path: '/kapis/version' } },
  {
    why: 'a list over all namespaces',
    ask: 'GET /api/v1/pods?limit=1',
    is: { verb: 'list', resource: 'pods', version: 'v1', group: '', scope: 'cluster' },
  },
  {
    why: 'a list in one',
    ask: 'GET /apis/apps/v1/namespaces/shop/deployments',
    is: { verb: 'list', group: 'apps', resource: 'deployments', namespace: 'shop', scope: 'namespace' },
  },
  {
    why: 'one object',
    ask: 'GET /apis/apps/v1/namespaces/shop/deployments/web',
    is: { verb: 'get', name: 'web', namespace: 'shop' },
  },
  {
    why: 'a subresource',
    ask: 'PUT /apis/apps/v1/namespaces/shop/deployments/web/scale',
    is: { verb: 'update', name: 'web', subresource: 'scale' },
  },
  {
    why: 'a namespace is in itself',
    ask: 'GET /api/v1/namespaces/shop',
    is: { verb: 'get', resource: 'namespaces', name: 'shop', namespace: 'shop', scope: 'namespace' },
  },
  {
    why: 'so are its own parts',
    ask: 'PUT /api/v1/namespaces/shop/finalize',
    is: { resource: 'namespaces', name: 'shop', subresource: 'finalize' },
  },
  {
    why: 'all namespaces',
    ask: 'GET /api/v1/namespaces',
    is: { verb: 'list', resource: 'namespaces', namespace: '', scope: 'cluster' },
  },
  {
    why: 'a watch by parameter',
    ask: 'GET /api/v1/namespaces/shop/pods?watch=true',
    is: { verb: 'watch', resource: 'pods' },
  },
  { why: 'watch=1', ask: 'GET /api/v1/pods?watch=1', is: { verb: 'watch' } },
  {
    why: 'an escaped parameter is read as the upstream reads it',
    ask: 'GET /api/v1/pods?%77atch=1',
    is: { verb: 'watch' },
  },
  { why: 'watch=false is a list', ask: 'GET /api/v1/pods?watch=false', is: { verb: 'list' } },
  { why: 'however it is written', ask: 'GET /api/v1/pods?watch=False', is: { verb: 'list' } },
  {
    why: 'the platform’s own lists are no watches, and are of no workspace but that of the path',
    ask: `GET ${iam}/globalrolebindings?watch=true&labelSelector=kubesphere.io/workspace%3Ddev`,
    is: { verb: 'list', workspace: '', scope: 'global' },
  },
  {
    why: 'and name nobody by a selector, which they do not read',
    ask: `GET ${iam}/namespaces/shop/members?fieldSelector=metadata.name%3Djane`,
    is: { verb: 'list', name: '' },
  },
  {
    why: 'the old watch path',
    ask: 'GET /apis/apps/v1/watch/namespaces/shop/deployments',
    is: { verb: 'watch', namespace: 'shop', resource: 'deployments' },
  },
  {
    why: 'the old watch path of one',
    ask: 'GET /apis/apps/v1/watch/namespaces/shop/deployments/web',
    is: { verb: 'watch', name: 'web' },
  },
  {
    why: 'a field selector names',
    ask: 'GET /api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dweb',
    is: { verb: 'list', name: 'web' },
  },
  {
    why: 'but not two of them',
    ask: 'GET /api/v1/pods?fieldSelector=metadata.name%3Da&fieldSelector=metadata.name%3Db',
    is: { name: '' },
  },
  {
    why: 'nor one among others',
    ask: 'GET /api/v1/pods?fieldSelector=metadata.name%3Da,spec.nodeName%3Db',
    is: { name: '' },
  },
  {
    why: 'deleting without a name is a collection',
    ask: 'DELETE /api/v1/namespaces/shop/pods',
    is: { verb: 'deletecollection' },
  },
  { why: 'HEAD reads', ask: 'HEAD /api/v1/namespaces/shop/pods/web', is: { verb: 'get' } },
  {
    why: 'exec over a WebSocket is an act, not a read',
    ask: 'GET /api/v1/namespaces/shop/pods/web/exec?command=sh',
    is: { verb: 'create', subresource: 'exec' },
  },
  {
    why: 'so is a proxy to a node',
    ask: 'GET /api/v1/nodes/n1/proxy/run',
    is: { verb: 'create', subresource: 'proxy' },
  },
  { why: 'logs are read', ask: 'GET /api/v1/namespaces/shop/pods/web/log', is: { verb: 'get', subresource: 'log' } },
  {
    why: 'users are the platform’s',
    ask: `GET ${iam}/users`,
    is: { verb: 'list', resource: 'users', scope: 'global' },
  },
  {
    why: 'a part of a user',
    ask: `PUT ${iam}/users/jane/password`,
    is: { verb: 'update', name: 'jane', subresource: 'password', scope: 'global' },
  },
  {
    why: 'members of a workspace',
    ask: `POST ${iam}/workspaces/dev/workspacemembers`,
    is: { verb: 'create', workspace: 'dev', resource: 'workspacemembers', scope: 'workspace' },
  },
  {
    why: 'members of a project',
    ask: `GET ${iam}/namespaces/shop/members/mark`,
    is: { verb: 'get', namespace: 'shop', resource: 'members', name: 'mark', scope: 'namespace' },
  },
  {
    why: 'all workspaces',
    ask: `GET ${tenant}/v1alpha2/workspaces`,
    is: { verb: 'list', resource: 'workspaces', scope: 'global' },
  },
  {
    why: 'a workspace is in itself',
    ask: `PATCH ${tenant}/v1alpha2/workspaces/dev`,
    is: { verb: 'patch', resource: 'workspaces', name: 'dev', workspace: 'dev', scope: 'workspace' },
  },
  {
    why: 'by its template too',
    ask: `GET ${tenant}/v1alpha3/workspacetemplates/dev`,
    is: { resource: 'workspacetemplates', name: 'dev', workspace: 'dev', scope: 'workspace' },
  },
  {
    why: 'a new workspace is the platform’s',
    ask: `POST ${tenant}/v1alpha3/workspacetemplates`,
    is: { verb: 'create', scope: 'global' },
  },
  {
    why: 'projects of a workspace',
    ask: `POST ${tenant}/v1alpha2/workspaces/dev/namespaces`,
    is: { verb: 'create', workspace: 'dev', resource: 'namespaces', scope: 'workspace' },
  },
  {
    why: 'one of them',
    ask: `GET ${tenant}/v1alpha2/workspaces/dev/namespaces/shop`,
    is: { workspace: 'dev', namespace: 'shop', name: 'shop', resource: 'namespaces', scope: 'namespace' },
  },
  {
    why: 'DevOps projects',
    ask: `GET ${iam}/devops/ci/members`,
    is: { devops: 'ci', resource: 'members', scope: 'devops' },
  },
  {
    why: 'a cluster behind the prefix',
    ask: 'GET /kapis/clusters/east/resources.kubesphere.io/v1alpha3/nodes',
    is: { cluster: 'east', group: 'resources.kubesphere.io', resource: 'nodes' },
  },
  {
    why: 'a cluster behind the core prefix',
    ask: 'GET /api/clusters/east/v1/nodes',
    is: { cluster: 'east', group: '', resource: 'nodes', isKubernetes: true },
  },
  {
    why: 'a cluster before the prefix',
    ask: 'GET /clusters/east/apis/apps/v1/deployments',
    is: { cluster: 'east', group: 'apps', isKubernetes: true },
  },
  {
    why: 'a watch of one workspace',
    ask: 'GET /apis/iam.kubesphere.io/v1alpha2/watch/workspaceroles?labelSelector=kubesphere.io/workspace%3Ddev',
    is: { verb: 'watch', workspace: 'dev', scope: 'workspace' },
  },
  {
    why: 'a set of workspaces is not one',
    ask: 'GET /apis/iam.kubesphere.io/v1alpha2/workspaceroles?watch=1&labelSelector=kubesphere.io/workspace%20in%20(dev,ops)',
    is: { verb: 'watch', workspace: '', scope: 'global' },
  },
  {
    why: 'a list is not a watch',
    ask: 'GET /apis/iam.kubesphere.io/v1alpha2/workspaceroles?labelSelector=kubesphere.io/workspace%3Ddev',
    is: { workspace: '', scope: 'global' },
  },
  {
    why: 'platform kinds behind /apis stay the platform’s',
    ask: 'PATCH /apis/tenant.kubesphere.io/v1alpha2/workspacetemplates/dev',
    is: { workspace: '', scope: 'global' },
  },
  {
    why: 'tokens and requests for roles are the platform’s too',
    ask: 'GET /apis/iam.freehold.io/v1alpha1/apitokens',
    is: { scope: 'global' },
  },
  { why: 'names are decoded', ask: 'GET /api/v1/namespaces/shop/pods/a%20b', is: { name: 'a b' } },
];

describe('requestInfo', () => {
  it.each(cases)('$why: $ask', ({ ask, is }) => {
    const [method = '', target = ''] = ask.split(' ');
    expect(requestInfo(method, target)).toMatchObject(is);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiServer } from '../start-api-server.ts';
import { object, startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let server: ApiServer;
let call: TestServer['call'];

beforeAll(async () => {
  ({ server, call } = await startTestServer());
});
afterAll(() => server.stop());

describe('who may do what', () => {
  it.each([
    { why: 'the administrator by certificate', as: 'admin', path: '/api/v1/nodes', status: 200 },
    { why: 'a service account has no rights by itself', as: 'robot', path: '/api/v1/nodes', status: 403 },
    { why: 'every signed-in user may discover', as: 'robot', path: '/apis', status: 200 },
    { why: 'nobody may read the version and health', as: 'nobody', path: '/readyz', status: 200 },
    { why: 'nobody may read nothing else', as: 'nobody', path: '/api/v1/nodes', status: 403 },
  ] as const)('$why: $path is $status', async ({ as, path, status }) => {
    expect((await call('GET', path, { as })).status).toBe(status);
  });

  it('a wrong token is refused, not taken for nobody', async () => {
    expect((await call('GET', '/readyz', { as: 'nobody', headers: { authorization: 'Bearer wrong' } })).status).toBe(
      401,
    );
  });

  it('a token dies with its service account', async () => {
    await server.client.create(
      { group: '', resource: 'serviceaccounts' },
      object('v1/ServiceAccount', { name: 'brief', namespace: 'default' }),
    );
    const { body } = await call('POST', '/api/v1/namespaces/default/serviceaccounts/brief/token', {
      body: { spec: {} },
    });
    const review = { spec: { token: body.status.token } };
    expect(
      (await call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body: review })).body.status.authenticated,
    ).toBe(true);
    await server.client.delete({ group: '', resource: 'serviceaccounts' }, 'default', 'brief');
    expect(
      (await call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body: review })).body.status.authenticated,
    ).toBeUndefined();
  });

  it('acting as another takes the right to, and gives the rights of the other', async () => {
    const headers = { 'impersonate-user': 'bob' };
    expect((await call('GET', '/api/v1/nodes', { headers })).body.message).toContain(
      'User "bob" cannot list resource "nodes"',
    );
    expect((await call('GET', '/api/v1/nodes', { as: 'robot', headers })).body.message).toContain(
      'cannot impersonate resource "users"',
    );
  });

  it('nobody grants what he does not have', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const roles = {
      verbs: ['create', 'get'],
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['roles', 'rolebindings'],
    };
    await call('POST', `${rbac}/namespaces/default/roles`, {
      body: object('rbac.authorization.k8s.io/v1/Role', { name: 'keeper' }, { rules: [roles] }),
    });
    const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'keeper' };
    await call('POST', `${rbac}/namespaces/default/rolebindings`, {
      body: object('rbac.authorization.k8s.io/v1/RoleBinding', { name: 'keeper' }, { roleRef, subjects }),
    });
    const grant = (verbs: string[]) =>
      call('POST', `${rbac}/namespaces/default/roles?dryRun=All`, {
        as: 'robot',
        body: object('rbac.authorization.k8s.io/v1/Role', { name: 'more' }, { rules: [{ ...roles, verbs }] }),
      });
    expect((await grant(['get'])).status).toBe(201);
    expect((await grant(['delete'])).body.message).toContain('attempting to grant RBAC permissions not currently held');
  });
});

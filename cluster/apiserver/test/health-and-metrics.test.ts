import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiServer } from '../start-api-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let server: ApiServer;
let call: TestServer['call'];

beforeAll(async () => {
  ({ server, call } = await startTestServer());
});
afterAll(() => server.stop());

describe('health', () => {
  it.each([
    { path: '/livez', status: 200, body: 'ok' },
    { path: '/livez?verbose', status: 200, body: /^\[\+\]ping ok\n(\[\+\]\S+ ok\n){34}livez check passed\n$/ },
    { path: '/readyz?verbose&exclude=ping', status: 200, body: /^\[\+\]ping excluded: ok\n/ },
    { path: '/readyz?verbose', status: 200, body: /\n\[\+\]shutdown ok\nreadyz check passed\n$/ },
    {
      path: '/livez?verbose&exclude=nothing',
      status: 200,
      body: /\nwarn: some health checks cannot be excluded: no matches for "nothing"\nlivez check passed\n$/,
    },
    { path: '/livez/poststarthook/rbac/bootstrap-roles?verbose', status: 200, body: 'ok' },
    { path: '/readyz/shutdown', status: 200, body: 'ok' },
    { path: '/readyz/nothing', status: 404, body: '404 page not found\n' },
  ])('$path is $status', async ({ path, status, body }) => {
    const answer = await call('GET', path);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(typeof body === 'string' ? body : expect.stringMatching(body));
  });
});

describe('the index', () => {
  it('lists every path that is not a resource, all of which are there', async () => {
    const { status, body } = await call('GET', '/');
    expect(status).toBe(200);
    const { paths } = body as { paths: string[] }; // the form of the document
    expect(paths).toEqual(
      expect.arrayContaining(['/api/v1', '/apis/apps/v1', '/livez/etcd', '/openapi/v3', '/version']),
    );
    expect(paths).toEqual([...paths].sort());
    const answers = await Promise.all(paths.map(async (path) => [path, (await call('GET', path)).status] as const));
    expect(answers.filter(([, code]) => code !== 200)).toEqual([]);
  });
});

describe('component statuses', () => {
  it('tell that an API server is alone', async () => {
    const { body } = await call('GET', '/api/v1/componentstatuses');
    const told = (body as { items: { metadata: { name: string }; conditions: { status: string }[] }[] }).items; // a list
    expect(told.map(({ metadata, conditions }) => [metadata.name, conditions[0]?.status])).toEqual([
      ['controller-manager', 'False'],
      ['etcd-0', 'True'],
      ['scheduler', 'False'],
    ]);
  });
});

describe('metrics', () => {
  it('count requests by verb and code', async () => {
    await call('GET', '/api/v1/namespaces/default/configmaps/nothing');
    const { body } = await call('GET', '/metrics');
    expect(body).toMatch(/^apiserver_request_total\{verb="get",code="404"\} [1-9]\d*$/m);
    expect(body).toMatch(/^apiserver_storage_revision [1-9]\d*$/m);
  });

  it('are not for everybody', async () => {
    expect((await call('GET', '/metrics', { as: 'robot' })).status).toBe(403);
  });
});

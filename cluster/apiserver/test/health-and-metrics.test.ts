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
    { path: '/livez?verbose', status: 200, body: '[+]ping ok\nlivez check passed\n' },
    {
      path: '/readyz?verbose&exclude=ping',
      status: 200,
      body: '[+]poststarthook/bootstrap ok\n[+]shutdown ok\nreadyz check passed\n',
    },
    { path: '/readyz/shutdown', status: 200, body: 'ok' },
    { path: '/readyz/nothing', status: 404, body: '404 page not found\n' },
  ])('$path is $status', async ({ path, status, body }) => {
    expect(await call('GET', path)).toMatchObject({ status, body });
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

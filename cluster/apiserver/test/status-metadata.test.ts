import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiServer } from '../start-api-server.ts';
import { object, startTestServer } from '../testing/test-server.ts';

let server: ApiServer;
beforeAll(async () => {
  ({ server } = await startTestServer());
});
afterAll(() => server.stop());

const containers = [{ name: 'main', image: 'shop/web:1' }];
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '11111111-1111-1111-1111-111111111111' };
const metadata = { labels: { tier: 'web' }, annotations: { note: 'seen' }, ownerReferences: [owner] };

// As kube-apiserver 1.36 does it.
it.each([
  {
    why: 'who runs a pod may mark it with its status, and not give it to another owner',
    plural: 'pods',
    made: object(
      'v1/Pod',
      { name: 'web', namespace: 'default' },
      { spec: { containers, serviceAccountName: 'robot' } },
    ),
    kept: { labels: metadata.labels, annotations: metadata.annotations },
    dropped: 'ownerReferences',
  },
  {
    why: 'other built-in kinds take all of it',
    plural: 'services',
    made: object('v1/Service', { name: 'web', namespace: 'default' }, { spec: { ports: [{ port: 80 }] } }),
    kept: metadata,
    dropped: undefined,
  },
])('$why', async ({ plural, made, kept, dropped }) => {
  const ref = { group: '', resource: plural };
  const { spec } = await server.client.create(ref, made);
  const body = { metadata, spec: null };
  const patched = await server.client.patch(ref, 'default', 'web', { type: 'merge', body }, 'status');
  expect(patched.metadata).toMatchObject(kept);
  if (dropped) expect(patched.metadata).not.toHaveProperty(dropped);
  expect(patched.spec).toEqual(spec);
});

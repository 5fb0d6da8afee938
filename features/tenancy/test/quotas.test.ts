import type { KubeList, KubeObject } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openStage, own, v2, type Session, type Stage } from './people.ts';

interface Quota extends KubeObject {
  status?: { total: { used?: Record<string, string> }; namespaces: { namespace: string; used: object }[] };
}

const path = `${v2}/workspaces/acme/resourcequotas`;
const limit = (name: string, hard: Record<string, string>, more = {}) => ({
  metadata: { name },
  spec: { quota: { hard, ...more }, selector: { 'kubesphere.io/workspace': 'somebody-else' } },
});

let stage: Stage;
let admin: Session;
let jane: Session;
let mark: Session;

beforeAll(async () => {
  stage = await openStage();
  admin = stage.admin;
  [jane, mark] = [await stage.person('jane'), await stage.person('mark')];
  await stage.workspace('acme', 'jane');
  await stage.project('acme', 'shop');
  await stage.project('acme', 'blog');
}, 180_000);
afterAll(() => stage.platform.stop());

const used = async (): Promise<unknown> => (await jane.call<Quota>('GET', `${path}/acme`)).body.status?.total.used;

const webhook =
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/workspace-quota.tenant.freehold.io';

/** The cluster asks about an object from the moment on at which it has been told to. */
async function asksAbout(resource: string): Promise<void> {
  const told = async (): Promise<string> => JSON.stringify((await admin.call('GET', webhook)).body);
  await expect.poll(told, { timeout: 20_000 }).toContain(`"${resource}"`);
}

const pod = (name: string, cpu?: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'busybox', resources: cpu ? { limits: { cpu } } : {} }] },
});

describe('a workspace quota', () => {
  it('is set by those who run the platform, for the workspace of the path and no other', async () => {
    expect((await jane.call('POST', path, limit('acme', { pods: '9' }))).status).toBe(403);
    expect((await mark.call('GET', `${path}/acme`)).status).toBe(403);
    const made = await admin.call<Quota>('POST', path, limit('acme', { pods: '4', 'limits.cpu': '2' }));
    expect(made.status).toBe(200);
    expect(made.body.spec).toMatchObject({ selector: { 'kubesphere.io/workspace': 'acme' } });
    expect((await admin.call('POST', path, limit('acme', { pods: '4' }))).status).toBe(409);
    const asked = JSON.stringify((await admin.call('GET', webhook)).body);
    expect(asked, 'in force when it is answered').toContain('"pods"');
    expect((await admin.call('GET', `${path}/none`)).status).toBe(404);
    expect((await admin.call('POST', path.replace('acme', 'none'), limit('x', { pods: '1' }))).status).toBe(404);
  });

  it('refuses what it cannot hold to, naming the field', async () => {
    const answer = await admin.call<{ details: { causes: { field: string }[] } }>(
      'POST',
      path,
      limit('odd', { unicorns: '1', pods: 'many', 'limits.cpu': '-1' }, { scopes: ['Sometimes'] }),
    );
    expect(answer.status).toBe(422);
    expect(answer.body.details.causes.map(({ field }) => field)).toEqual([
      'spec.quota.hard[unicorns]',
      'spec.quota.hard[pods]',
      'spec.quota.hard[limits.cpu]',
      'spec.quota.scopes',
    ]);
  });

  it('sums what all projects use, and says it for each', async () => {
    await eventually([201], admin, 'POST', '/api/v1/namespaces/shop/pods', pod('a', '500m'));
    expect((await admin.call('POST', '/api/v1/namespaces/blog/pods', pod('b', '250m'))).status).toBe(201);
    await expect.poll(used, { timeout: 10_000 }).toEqual({ pods: '2', 'limits.cpu': '750m' });
    const { body } = await jane.call<Quota>('GET', `${path}/acme`);
    expect(body.status?.namespaces).toMatchObject([
      { namespace: 'blog', used: { pods: '1', 'limits.cpu': '250m' } },
      { namespace: 'shop', used: { pods: '1', 'limits.cpu': '500m' } },
    ]);
    expect(body.metadata.ownerReferences).toMatchObject([{ kind: 'Workspace', name: 'acme', controller: true }]);
  });

  it('refuses a pod that would take more, and one that does not say how much it takes', async () => {
    await asksAbout('pods');
    const tooMuch = await admin.call<{ message: string }>('POST', '/api/v1/namespaces/shop/pods', pod('c', '1500m'));
    expect(tooMuch.status).toBe(403);
    expect(tooMuch.body.message).toContain('limits.cpu: 1500m asked for, 750m of 2 used');
    const silent = await admin.call<{ message: string }>('POST', '/api/v1/namespaces/shop/pods', pod('d'));
    expect(silent.status).toBe(403);
    expect(silent.body.message).toContain('every container must say');
  });

  it('gives the same rest to nobody twice, however many ask at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) =>
        admin.call('POST', `/api/v1/namespaces/${n % 2 ? 'shop' : 'blog'}/pods`, pod(`p${n}`, '10m')),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    await expect.poll(used, { timeout: 10_000 }).toMatchObject({ pods: '4' });
  });

  it('holds a controller to it too: a deployment gets as many pods as there is room for', async () => {
    const raised = await admin.call('PUT', `${path}/acme`, limit('acme', { pods: '6' }));
    expect(raised.status).toBe(200);
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
    const spec = { replicas: 10, selector: { matchLabels: { app: 'web' } }, template };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    expect((await admin.call('POST', '/apis/apps/v1/namespaces/shop/deployments', deployment)).status).toBe(201);
    await expect.poll(used, { timeout: 15_000 }).toEqual({ pods: '6' });
    const { body } = await admin.call<KubeList>('GET', '/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb');
    expect(body.items).toHaveLength(2);
  });

  it('is held to by Kubernetes itself where the webhook is not registered', async () => {
    const share = async (namespace: string): Promise<unknown> =>
      (await admin.call<KubeObject>('GET', `/api/v1/namespaces/${namespace}/resourcequotas/workspace-acme`)).body[
        'spec'
      ];
    const withoutWebhook = async (): Promise<unknown> => {
      await admin.call('DELETE', webhook); // every change of a quota registers it anew
      return share('blog');
    };
    await expect
      .poll(withoutWebhook, { timeout: 20_000, interval: 200 })
      .toMatchObject({ hard: { pods: expect.any(String) as string } });
    await eventually([403], admin, 'POST', '/api/v1/namespaces/blog/pods', pod('late'));
  });

  it('is lifted with one request', async () => {
    expect((await jane.call('DELETE', `${path}/acme`)).status).toBe(403);
    expect((await admin.call('DELETE', `${path}/acme`)).status).toBe(200);
    expect((await admin.call('DELETE', `${path}/acme`)).status).toBe(404);
    await eventually([201], admin, 'POST', '/api/v1/namespaces/blog/pods', pod('free'));
  });
});

describe('what the platform sets for all', () => {
  it('gives new projects default limits, and bounds what is promised', async () => {
    const settings = {
      defaultLimits: { default: { cpu: '1' }, defaultRequest: { cpu: '10m' } },
      overcommit: { cpu: 1 },
    };
    expect((await jane.call('PUT', `${own}/settings`, settings)).status).toBe(403);
    expect((await admin.call('PUT', `${own}/settings`, { defaultLimits: { max: { cpu: 'x' } } })).status).toBe(422);
    expect((await admin.call('PUT', `${own}/settings`, settings)).body).toEqual(settings);
    expect((await admin.call('GET', `${own}/settings`)).body).toEqual(settings);
    await stage.project('acme', 'fresh');
    await eventually([200], admin, 'GET', '/api/v1/namespaces/fresh/limitranges/freehold-defaults');
    expect((await admin.call('GET', '/api/v1/namespaces/shop/limitranges/freehold-defaults')).status).toBe(404);
    const over = await admin.call<{ message: string }>('POST', path, limit('huge', { 'requests.cpu': '100000' }));
    expect(over.status).toBe(422);
    expect(over.body.message).toContain('promised');
  });
});

import { readFileSync } from 'node:fs';
import type { KubeList, KubeObject } from '@kit/kube';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImportAnswer, Revision, StateCounts } from '../contract/index.ts';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
type Page = KubeList & { totalItems: number };
interface Status {
  reason: string;
  message: string;
}

const resources = '/kapis/resources.kubesphere.io/v1alpha3';
const own = '/kapis/resources.freehold.io/v1alpha1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';
const password = 'Passw0rd-of-a-test';
const patience = { timeout: 15_000, interval: 50 };
const manifests = readFileSync(new URL('./two-services.yaml', import.meta.url), 'utf8');

let platform: TestPlatform;
let admin: Session;
let viewer: Session;
let stranger: Session;

async function person(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', body)).status).toBe(200);
  return vi.waitFor(() => platform.signIn(name, password), patience);
}

const importText = (as: Session, yaml: string, dryRun: boolean): ReturnType<typeof as.call<ImportAnswer>> =>
  as.call<ImportAnswer>('POST', `${own}/imports`, { yaml, dryRun });

function until(path: string, fits: (body: unknown) => boolean, as: Session = admin): Promise<void> {
  return vi.waitFor(
    async () => expect(fits((await as.call(path.split(' ')[0] ?? '', path.split(' ')[1] ?? '')).body)).toBe(true),
    patience,
  );
}

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1 });
  admin = await platform.signIn();
  [viewer, stranger] = [await person('viewer'), await person('stranger')];
  const tenant = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';
  const make = (path: string, name: string): Promise<void> =>
    vi.waitFor(
      async () => expect((await admin.call('POST', path, { metadata: { name } })).status).toBeOneOf([200, 409]),
      patience,
    );
  await make(tenant, 'acme');
  await make(`${tenant}/acme/namespaces`, 'shop');
  const members = '/kapis/iam.kubesphere.io/v1alpha2/namespaces/shop/members';
  await vi.waitFor(async () => {
    const answer = await admin.call('POST', members, [{ username: 'viewer', roleRef: 'viewer' }]);
    expect(answer.status).toBeOneOf([200, 409]);
  }, patience);
  await vi.waitFor(
    async () => expect((await viewer.call('GET', '/api/v1/namespaces/shop')).status).toBe(200),
    patience,
  );
  expect((await importText(admin, manifests, false)).status).toBe(200);
  await until(`GET ${own}/deployments/counts`, (body) => (body as StateCounts).states['running'] === 2);
}, 60_000);
afterAll(() => platform.stop());

describe('lists', () => {
  const names = async (query: string): Promise<string[]> => {
    const { body } = await viewer.call<Page>('GET', `${resources}/namespaces/shop/deployments?${query}`);
    return body.items.map(({ metadata }) => metadata.name);
  };

  const lists: readonly { query: string; names: string[]; why: string }[] = [
    { query: 'sortBy=name', names: ['web', 'api'], why: 'descending unless asked otherwise' },
    { query: 'sortBy=name&ascending=true', names: ['api', 'web'], why: 'ascending when asked' },
    { query: 'sortBy=name&limit=1&page=2', names: ['api'], why: 'the second page' },
    { query: 'limit=0', names: [], why: 'no rows, only the count' },
    { query: 'name=we', names: ['web'], why: 'part of the name' },
    { query: 'names=web,none', names: ['web'], why: 'whole names' },
    { query: 'alias=shop', names: ['web'], why: 'part of the display name' },
    { query: 'labelSelector=app%21%3Dweb', names: ['api'], why: 'a label selector' },
    { query: 'status=running&sortBy=name', names: ['web', 'api'], why: "KubeSphere's word for the status" },
    { query: 'status=stopped', names: [], why: 'nothing is stopped' },
  ];
  it.each(lists)('?$query: $why', async ({ query, names: expected }) => {
    expect(await names(query)).toEqual(expected);
  });

  const refused: readonly { path: string; status: number; reason: string; why: string }[] = [
    { path: '/namespaces/shop/deployments?nonsense=1', status: 400, reason: 'BadRequest', why: 'unknown filter' },
    {
      path: '/namespaces/shop/deployments?labelSelector=%3D%3D',
      status: 400,
      reason: 'BadRequest',
      why: 'bad selector',
    },
    { path: '/namespaces/shop/deployments?limit=-7', status: 400, reason: 'BadRequest', why: 'bad limit' },
    { path: '/namespaces/shop/nothing', status: 404, reason: 'NotFound', why: 'unknown kind' },
    { path: '/namespaces/shop/nodes', status: 404, reason: 'NotFound', why: 'a kind outside namespaces' },
    { path: '/namespaces/shop/deployments/none', status: 404, reason: 'NotFound', why: 'no such object' },
    { path: '/deployments', status: 403, reason: 'Forbidden', why: 'all namespaces' },
    { path: '/namespaces/kube-system/configmaps', status: 403, reason: 'Forbidden', why: "nobody's namespace" },
  ];
  it.each(refused)('$path is $status: $why', async ({ path, status, reason }) => {
    const answer = await viewer.call<Status>('GET', `${resources}${path}`);
    expect(answer.status).toBe(status);
    expect(answer.body.reason).toBe(reason);
  });

  it('gives one object bare, and pods by the service that selects them', async () => {
    const web = await viewer.call<KubeObject>('GET', `${resources}/namespaces/shop/deployments/web`);
    expect(web.body).toMatchObject({ kind: 'Deployment', metadata: { name: 'web' } });
    const pods = await viewer.call<Page>('GET', `${resources}/namespaces/shop/pods?serviceName=web`);
    expect(pods.body.items.map(({ metadata }) => metadata.labels?.['app'])).toEqual(['web', 'web']);
  });

  it('never shows the hash of a password', async () => {
    const { text } = await admin.call('GET', `${resources}/users`);
    expect(text).toContain('viewer@example.com');
    expect(text).not.toMatch(/argon2|"password"/);
  });
});

describe('revisions', () => {
  it('lists them newest first, and gives one as KubeSphere does', async () => {
    const image = { spec: { template: { spec: { containers: [{ name: 'web', image: 'example.com/web:2' }] } } } };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    expect((await admin.call('PATCH', `${apps}/deployments/web`, image, headers)).status).toBe(200);
    await until(`GET ${own}/deployments/web/revisions`, (body) => (body as { totalItems: number }).totalItems === 2);
    const { body } = await viewer.call<{ items: Revision[] }>('GET', `${own}/deployments/web/revisions`);
    expect(body.items.map(({ revision, images }) => [revision, images['web']])).toEqual([
      [2, 'example.com/web:2'],
      [1, 'example.com/web:1'],
    ]);
    expect(body.items[1]?.template).not.toHaveProperty('metadata.labels.pod-template-hash');
    const path = '/kapis/resources.kubesphere.io/v1alpha2/namespaces/shop/deployments/web/revisions';
    expect((await viewer.call<KubeObject>('GET', `${path}/1`)).body.kind).toBe('ReplicaSet');
    expect((await viewer.call('GET', `${path}/9`)).status).toBe(404);
  });
});

describe('imports', () => {
  it('says what would change, and changes nothing', async () => {
    const changed =
      manifests.replace('replicas: 1', 'replicas: 3') + '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n';
    const { body } = await importText(admin, changed, true);
    expect(body.items.map(({ kind, name, action }) => `${action} ${kind} ${name}`)).toContain('create ConfigMap new');
    expect(body.items.find(({ action }) => action === 'configure')?.changes).toContain('spec.replicas');
    expect((await admin.call('GET', '/api/v1/namespaces/shop/configmaps/new')).status).toBe(404);
  });

  const refused: readonly { yaml: string; reason: string; why: string }[] = [
    { yaml: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}', reason: 'Forbidden', why: 'no place in a project' },
    {
      yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: default}',
      reason: 'BadRequest',
      why: 'another namespace',
    },
    {
      yaml: 'apiVersion: x.io/v1\nkind: Q\nmetadata: {name: x}',
      reason: 'NotFound',
      why: 'a kind the cluster has not',
    },
    { yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}', reason: 'BadRequest', why: 'no name' },
    { yaml: 'metadata: {name: x}', reason: 'BadRequest', why: 'no kind' },
    {
      yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}',
      reason: 'Invalid',
      why: 'refused by the cluster',
    },
  ];
  it.each(refused)('refuses one object with its reason and makes the others: $why', async ({ yaml, reason }) => {
    const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}';
    const { status, body } = await importText(admin, `${yaml}\n---\n${good}\n`, false);
    expect(status).toBe(200);
    expect(body.items[0]).toMatchObject({ action: 'refused', error: { kind: 'Status', reason } });
    expect(body.items[1]?.action).toBeOneOf(['create', 'unchanged']);
  });

  it('takes no field from who else has set it', async () => {
    const { body } = await importText(admin, manifests, true); // the image of web was changed by another client above
    expect(body.items.find(({ name, kind }) => name === 'web' && kind === 'Deployment')).toMatchObject({
      action: 'refused',
      error: { reason: 'Conflict' },
    });
  });

  it('makes nothing that the caller may not make', async () => {
    const { status, body } = await importText(viewer, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}', false);
    expect(status).toBe(200);
    expect(body.items[0]).toMatchObject({ action: 'refused', error: { reason: 'Forbidden' } });
    expect((await admin.call('GET', '/api/v1/namespaces/shop/configmaps/mine')).status).toBe(404);
    expect((await importText(stranger, manifests, true)).status).toBe(403);
  });

  it('says where a text cannot be read', async () => {
    const answer = await admin.call<Status>('POST', `${own}/imports`, { yaml: 'a: 1\n---\nb: c: d\n', dryRun: true });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/document 2, line 3/);
  });
});

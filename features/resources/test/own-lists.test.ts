import type { KubeObject } from '@kit/kube';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KindCounts, SearchAnswer } from '../contract/index.ts';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface Page {
  items: KubeObject[];
  totalItems: number;
  continue?: string;
}

const kube = '/kapis/resources.kubesphere.io';
const own = '/kapis/resources.freehold.io/v1alpha1';
const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Passw0rd-of-a-test';
const patience = { timeout: 15_000, interval: 50 };

let platform: TestPlatform;
let admin: Session;
let vera: Session;
let stranger: Session;

async function person(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  return vi.waitFor(() => platform.signIn(name, password), patience);
}

const make = (path: string, body: object): Promise<void> =>
  vi.waitFor(async () => {
    const { status, text } = await admin.call('POST', path, body);
    expect(status, text).toBeOneOf([200, 201, 409]);
  }, patience);

const join = (project: string, username: string, roleRef: string): Promise<void> =>
  make(`${iam}/namespaces/${project}/members`, [{ username, roleRef }] as object);

const configMap = (namespace: string, name: string): Promise<void> =>
  make(`/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name, labels: { tier: 'heron' }, annotations: { note: `kept by ${name}` } },
    data: { text: 'x'.repeat(500) },
  });

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1 });
  admin = await platform.signIn();
  [vera, stranger] = [await person('vera'), await person('stranger')];
  const tenant = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';
  await make(tenant, { metadata: { name: 'acme' } });
  for (const name of ['shop', 'back']) await make(`${tenant}/acme/namespaces`, { metadata: { name } });
  await make('/api/v1/namespaces', { metadata: { name: 'aside' } });
  await join('shop', 'vera', 'viewer');
  for (const name of ['heron-1', 'heron-2', 'heron-3']) await configMap('shop', name);
  await configMap('back', 'heron-4');
  await configMap('aside', 'heron-5');
  const secret = { metadata: { name: 'heron-key', annotations: { note: 'canary' } }, stringData: { a: 'canary' } };
  await make('/api/v1/namespaces/shop/secrets', secret);
  const containers = [{ name: 'c', image: 'registry.example.com/egret:2' }];
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
  const deployment = { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template } };
  await make('/apis/apps/v1/namespaces/shop/deployments', deployment);
}, 60_000);
afterAll(() => platform.stop());

const namesFor = async (as: Session, path: string): Promise<string[]> => {
  const { body, status, text } = await as.call<Page>('GET', path);
  expect(status, text).toBe(200);
  return body.items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');
};

describe('the lists of a member', () => {
  const query = 'sortBy=name&ascending=true';

  it('are of their projects, without a right to the cluster, and follow their rights', async () => {
    await vi.waitFor(
      async () => expect(await namesFor(vera, `${own}/configmaps?${query}`)).toEqual(['heron-1', 'heron-2', 'heron-3']),
      patience,
    );
    expect((await vera.call('GET', `${kube}/v1alpha3/configmaps`)).status).toBe(403);
    expect(await namesFor(vera, `${own}/workspaces/acme/configmaps?name=heron&limit=1&${query}`)).toEqual(['heron-1']);
    expect(await namesFor(stranger, `${own}/configmaps`)).toEqual([]);
    await join('back', 'vera', 'viewer');
    await vi.waitFor(
      async () => expect(await namesFor(vera, `${own}/configmaps?name=heron&${query}`)).toContain('heron-4'),
      patience,
    );
    await admin.call('DELETE', `${iam}/namespaces/back/members/vera`);
    await vi.waitFor(
      async () => expect(await namesFor(vera, `${own}/configmaps?name=heron`)).not.toContain('heron-4'),
      patience,
    );
  });

  it('are of everything for who may list it everywhere', async () => {
    expect(await namesFor(admin, `${own}/configmaps?name=heron&${query}`)).toHaveLength(5);
    expect(await namesFor(admin, `${own}/workspaces/acme/configmaps?name=heron&${query}`)).toHaveLength(4);
  });

  it('refuse kinds that are in no project, and say nothing to who has not signed in', async () => {
    expect((await vera.call('GET', `${own}/nodes`)).status).toBe(400);
    expect((await fetch(`${platform.url}${own}/configmaps`)).status).toBe(401);
  });
});

describe('a search', () => {
  const search = async (as: Session, query: string): Promise<SearchAnswer> => {
    const { body, status, text } = await as.call<SearchAnswer>('GET', `${own}/search?${query}`);
    expect(status, text).toBe(200);
    return body;
  };
  const found = ({ items }: SearchAnswer): string[] => items.map(({ resource, name }) => `${resource}/${name}`);

  it('finds what the caller may list and nothing else, by name, label, image and annotation', async () => {
    await vi.waitFor(
      async () =>
        expect(found(await search(vera, 'q=heron'))).toEqual([
          'configmaps/heron-1',
          'configmaps/heron-2',
          'configmaps/heron-3',
          'secrets/heron-key',
        ]),
      patience,
    );
    expect(found(await search(stranger, 'q=heron'))).toEqual([]);
    const { items } = await search(vera, 'q=egret');
    expect(items[0]).toMatchObject({ resource: 'deployments', name: 'web', namespace: 'shop', workspace: 'acme' });
    expect(items[0]?.matches).toEqual([{ in: 'image', text: 'registry.example.com/egret:2' }]);
    expect(found(await search(vera, 'q=kept+heron-2'))).toEqual(['configmaps/heron-2']);
  });

  it('puts whole names first, pages, counts by kind, and takes kinds and places', async () => {
    const all = await search(admin, 'q=heron&limit=2');
    expect(all.totalItems).toBe(6);
    expect(all.counts).toEqual({ configmaps: 5, secrets: 1 });
    expect(found(await search(admin, 'q=heron&limit=2&page=2'))).toHaveLength(2);
    expect(found(await search(admin, 'q=heron&namespace=aside'))).toEqual(['configmaps/heron-5']);
    expect(found(await search(admin, 'q=heron&kinds=secrets'))).toEqual(['secrets/heron-key']);
    expect(found(await search(admin, 'q=shop&kinds=namespaces,configmaps'))[0]).toBe('namespaces/shop');
    expect(found(await search(admin, 'q=heron&workspace=acme&kinds=configmaps'))).toHaveLength(4);
  });

  it('sees an object that changes and forgets one that goes', async () => {
    const path = '/api/v1/namespaces/shop/configmaps/heron-3';
    const headers = { 'content-type': 'application/merge-patch+json' };
    await admin.call('PATCH', path, { metadata: { labels: { bird: 'bittern' } } }, headers);
    await vi.waitFor(
      async () => expect(found(await search(vera, 'q=bittern'))).toEqual(['configmaps/heron-3']),
      patience,
    );
    await admin.call('DELETE', path);
    await vi.waitFor(async () => expect(found(await search(admin, 'q=bittern'))).toEqual([]), patience);
  });

  it('never finds what is in a Secret, nor what tools note on it', async () => {
    expect(found(await search(admin, 'q=canary'))).toEqual([]);
    expect(found(await search(stranger, 'q=heron-key'))).toEqual([]);
  });

  it.each(['', 'q=', 'q=a', 'q=aa+bb+cc+dd+ee+ff+gg+hh+ii', 'q=ok&limit=1000', 'q=ok&kinds=nonsense'])(
    'refuses ?%s',
    async (query) => {
      expect((await admin.call('GET', `${own}/search?${query}`)).status).toBeOneOf([400, 404, 422]);
    },
  );
});

describe('counts', () => {
  it('are of several kinds at once, of what the caller may list', async () => {
    const mayList = (await vera.call('GET', `${kube}/v1alpha3/persistentvolumes`)).status === 200;
    await vi.waitFor(async () => {
      const { body } = await vera.call<KindCounts>('GET', `${own}/counts?kinds=deployments,persistentvolumes`);
      expect(body.kinds['deployments']).toEqual({ total: 1, states: { running: 1 } });
      expect(body.refused).toEqual(mayList ? [] : ['persistentvolumes']);
    }, patience);
    const { body } = await vera.call<KindCounts>('GET', `${own}/namespaces/back/counts?kinds=deployments`);
    expect(body).toEqual({ kinds: {}, refused: ['deployments'] });
    const all = await admin.call<KindCounts>('GET', `${own}/workspaces/acme/counts?kinds=deployments`);
    expect(all.body.kinds['deployments']?.total).toBe(1);
  });
});

describe('an answer', () => {
  const path = `${kube}/v1alpha3/namespaces/shop/configmaps?name=heron&sortBy=name`;

  it('is known by a tag, for who may see it and as long as it holds', async () => {
    const first = await admin.call('GET', path);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const second = await admin.call('GET', path, undefined, headers);
    expect([second.status, second.text]).toEqual([304, '']);
    expect((await stranger.call('GET', path, undefined, headers)).status).toBe(403);
    expect((await admin.call('GET', `${path}&fields=kind`, undefined, headers)).status).toBe(200);
    await configMap('shop', 'heron-9');
    await vi.waitFor(
      async () => expect((await admin.call('GET', path, undefined, headers)).status).toBe(200),
      patience,
    );
  });

  it('is the same compressed', async () => {
    const plain = await admin.call('GET', path, undefined, { 'accept-encoding': 'identity' });
    const packed = await admin.call('GET', path, undefined, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.text).toBe(plain.text);
    const one = `${kube}/v1alpha3/namespaces/shop/configmaps/heron-1`;
    expect((await admin.call<KubeObject>('GET', one)).body.metadata.name).toBe('heron-1');
  });

  it('has only the fields that are wanted, and goes on where it ended', async () => {
    const names: string[] = [];
    let token = '';
    do {
      const { body } = await admin.call<Page>('GET', `${path}&limit=2&fields=metadata.name&continue=${token}`);
      expect(Object.keys(body.items[0] ?? {})).toEqual(['metadata']);
      names.push(...body.items.map(({ metadata }) => metadata.name));
      token = body.continue ?? '';
    } while (token !== '');
    expect(names).toEqual([...names].sort().reverse());
    expect(new Set(names).size).toBe(names.length);
    expect((await admin.call('GET', `${path}&continue=nonsense`)).status).toBe(400);
  });

  it('has the shape of the older API there', async () => {
    const older = `${kube}/v1alpha2/namespaces/shop`;
    const { body } = await admin.call<object>(
      'GET',
      `${older}/configmaps?conditions=name~heron&paging=limit=1,page=1&orderBy=name`,
    );
    expect(body).toMatchObject({ items: [{ metadata: { name: 'heron-1' } }] });
    expect(body).toHaveProperty('total_count');
    const { body: counts } = await admin.call<object>('GET', `${older}/abnormalworkloads`);
    expect(counts).toEqual({
      namespace: 'shop',
      data: { deployments: 0, statefulsets: 0, daemonsets: 0, jobs: 0, persistentvolumeclaims: 0 },
    });
    expect((await admin.call('GET', `${older}/router`)).status).toBe(404);
    expect((await admin.call('GET', `${kube}/v1alpha2/users/vera/kubectl`)).status).toBe(404);
  });
});

describe('a job', () => {
  it('is run again as one that never ran, and only in the state that the caller has seen', async () => {
    const containers = [{ name: 'c', image: 'example.com/job:1' }];
    const spec = { template: { spec: { restartPolicy: 'Never', containers } } };
    await make('/apis/batch/v1/namespaces/shop/jobs', { metadata: { name: 'once' }, spec });
    const job = `/apis/batch/v1/namespaces/shop/jobs/once`;
    const before = (await admin.call<KubeObject>('GET', job)).body.metadata.uid;
    const operation = '/kapis/operations.kubesphere.io/v1alpha2/namespaces/shop/jobs';
    expect((await admin.call('POST', `${operation}/once?action=dance`)).status).toBe(400);
    expect((await admin.call('POST', `${operation}/none?action=rerun`)).status).toBe(404);
    expect((await admin.call('POST', `${operation}/once?action=rerun&resourceVersion=1`)).status).toBe(409);
    expect((await vera.call('POST', `${operation}/once?action=rerun`)).status).toBe(403);
    await vi.waitFor(async () => {
      const { status, text } = await admin.call('POST', `${operation}/once?action=rerun`);
      expect(status, text).toBe(200);
    }, patience);
    expect((await admin.call<KubeObject>('GET', job)).body.metadata.uid).not.toBe(before);
  });
});

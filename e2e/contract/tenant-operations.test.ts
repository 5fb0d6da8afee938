import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  expectListSemantics,
  expectStatus,
  isList,
  isObject,
  nameIn,
  operationsOf,
  type Named,
  type Operation,
} from './operations.ts';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

const group = '/kapis/tenant.kubesphere.io';
const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Str0ngPass';
const patience = { timeout: 20_000, interval: 50 };
const titled = operationsOf('tenant-operations.json');

let platform: TestPlatform;
let admin: Session;
let owner: Session;
let stranger: Session;

async function createUser(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  return platform.signIn(name, password);
}

const isThere = (path: string, status = 200): Promise<void> =>
  vi.waitFor(async () => expect((await admin.call('GET', path)).status).toBe(status), patience);

const workspace = (name: string) => ({ metadata: { name }, spec: { template: { spec: { manager: 'owner' } } } });
const quota = (name: string) => ({ metadata: { name }, spec: { quota: { hard: { pods: '50' } } } });

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  [owner, stranger] = [await createUser('owner'), await createUser('stranger')];
  for (const name of ['dev', 'qa'])
    expect((await admin.call('POST', `${group}/v1alpha3/workspacetemplates`, workspace(name))).status).toBe(200);
  await isThere(`${iam}/workspaces/dev/workspacemembers/owner`);
  await isThere(`${group}/v1alpha3/workspaces/dev`);
  for (const name of ['shop', 'stock'])
    await owner.call('POST', `${group}/v1alpha2/workspaces/dev/namespaces`, { metadata: { name } });
  await isThere(`${iam}/namespaces/shop/members/owner`);
  expect((await admin.call('POST', `${group}/v1alpha2/workspaces/dev/resourcequotas`, quota('dev'))).status).toBe(200);
}, 90_000);
afterAll(() => platform.stop());

const places: Readonly<Record<string, string>> = {
  workspace: 'dev',
  namespace: 'shop',
  resourcequota: 'dev',
  workspacemember: 'owner',
};

/** The path with its places filled in; the last name is `last` where one is given. */
function pathOf({ path }: Operation, last?: string): string {
  const key = nameIn(path);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === key && last ? last : (places[name] ?? 'none'),
  );
  return group + filled;
}

/** What each kind of collection takes, by the last word of its path. */
const bodies: Readonly<Record<string, (name: string) => object>> = {
  workspaces: workspace,
  workspacetemplates: workspace,
  namespaces: (name) => ({ metadata: { name } }),
  resourcequotas: quota,
};

const kindIn = (path: string): string => path.split('/').findLast((part) => !part.startsWith('{')) ?? '';

function bodyFor({ method, path, body }: Operation, name: string): unknown {
  if (body === undefined) return undefined;
  if (method === 'PATCH') return { metadata: { annotations: { 'kubesphere.io/description': 'changed' } } };
  return bodies[kindIn(path)]?.(name);
}

/** Lists in which everybody finds what is theirs: a stranger nothing. */
const isOfEverybody = ({ method, path }: Operation): boolean =>
  method === 'GET' && !path.includes('{') && path !== '/v1alpha2/clusters';

describe.each(titled)('$title', (operation) => {
  const { method, body, path } = operation;

  it('is for who has a right to it', async () => {
    const [target, asked] = [pathOf(operation), bodyFor(operation, 'somebody')];
    const anonymous = await fetch(new URL(target, platform.url), {
      method,
      ...(asked === undefined ? {} : { body: JSON.stringify(asked), headers: { 'content-type': 'application/json' } }),
    });
    expect([401, 403]).toContain(anonymous.status);
    const answer = await stranger.call<{ totalItems: number }>(method, target, asked);
    if (isOfEverybody(operation) || path === '/v1alpha2/clusters')
      expect([answer.status, answer.body.totalItems]).toEqual([200, 0]);
    else expectStatus(answer, 403);
  });

  it.skipIf(nameIn(path) === undefined)('says what is not there', async () => {
    expectStatus(await admin.call(method, pathOf(operation, 'nobody'), bodyFor(operation, 'nobody')), 404);
  });

  it.skipIf(nameIn(path) !== undefined || !path.includes('{workspace}'))(
    'says of a workspace that it is not there',
    async () => {
      const target = group + path.replace('{workspace}', 'none').replace('{workspacemember}', 'owner');
      const answer = await admin.call<{ totalItems?: number }>(method, target, bodyFor(operation, 'lost'));
      if (answer.status === 200) expect(answer.body.totalItems).toBe(0);
      else expectStatus(answer, 404);
    },
  );

  it.skipIf(body === undefined)('refuses what it cannot take', async () => {
    const wrong = method === 'PATCH' ? { metadata: 7 } : { metadata: 7, spec: 7 };
    const refused = await admin.call(method, pathOf(operation), wrong);
    expect([400, 422]).toContain(refused.status);
    expectStatus(refused, refused.status);
    expectStatus(await admin.call(method, pathOf(operation), '{"metadata":'), 400);
  });
});

describe('lists are filtered, sorted and paged', () => {
  const lists = titled.filter(({ method, answer, path }) => {
    const isEmpty = path.endsWith('federatednamespaces') || path.endsWith('clusters');
    return method === 'GET' && answer === 'api.ListResult' && !isEmpty;
  });
  it.each(lists)('$title', (operation) => expectListSemantics((path) => admin.call('GET', path), pathOf(operation)));
});

describe('answers have the published shapes', () => {
  const nameFor = ({ path }: Operation): string => (path.startsWith('/v1alpha3') ? 'made-three' : 'made');

  it.each(titled.filter(({ method, path }) => method === 'GET' || nameIn(path) === undefined))(
    '$title',
    async (operation) => {
      const { method, answer } = operation;
      const asked = bodyFor(operation, nameFor(operation));
      const found = await admin.call(method, pathOf(operation), asked);
      expect([found.status, found.status === 200 ? '' : found.text]).toEqual([200, '']);
      (answer === 'api.ListResult' ? isList : isObject)(found.body);
      if (method === 'POST') expectStatus(await admin.call(method, pathOf(operation), asked), 409);
    },
  );

  const changes = titled.filter(({ method }) => method === 'PUT' || method === 'PATCH');
  it.each(changes)('$title', async (operation) => {
    const target = pathOf(operation, nameFor(operation));
    await isThere(target);
    const asked = bodyFor(operation, nameFor(operation)) as Named;
    const put = async (resourceVersion?: string) => {
      if (operation.method === 'PUT') asked.metadata.resourceVersion = resourceVersion ?? '';
      return admin.call(operation.method, target, asked);
    };
    await vi.waitFor(async () => {
      const { body } = await admin.call<Named>('GET', target); // controllers write it, too
      const answer = await put(body.metadata.resourceVersion);
      expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
      isObject(answer.body);
    }, patience);
    if (operation.method === 'PUT') expectStatus(await put('1'), 409);
  });

  it.each(titled.filter(({ method }) => method === 'DELETE').toReversed())('$title', async (operation) => {
    const target = pathOf(operation, nameFor(operation));
    const answer = await admin.call('DELETE', target);
    expect([answer.status, answer.body]).toEqual([200, { message: 'success' }]);
    await isThere(target, 404);
  });
});

describe('config v1alpha2 and quotas', () => {
  const config = '/kapis/config.kubesphere.io/v1alpha2/configs';
  const resources = '/kapis/resources.kubesphere.io/v1alpha2';

  it.each(['configz', 'oauth', 'gpu/kinds'])('tells everybody %s', async (name) => {
    const answer = await fetch(new URL(`${config}/${name}`, platform.url));
    expect(answer.status).toBe(200);
    const body: unknown = await answer.json();
    if (name === 'gpu/kinds') expect(body).toEqual([]);
    else expect(body).toMatchObject(name === 'oauth' ? { issuer: expect.any(String) as string } : { kubernetes: true });
  });

  it('has no other configuration, and takes none', async () => {
    expectStatus(await admin.call('GET', `${config}/none`), 404);
    expectStatus(await admin.call('POST', `${config}/configz`, {}), 405);
  });

  it.each([`${resources}/quotas`, `${resources}/namespaces/stock/quotas`])('counts at %s', async (path) => {
    const { status, body } = await admin.call('GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      namespace: expect.any(String) as string,
      data: {
        used: { 'count/pods': expect.any(String) as string, 'count/deployments.apps': expect.any(String) as string },
      },
    });
    expectStatus(await stranger.call('GET', path), 403);
  });
});

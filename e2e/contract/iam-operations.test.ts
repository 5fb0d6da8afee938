import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  expectListSemantics,
  expectStatus,
  isObject,
  nameIn,
  operationsOf,
  type Named,
  type Operation,
} from './operations.ts';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Str0ngPass';
const patience = { timeout: 20_000, interval: 50 };
const titled = operationsOf('iam-operations.json');

const isOpen = ({ path }: Operation): boolean => path === '/login';

let platform: TestPlatform;
let admin: Session;
let stranger: Session;

async function createUser(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  return platform.signIn(name, password);
}

const isThere = (path: string): Promise<void> =>
  vi.waitFor(async () => expect((await admin.call('GET', path)).status).toBe(200), patience);

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  await createUser('owner');
  stranger = await createUser('stranger');
  const tenant = '/kapis/tenant.kubesphere.io';
  const template = { metadata: { name: 'dev' }, spec: { template: { spec: { manager: 'owner' } } } };
  await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, template);
  await isThere(`${iam}/workspaces/dev/workspacemembers/owner`);
  for (const name of ['shop', 'pipes'])
    await admin.call('POST', `${tenant}/v1alpha2/workspaces/dev/namespaces`, { metadata: { name } });
  await isThere(`${iam}/namespaces/shop/roles/viewer`);
  await isThere(`${iam}/namespaces/pipes/roles/viewer`);
  const label = { metadata: { labels: { 'kubesphere.io/devopsproject': 'pipes' } } };
  await admin.call('PATCH', '/api/v1/namespaces/pipes', label, { 'content-type': 'application/merge-patch+json' });
  await isThere(`${iam}/devops/pipes/roles/viewer`);
  await admin.call('POST', `${iam}/workspaces/dev/groups`, { metadata: { name: 'dev-team' } });
}, 90_000);
afterAll(() => platform.stop());

const places: Readonly<Record<string, string>> = {
  workspace: 'dev',
  namespace: 'shop',
  devops: 'pipes',
  user: 'owner',
  workspacemember: 'owner',
  member: 'admin',
  clustermember: 'admin',
};

/** The path with its places filled in; the last name is `last` where one is given. */
function pathOf({ path }: Operation, last?: string): string {
  const key = nameIn(path);
  return (
    iam +
    path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === key && last ? last : (places[name] ?? 'none')))
  );
}

const template: Readonly<Record<string, string>> = {
  globalroles: 'role-template-view-users',
  clusterroles: 'role-template-view-nodes',
  workspaceroles: 'role-template-view-members',
  roles: 'role-template-view-members',
};

const toTeam = (role: string): object[] => [
  { roleRef: { name: role }, subjects: [{ kind: 'Group', name: 'dev-team' }] },
];
const roleOf: Readonly<Record<string, string>> = { workspacemembers: 'dev-viewer', clustermembers: 'cluster-viewer' };

/** What each kind of collection takes, by the last word of its path; roles and members follow from their tables. */
const bodies: Readonly<Record<string, (name: string) => unknown>> = {
  login: () => ({ username: 'owner', password }),
  password: () => ({ password: 'An0therPass' }),
  users: (name) => ({ metadata: { name }, spec: { email: `${name}@example.com` } }),
  groups: (name) => ({ metadata: { name } }),
  groupbindings: () => [{ userName: 'stranger', groupName: 'dev-team' }],
  workspacerolebindings: () => toTeam('dev-viewer'),
  rolebindings: () => toTeam('viewer'),
};

/** A body that this operation takes. */
function bodyFor({ path, body }: Operation, name: string): unknown {
  if (body === undefined) return undefined;
  const kind = path.split('/').findLast((part) => !part.startsWith('{')) ?? '';
  const make = bodies[kind];
  if (make) return make(name);
  const made = template[kind];
  if (made !== undefined)
    return { metadata: { name, annotations: { 'iam.kubesphere.io/aggregation-roles': JSON.stringify([made]) } } };
  const member = { username: name, roleRef: roleOf[kind] ?? 'viewer' };
  return body === 'array' ? [member] : member;
}

const shapes: Readonly<Record<string, (body: unknown) => void>> = {
  'api.ListResult': (body) =>
    Array.isArray(body)
      ? expect(body.every((one: Named) => one.metadata.name !== '')).toBe(true)
      : expect(body).toMatchObject({ items: expect.any(Array) as unknown[], totalItems: expect.any(Number) as number }),
  'errors.Error': (body) => expect(body).toEqual({ message: 'success' }),
  'oauth.Token': (body) =>
    expect(body).toMatchObject({ access_token: expect.any(String) as string, token_type: 'Bearer' }),
  '[v1alpha2.Member]': (body) =>
    expect(body).toEqual([{ username: expect.any(String) as string, roleRef: expect.any(String) as string }]),
  'v1alpha2.Member': (body) =>
    expect(body).toEqual({ username: expect.any(String) as string, roleRef: expect.any(String) as string }),
};
describe.each(titled)('$title', (operation) => {
  const { method, body, path } = operation;

  it.skipIf(isOpen(operation))('is for who has a right to it', async () => {
    const target = pathOf(operation, 'somebody');
    const asked = bodyFor(operation, 'somebody');
    const anonymous = await fetch(new URL(target, platform.url), {
      method,
      ...(asked === undefined ? {} : { body: JSON.stringify(asked), headers: { 'content-type': 'application/json' } }),
    });
    expect([401, 403]).toContain(anonymous.status);
    if (path === '/users' && method === 'GET') return; // every signed-in user may list users
    expectStatus(await stranger.call(method, target, asked), 403);
  });

  it.skipIf(nameIn(path) === undefined && !path.includes('{user}'))('says what is not there', async () => {
    const missing = { ...places, user: 'nobody' };
    const target = path.includes('{user}') ? iam + path.replace('{user}', missing.user) : pathOf(operation, 'nobody');
    const isListed = method === 'GET' && path.startsWith('/users/{user}/');
    const answer = await admin.call(method, target, bodyFor(operation, 'nobody'));
    if (isListed) expect(answer.status).toBe(200);
    else expect([404, 409, 422]).toContain(answer.status);
    if (!isListed) expectStatus(answer, answer.status);
  });

  it.skipIf(body === undefined)('refuses what it cannot take', async () => {
    const wrong = Array.isArray(bodyFor(operation, 'x')) ? [{ nonsense: true }] : { metadata: 7, spec: 7, username: 7 };
    const refused = await admin.call(method, pathOf(operation, 'owner'), wrong);
    expect([400, 422]).toContain(refused.status);
    expectStatus(refused, refused.status);
    expectStatus(await admin.call(method, pathOf(operation, 'owner'), '{"metadata":'), 400);
  });
});

describe('lists are filtered, sorted and paged', () => {
  const lists = titled.filter(({ method, answer, path }) => {
    const isOfTemplates = /\/(globalroles|roles|clusterroles|workspaceroles)$/.test(path) && path.includes('member');
    return method === 'GET' && answer === 'api.ListResult' && !isOfTemplates && path !== '/users/{user}/globalroles';
  });
  it.each(lists)('$title', (operation) => expectListSemantics((path) => admin.call('GET', path), pathOf(operation)));
});

describe('answers have the published shapes', () => {
  const collections = titled.filter(({ path, method }) => method !== 'DELETE' && nameIn(path) === undefined);
  it.each(collections)('$title', async (operation) => {
    const name = operation.path.includes('workspace') ? 'dev-made' : 'made';
    const isMember = operation.path.endsWith('members');
    const answer = await admin.call(
      operation.method,
      pathOf(operation),
      bodyFor(operation, isMember ? 'stranger' : name),
    );
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    (shapes[operation.answer] ?? isObject)(answer.body);
    const isRepeatable =
      operation.method !== 'POST' || isMember || isOpen(operation) || operation.path.endsWith('rolebindings');
    if (!isRepeatable)
      expectStatus(await admin.call(operation.method, pathOf(operation), bodyFor(operation, name)), 409);
  });

  const items = titled.filter(({ path, method }) => method !== 'DELETE' && nameIn(path) !== undefined);
  const made: Readonly<Record<string, string>> = {
    group: 'dev-made',
    workspacerole: 'dev-made',
    workspacemember: 'stranger',
    member: 'stranger',
    clustermember: 'stranger',
  };
  const nameOf = ({ path }: Operation): string => made[nameIn(path) ?? ''] ?? 'made';
  it.each(items)('$title', async (operation) => {
    const name = nameOf(operation);
    const target = pathOf(operation, name);
    const current = await admin.call<Named>('GET', target);
    const asked = bodyFor(operation, name) as Partial<Named> | undefined; // members have no metadata
    const versioned = operation.method === 'PUT' ? asked?.metadata : undefined;
    if (versioned) versioned.resourceVersion = current.body.metadata.resourceVersion ?? '';
    const answer = await admin.call(operation.method, target, asked);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    if (operation.method !== 'PATCH') (shapes[operation.answer] ?? isObject)(answer.body);
    if (!versioned) return;
    versioned.resourceVersion = '1';
    expectStatus(await admin.call('PUT', target, asked), 409);
  });

  it.each(titled.filter(({ method }) => method === 'DELETE'))('$title', async (operation) => {
    const key = nameIn(operation.path) ?? '';
    let name = made[key] ?? 'made';
    if (key.endsWith('binding')) {
      const list = operation.path
        .replace('/{namespace}/rolebindings', '/dev/rolebindings')
        .replace('/namespaces/', '/workspaces/');
      const { body } = await admin.call<{ items: Named[] }>(
        'GET',
        pathOf({ ...operation, path: list.replace(/\/\{\w+\}$/, '') }),
      );
      name = body.items.find((one) => one.metadata.name.startsWith('dev-team'))?.metadata.name ?? '';
    }
    const answer = await admin.call('DELETE', pathOf(operation, name));
    expect([answer.status, answer.body]).toEqual([200, { message: 'success' }]);
  });
});

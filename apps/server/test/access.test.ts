import { connect } from 'node:net';
import type { Route } from '@kit/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPath, inertTable } from './inert-table.ts';
import { makeWorld } from './world.ts';
import type { Person, World } from './world.ts';

const { routes, mounts, upgrades } = inertTable();
const guarded = routes.filter(({ permission }) => permission.by !== 'open');
const named = (list: readonly Route[]): [string, Route][] =>
  list.map((route) => [`${route.method} ${route.path}`, route]);

const inDev = {
  workspace: 'dev',
  namespace: 'shop',
  user: 'admin',
  resources: 'configmaps',
  name: 'kube-root-ca.crt',
  member: 'viewer',
};
const inOps = { ...inDev, workspace: 'ops', namespace: 'tools' };
const inKube = { ...inDev, workspace: 'kube-system', namespace: 'kube-system', member: 'admin' };

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 60_000);
afterAll(() => world.stop());

const ask = (route: Route, values: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> => {
  const body = route.method === 'GET' || route.method === 'DELETE' ? {} : { body: '{}' };
  const type: Record<string, string> = 'body' in body ? { 'content-type': 'application/json' } : {};
  return fetch(world.platform.url + fillPath(route.path, values), {
    method: route.method,
    headers: { ...type, ...headers },
    ...body,
  });
};

const bearer = (person: Person): Record<string, string> => ({ authorization: `Bearer ${world.as(person).token}` });

describe('without a credential', () => {
  it.each(named(guarded))('%s is refused', async (_name, route) => {
    expect([401, 403]).toContain((await ask(route, inDev)).status);
  });

  it.each(named(guarded))('%s takes no bad token and no borrowed name', async (_name, route) => {
    expect(
      (await ask(route, inDev, { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.' })).status,
    ).toBe(401);
    const borrowed = {
      'impersonate-user': 'admin',
      'impersonate-group': 'system:masters',
      'x-remote-user': 'admin',
      'x-remote-group': 'system:masters',
      'x-forwarded-user': 'admin',
      'x-forwarded-for': '127.0.0.1',
    };
    expect([401, 403]).toContain((await ask(route, inDev, borrowed)).status);
  });

  it.each(mounts.map(({ prefix }) => prefix))('%s is refused, whatever the method', async (prefix) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of [prefix, `${prefix}/v1/namespaces`, `${prefix}/apps/v1/deployments?watch=true`]) {
        expect([401, 403]).toContain((await fetch(world.platform.url + path, { method })).status);
      }
    }
  });

  it.each(upgrades.map(({ prefix }) => prefix))('%s is not upgraded', async (prefix) => {
    const { hostname, port } = new URL(world.platform.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes)));
    const path = `${prefix}/v1/namespaces/shop/pods?watch=true`;
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    await expect.poll(() => text).toMatch(/^HTTP\/1\.1 (401|403) /);
    socket.destroy();
  });
});

// Routes in a place: who is not in it gets nothing, who is in another gets nothing here.
const placed = guarded.filter(({ path }) => path.includes('{workspace}') || path.includes('{namespace}'));
// Where the handler asks for the right itself, the schema is looked at first: a refused body is a refusal too.
const asksItself = ({ permission }: Route): boolean => permission.by !== 'rbac' || permission.attributes !== undefined;
const refusalsOf = (route: Route): number[] => (asksItself(route) ? [403, 404, 400, 422] : [403]);

interface Narrowed {
  readonly items?: readonly unknown[];
  readonly kinds?: Readonly<Record<string, { readonly total: number }>>;
}

/** A list that holds what its reader may see, and the counts of one: without anything in them they tell nothing. */
function isEmpty({ items, kinds }: Narrowed): boolean {
  if (items) return items.length === 0;
  return kinds !== undefined && Object.values(kinds).every(({ total }) => total === 0);
}

async function expectNothing(route: Route, values: Record<string, string>, person: Person): Promise<void> {
  const answer = await ask(route, values, bearer(person));
  if (answer.status === 200 && route.permission.by === 'signedIn')
    expect(isEmpty((await answer.json()) as Narrowed)).toBe(true); // cast: the fields are looked for
  else expect(refusalsOf(route)).toContain(answer.status);
}

describe('in a place', () => {
  it.each(named(placed))('%s is closed to strangers', async (_name, route) => {
    await expectNothing(route, inDev, 'nobody');
    await expectNothing(route, inDev, 'stranger');
    await expectNothing(route, inOps, 'owner');
  });

  it.each(named(placed))('%s gives no workspace role a namespace without workspace', async (_name, route) => {
    for (const person of ['owner', 'viewer', 'guest'] as const) await expectNothing(route, inKube, person);
  });

  it.each(named(placed.filter(({ method }) => method !== 'GET')))(
    '%s is closed to those who may only read',
    async (_name, route) => {
      for (const person of ['viewer', 'guest'] as const) {
        expect(refusalsOf(route)).toContain((await ask(route, inDev, bearer(person))).status);
      }
    },
  );

  it.each(named(placed.filter(({ method }) => method === 'GET')))(
    '%s can be read by its workspace',
    async (_name, route) => {
      expect([401, 403]).not.toContain((await ask(route, inDev, bearer('owner'))).status);
    },
  );
});

describe('the pass-through', () => {
  const rows: [why: string, person: Person, method: string, path: string, code: number][] = [
    ['a member reads what is in the project', 'viewer', 'GET', '/api/v1/namespaces/shop/configmaps', 200],
    ['so does one of the project only', 'guest', 'GET', '/api/v1/namespaces/shop/configmaps', 200],
    ['nobody else does', 'stranger', 'GET', '/api/v1/namespaces/shop/configmaps', 403],
    ['not in another workspace', 'owner', 'GET', '/api/v1/namespaces/tools/configmaps', 403],
    ['not in a namespace of nobody', 'owner', 'GET', '/api/v1/namespaces/kube-system/secrets', 403],
    ['not over all namespaces', 'owner', 'GET', '/api/v1/configmaps', 403],
    ['a reader writes nothing', 'viewer', 'DELETE', '/api/v1/namespaces/shop/configmaps/kube-root-ca.crt', 403],
    ['a reader opens no shell', 'viewer', 'GET', '/api/v1/namespaces/shop/pods/web/exec?command=sh', 403],
    ['an owner makes no namespace beside the platform', 'owner', 'POST', '/api/v1/namespaces', 403],
    ['hashes are nobody’s to read', 'owner', 'GET', '/apis/iam.kubesphere.io/v1alpha2/users', 403],
    ['not one’s own either', 'owner', 'GET', '/apis/iam.kubesphere.io/v1alpha2/users/owner', 403],
    ['nor is the key that signs tokens', 'owner', 'GET', '/api/v1/namespaces/kubesphere-system/secrets', 403],
    ['nobody binds themselves', 'owner', 'POST', '/apis/iam.kubesphere.io/v1alpha2/globalrolebindings', 403],
    ['discovery is for the signed in', 'nobody', 'GET', '/apis', 200],
    ['a path with two readings is none', 'owner', 'GET', '/api/v1/namespaces/shop%2f..%2ftools/configmaps', 400],
  ];
  it.each(rows)('%s (%s)', async (_why, ...[person, method, path, code]) => {
    const answer = await fetch(world.platform.url + path, {
      method,
      headers: { ...bearer(person), 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: '{}' } : {}),
    });
    expect(answer.status).toBe(code);
  });
});

describe('what is not to be seen', () => {
  it.each(named(routes.filter(({ method }) => method === 'GET')))(
    '%s shows no password and no hash',
    async (_name, route) => {
      for (const values of [inDev, { ...inDev, user: 'owner', member: 'owner', resources: 'users', name: 'owner' }]) {
        const answer = await ask(route, values, { authorization: `Bearer ${world.admin.token}` });
        expect(await answer.text()).not.toMatch(/\$argon2|Str0ngPass/);
      }
    },
  );

  it('keeps what one user sees from another, in both orders', async () => {
    const path = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces?sortBy=name&ascending=true';
    const names = async (person: Person): Promise<string[]> => {
      const { body } = await world.as(person).call<{ items: { metadata: { name: string } }[] }>('GET', path);
      return body.items.map(({ metadata }) => metadata.name);
    };
    for (const person of ['owner', 'stranger', 'owner', 'nobody', 'stranger'] as const) {
      expect(await names(person)).toEqual({ owner: ['dev'], stranger: ['ops'], nobody: [] }[person]);
    }
  });
});

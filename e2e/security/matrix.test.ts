import type { Route } from '@kit/http';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPath, inertTable } from '../../apps/server/test/inert-table.ts';
import { asksMore, askedByHandlers, endsSession, type Values } from './asked-by-handlers.ts';
import { asked, ought, type Rights } from './expected-rights.ts';
import { people, places, type Where } from './people.ts';
import { makeWorld, password, type World } from './world.ts';

const { routes } = inertTable();
const keyOf = ({ method, path }: Route): string => `${method} ${path}`;
const closed = routes.filter(({ permission }) => permission.by !== 'open');
const wheres = Object.keys(places) as Where[];

let platform: TestPlatform;
let world: World;
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  world = await makeWorld(platform);
}, 120_000);
afterAll(() => platform.stop());

const rightsOf = (name: string): Rights => world.rights.get(name) as Rights; // one for each of `people`
const sessionOf = (name: string): Session => world.sessions.get(name) as Session; // likewise

/** Names of things are such that nothing is there to be lost; names of people are of the one who asks, or of another. */
function valuesFor(where: Where, self: string): Values {
  const who = { own: self, foreign: 'victim', none: 'no-such-user' }[where];
  const member = { workspacemember: who, member: who, clustermember: who };
  return { ...places[where], user: who, ...member, resources: 'configmaps' };
}

/** What gets past the check of the body, where the handler asks for the right after it, and changes nothing. */
const bodies: Readonly<Record<string, (values: Values) => object>> = {
  'PUT {workspace}': ({ workspace }) => ({ metadata: { name: workspace, resourceVersion: '1' }, spec: {} }),
  'PUT {namespace}': ({ namespace }) => ({ metadata: { name: namespace, resourceVersion: '1' } }),
  'POST transfer': () => ({ workspace: 'ops', dryRun: true }),
  'PATCH {user}': () => ({ spec: { password: 'weak' } }),
};

function targetOf(route: Route, values: Values): string {
  const query = route.query?.properties['dryRun'] ? '?dryRun=All' : '';
  // A person who may delete themselves or another would be gone.
  const isEnd = route.method === 'DELETE' && /\{(user|\w*member)\}(\/secondfactor)?$/.test(route.path);
  const gone = {
    user: 'no-such-user',
    member: 'no-such-user',
    workspacemember: 'no-such-user',
    clustermember: 'no-such-user',
  };
  return fillPath(route.path, isEnd ? { ...values, ...gone } : values) + query;
}

async function statusOf(session: Session, route: Route, values: Values): Promise<number> {
  const last = route.path.split('/').at(-1) ?? '';
  const hasBody = route.method !== 'GET' && route.method !== 'DELETE';
  const body = hasBody ? (bodies[`${route.method} ${last}`]?.(values) ?? {}) : undefined;
  return (await session.call(route.method, targetOf(route, values), body)).status;
}

/** Whether the person ought to be let in, and whether a refusal may be called a missing thing. */
function expectation(route: Route, rights: Rights, values: Values): { allowed: boolean; mayHide: boolean } {
  if (route.permission.by === 'signedIn') {
    const isLetThrough = askedByHandlers.get(keyOf(route));
    return { allowed: isLetThrough?.(rights, values) ?? false, mayHide: true };
  }
  const attributes = route.permission.by === 'rbac' ? route.permission.attributes : undefined;
  const wanted = asked(route.method, targetOf(route, values));
  const { scope, subresource, ...said } = attributes ?? {};
  const level = scope === 'global' ? { level: 'platform' as const } : {};
  const sub = subresource === undefined ? {} : { sub: subresource };
  return { allowed: ought(rights, { ...wanted, ...said, ...sub, ...level, isKube: wanted.isKube }), mayHide: false };
}

/** One line for each person and place where the answer is not the expected one. */
async function surprises(route: Route): Promise<string[]> {
  const found: string[] = [];
  const askAs = async (name: string): Promise<void> => {
    for (const where of wheres) {
      const values = valuesFor(where, name);
      const { allowed, mayHide } = expectation(route, rightsOf(name), values);
      const status = await statusOf(sessionOf(name), route, values);
      const isRefused = status === 403 || (mayHide && status === 404);
      const isExpected = allowed ? status !== 401 && (status !== 403 || asksMore.has(keyOf(route))) : isRefused;
      if (!isExpected) found.push(`${name} at ${where}: ${status}, but ${allowed ? 'may' : 'may not'}`);
    }
  };
  await Promise.all(people.map(({ name }) => askAs(name)));
  return found;
}

describe('every route, every role, every place', () => {
  const rows = closed.filter((route) => !endsSession.has(keyOf(route)));
  it.each(rows.map((route) => [keyOf(route), route] as const))('%s', async (_key, route) => {
    expect(await surprises(route)).toEqual([]);
  });

  it('knows whom each handler lets through that decides for itself', () => {
    const deciding = closed.filter(({ permission }) => permission.by === 'signedIn').map(keyOf);
    expect(deciding.filter((key) => !askedByHandlers.has(key))).toEqual([]);
    expect(
      [...askedByHandlers.keys(), ...asksMore.keys()].filter((key) => !closed.some((route) => keyOf(route) === key)),
    ).toEqual([]);
  });
});

// A query is no part of what a route's right is decided by: none of these opens what is closed without it.
const tricks: readonly ((self: string) => string)[] = [
  () => 'watch=true&labelSelector=kubesphere.io/workspace%3Ddev',
  () => 'watch=true&labelSelector=kubesphere.io/workspace=dev&namespace=shop&workspace=dev',
  (self) => `fieldSelector=metadata.name%3D${self}`,
  (self) => `watch=true&fieldSelector=metadata.name=${self}`,
  () => 'a=?&watch=true&labelSelector=kubesphere.io/workspace=dev',
  (self) => `user=${self}&name=${self}&cluster=true&dryRun=All`,
];

/** What a trick has opened for somebody whom the route is closed to. */
async function opened(route: Route, name: string, where: Where): Promise<string[]> {
  const values = valuesFor(where, name);
  if (expectation(route, rightsOf(name), values).allowed) return [];
  const found: string[] = [];
  for (const trick of tricks) {
    const { status } = await sessionOf(name).call('GET', `${targetOf(route, values)}?${trick(name)}`);
    if (status !== 403) found.push(`${name} at ${where} by ${trick(name)}: ${status}`);
  }
  return found;
}

describe('no query opens', () => {
  const reads = closed.filter(({ method, permission }) => method === 'GET' && permission.by === 'rbac');
  const curious = ['nobody', 'dev-boss', 'shop-boss', 'cluster-reader'];
  it.each(reads.map((route) => [keyOf(route), route] as const))('%s', async (_key, route) => {
    const tries = curious.flatMap((name) => wheres.map((where) => opened(route, name, where)));
    expect((await Promise.all(tries)).flat()).toEqual([]);
  });
});

describe('what ends a session ends the caller’s', () => {
  it.each(closed.filter((route) => endsSession.has(keyOf(route))).map((route) => [keyOf(route), route] as const))(
    '%s',
    async (_key, route) => {
      const [one, other] = [await platform.signIn('nobody', password), sessionOf('shop-reader')];
      expect(await statusOf(one, route, {})).toBeLessThan(300);
      expect((await other.call('GET', '/oauth/userinfo')).status).toBe(200);
    },
  );
});

import { connect } from 'node:net';
import { discover, pathOf, type DiscoveredType } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inertTable } from '../../apps/server/test/inert-table.ts';
import { asked, ought, type Rights } from './expected-rights.ts';
import { places, type Where } from './people.ts';
import { makeWorld, mergePatch, type World } from './world.ts';

const wheres = Object.keys(places) as Where[];
// One for each way in which a right can be held; the matrix of routes has everybody.
const askers = [
  'cluster-reader',
  'the-clusters-manager',
  'dev-boss',
  'dev-guest',
  'shop-worker',
  'shop-reader',
  'nobody',
];

let platform: TestPlatform;
let world: World;
let kinds: readonly DiscoveredType[];
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  world = await makeWorld(platform);
  kinds = await discover(platform.kube);
}, 120_000);
afterAll(() => platform.stop());

interface Ask {
  readonly method: string;
  readonly target: string;
  readonly body?: string;
}

/** Every verb, at a place; nothing is written, since all are tried only. */
function everyVerb(collection: string, name: string): Ask[] {
  const one = `${collection}/${name}`;
  const [body, tried] = ['{}', 'dryRun=All'];
  return [
    { method: 'GET', target: collection },
    { method: 'GET', target: `${collection}?watch=true` },
    { method: 'GET', target: one },
    { method: 'POST', target: `${collection}?${tried}`, body },
    { method: 'PUT', target: `${one}?${tried}`, body },
    { method: 'PATCH', target: `${one}?${tried}`, body },
    { method: 'DELETE', target: `${one}?${tried}` },
    { method: 'DELETE', target: `${collection}?${tried}&labelSelector=matrix%3Dnone` },
  ];
}

function asksOf(type: DiscoveredType, where: Where): Ask[] {
  const { namespace } = places[where];
  const collection = pathOf(type, type.namespaced ? { namespace } : {});
  const name = type.group === '' && type.plural === 'namespaces' ? namespace : 'nothing';
  const parts = type.subresources.flatMap((part): Ask[] => [
    { method: 'GET', target: `${collection}/${name}/${part}` },
    { method: 'PUT', target: `${collection}/${name}/${part}?dryRun=All`, body: '{}' },
    { method: 'POST', target: `${collection}/${name}/${part}?dryRun=All`, body: '{}' },
  ]);
  return [...everyVerb(collection, name), ...parts];
}

/** The status alone: a watch that has begun is let go. */
async function statusOf(session: Session, { method, target, body }: Ask): Promise<number> {
  const type = method === 'PATCH' ? mergePatch : { 'content-type': 'application/json' };
  const answer = await fetch(platform.url + target, {
    method,
    headers: { authorization: `Bearer ${session.token}`, ...(body ? type : {}) },
    ...(body ? { body } : {}),
  });
  await answer.body?.cancel();
  return answer.status;
}

// Answered by the platform itself, about the caller, or for whoever may ask about others.
const isReview = ({ plural }: DiscoveredType): boolean => /^self.*reviews$/.test(plural);

/** A path with a route of its own is in the matrix of routes; and who deletes kube-system is told by the cluster that nobody can. */
function isElsewhere({ method, target }: Ask): boolean {
  const [path = ''] = target.split('?', 1);
  if (method === 'DELETE' && path === '/api/v1/namespaces/kube-system') return true;
  return own.some((route) => route.method === method && route.pattern.test(path));
}
const own = inertTable().routes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

async function surprises(type: DiscoveredType, name: string): Promise<string[]> {
  const [rights, session] = [world.rights.get(name) as Rights, world.sessions.get(name) as Session]; // one for each of `people`
  const found: string[] = [];
  for (const where of type.namespaced || type.plural === 'namespaces' ? wheres : (['own'] as const)) {
    for (const ask of asksOf(type, where).filter((one) => !isElsewhere(one))) {
      const allowed = ought(rights, asked(ask.method, ask.target));
      const status = await statusOf(session, ask);
      if (allowed ? status === 401 || status === 403 : status !== 403)
        found.push(`${name}: ${ask.method} ${ask.target}: ${status}, but ${allowed ? 'may' : 'may not'}`);
    }
  }
  return found;
}

describe('Kubernetes’ own API: every kind of discovery, every verb, own, foreign and unlabelled namespaces', () => {
  it('knows the kinds', () => {
    expect(kinds.length).toBeGreaterThan(60);
  });

  it.each(askers)('as %s', async (name) => {
    const found: string[] = [];
    const waiting = kinds.filter((type) => !isReview(type));
    const work = async (): Promise<void> => {
      for (let type = waiting.pop(); type; type = waiting.pop()) found.push(...(await surprises(type, name)));
    };
    await Promise.all(Array.from({ length: 6 }, work));
    expect(found).toEqual([]);
  });
});

/** The status line of the answer to a request for another protocol. */
function upgraded(target: string, token?: string): Promise<number> {
  const { hostname, port } = new URL(platform.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(0));
    socket.on('data', (bytes) => {
      text += String(bytes);
      if (!text.includes('\r\n')) return;
      socket.destroy();
      resolve(Number(text.split(' ', 2)[1]));
    });
    const lines = [
      `GET ${target} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol: v4.channel.k8s.io',
      ...(token ? [`Authorization: Bearer ${token}`] : []),
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

const ways = ['exec?command=sh&stdin=true', 'attach', 'portforward', 'proxy/'];
const watched = ['pods', 'secrets', 'configmaps'];
/** The same place by every prefix that upgrades are taken at. */
const prefixes = inertTable()
  .upgrades.map(({ prefix }) => prefix)
  .filter((prefix) => prefix.endsWith('/api'));

function sockets(where: Where): string[] {
  const { namespace } = places[where];
  return prefixes.flatMap((prefix) => [
    ...ways.map((way) => `${prefix}/v1/namespaces/${namespace}/pods/nothing/${way}`),
    ...watched.map((plural) => `${prefix}/v1/namespaces/${namespace}/${plural}?watch=true`),
    `${prefix}/v1/watch/namespaces/${namespace}/secrets`,
  ]);
}

/** What stands behind the cluster's name is what counts. */
const plain = (target: string): string => target.replace(/^\/clusters\/host/, '').replace('/v1/watch/', '/v1/');

describe('connections that change protocol', () => {
  it.each(askers)('as %s', async (name) => {
    const [rights, session] = [world.rights.get(name) as Rights, world.sessions.get(name) as Session]; // one for each of `people`
    const found: string[] = [];
    for (const target of wheres.flatMap(sockets)) {
      const wanted = asked('GET', plain(target));
      const verb = target.includes('/watch/') ? 'watch' : wanted.verb;
      const allowed = ought(rights, { ...wanted, verb });
      const status = await upgraded(target, session.token);
      if (allowed ? status === 401 || status === 403 : status !== 403)
        found.push(`${target}: ${status}, but ${allowed ? 'may' : 'may not'}`);
    }
    expect(found).toEqual([]);
  });

  it('are for nobody without a credential', async () => {
    const statuses = await Promise.all(wheres.flatMap(sockets).map((target) => upgraded(target)));
    expect(new Set(statuses)).toEqual(new Set([403]));
  });
});

describe('a selector of one workspace', () => {
  const selected = 'labelSelector=kubesphere.io/workspace%3Ddev';
  // The pass-through lets members watch what is labelled with their workspace: the cluster must see that label too.
  const rows: [why: string, query: string, code: number][] = [
    ['as the cluster reads it', `watch=true&${selected}`, 200],
    ['hidden behind a second question mark', `watch=true&a=?&${selected}`, 200],
    ['given twice', `watch=true&${selected}&labelSelector=a%3Db`, 403],
    ['of a list', selected, 403],
    ['of a list that calls itself a watch', `watch=False&${selected}`, 403],
    ['among others, of two workspaces', `watch=true&labelSelector=kubesphere.io/workspace%20in%20(dev,ops)`, 403],
    ['for what it is not', `watch=true&labelSelector=kubesphere.io/workspace!%3Ddev`, 403],
  ];
  it.each(rows)('%s', async (_why, ...[query, code]) => {
    const { token } = world.sessions.get('dev-boss') as Session; // one of `people`
    const stop = new AbortController();
    const answer = await fetch(`${platform.url}/api/v1/namespaces?timeoutSeconds=1&${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    expect(answer.status).toBe(code);
    if (code === 200) expect(await answer.text()).not.toMatch(/"name":"(tools|kube-system)"/);
    else stop.abort();
  });

  it('opens no secrets and no accounts', async () => {
    const session = world.sessions.get('dev-boss') as Session; // one of `people`
    for (const path of [
      '/api/v1/secrets',
      '/apis/iam.kubesphere.io/v1alpha2/users',
      '/apis/iam.freehold.io/v1alpha1/apitokens',
    ])
      expect(await statusOf(session, { method: 'GET', target: `${path}?watch=true&${selected}` })).toBe(403);
  });
});

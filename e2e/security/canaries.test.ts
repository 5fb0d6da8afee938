import { createLogger } from '@kit/base';
import { discover, kinds, pathOf } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPath, inertTable } from '../../apps/server/test/inert-table.ts';
import { places } from './people.ts';
import { makeWorld, must, password, type World } from './world.ts';

const { routes } = inertTable();
const own = '/kapis/iam.freehold.io/v1alpha1';
const canary = (name: string): string => `canary-${name}-5f0c1e7a9b`;

let platform: TestPlatform;
let world: World;
const lines: string[] = [];
/** What nobody may find anywhere, and what it is. */
const secrets = new Map<string, string>([[password, 'the password of a user']]);

interface Made {
  readonly token: string;
  readonly secret?: string;
}

beforeAll(async () => {
  const log = createLogger({ level: 'debug', write: (line) => void lines.push(line) });
  platform = await startTestPlatform({ nodes: 0, log });
  world = await makeWorld(platform);
  const { admin } = world;
  await must(admin.call('PUT', `${own}/oauthclients/canary`, clientWith(canary('client'))));
  await must(admin.call('PUT', `${own}/identityproviders/canary`, providerWith(canary('provider'))));
  secrets.set(canary('client'), 'the secret of an OAuth client');
  secrets.set(canary('provider'), 'the secret of an identity provider');
  secrets.set(platform.password, 'the first password of the administrator');
  const someone = world.sessions.get('regular') as Session; // one of `people`
  const { body: made } = await someone.call<Made>('POST', `${own}/account/apitokens`, {
    description: 'c',
    days: 1,
    readOnly: true,
  });
  const { body: totp } = await someone.call<Made>('POST', `${own}/account/secondfactor`, { password });
  secrets.set(made.token, 'an API token');
  secrets.set(totp.secret ?? 'absent', 'the secret of a second factor');
  for (const [name, session] of world.sessions) secrets.set(session.token, `the access token of ${name}`);
  for (const { name, key } of await platformSecrets()) secrets.set(key, `Secret ${name}`);
  expect([...secrets.keys()].filter((text) => text === undefined || text.length < 8)).toEqual([]);
}, 120_000);
afterAll(() => platform.stop());

const clientWith = (secret: string): object => ({
  name: 'canary',
  grantMethod: 'auto',
  secret,
  redirectURIs: ['https://canary.example.com/callback'],
});
const providerWith = (clientSecret: string): object => ({
  name: 'canary',
  mappingMethod: 'auto',
  type: 'GitHubIdentityProvider',
  provider: { clientID: 'canary', clientSecret, redirectURL: 'https://canary.example.com/callback' },
});

/** Every value of every Secret of the platform's namespace, as it is stored. */
async function platformSecrets(): Promise<{ name: string; key: string }[]> {
  const { items } = await platform.kube.list(kinds.secrets, { namespace: 'kubesphere-system' });
  return items.flatMap((item) => {
    const { metadata, data = {} } = item as typeof item & { data?: Record<string, string> }; // a Secret
    return Object.values(data)
      .filter((value) => value.length > 20)
      .map((key) => ({ name: metadata.name, key }));
  });
}

/** What of the secrets is in a text, but for what may be: one's own token in one's own kubeconfig. */
function found(text: string, but = ''): string[] {
  const shown = [...secrets].filter(([secret]) => secret !== but && text.includes(secret)).map(([, what]) => what);
  return /\$argon2id\$|\$2[aby]\$/.test(text) ? [...shown, 'a hash of a password'] : shown;
}

const everybody = [
  'boss',
  'cluster-reader',
  'the-clusters-manager',
  'the-users-manager',
  'dev-boss',
  'shop-reader',
  'nobody',
];
const sessionOf = (name: string): Session => world.sessions.get(name) as Session; // one of `people`

describe('secrets are in no answer', () => {
  const values = {
    ...places.own,
    user: 'regular',
    member: 'dev-boss',
    workspacemember: 'dev-boss',
    clustermember: 'cluster-boss',
    resources: 'users',
    name: 'regular',
  };

  it.each(routes.filter(({ method }) => method === 'GET').map(({ path }) => path))('GET %s', async (path) => {
    const targets = path.includes('{resources}')
      ? ['users', 'configmaps', 'loginrecords'].map((resources) => fillPath(path, { ...values, resources }))
      : [fillPath(path, values)];
    for (const target of targets) {
      for (const name of everybody) {
        const session = sessionOf(name);
        const { text, headers } = await session.call('GET', target);
        expect([name, found(text + JSON.stringify([...headers]), session.token)]).toEqual([name, []]);
      }
    }
  });

  it.each(
    routes
      .filter(({ method }) => method !== 'GET' && method !== 'DELETE')
      .map(({ method, path }) => [method, path] as const),
  )('nor in a refusal: %s %s', async (method, path) => {
    // A body that holds what people send by mistake, in places where it does not belong.
    const body = {
      password,
      token: [...secrets.keys()],
      metadata: { name: 7 },
      spec: { password, email: 7 },
      username: { password },
    };
    for (const sent of [JSON.stringify(body), `{"password":"${password}"`, `password: [${password}`]) {
      for (const type of ['application/json', 'application/yaml', 'application/x-www-form-urlencoded']) {
        const { text, status } = await sessionOf('nobody').call(method, fillPath(path, values), sent, {
          'content-type': type,
        });
        expect([status < 500, found(text)]).toEqual([true, []]);
      }
    }
  });

  it('nor behind /api and /apis, for any role with a limit', async () => {
    const types = await discover(platform.kube);
    for (const type of types.filter(({ verbs }) => verbs.includes('list'))) {
      for (const name of everybody.filter((one) => one !== 'boss')) {
        for (const accept of [
          'application/json',
          'application/json;as=Table;v=v1;g=meta.k8s.io;includeObject=Object',
        ]) {
          const { text } = await sessionOf(name).call('GET', pathOf(type, {}), undefined, { accept });
          expect([type.plural, name, found(text)]).toEqual([type.plural, name, []]);
        }
      }
    }
  }, 120_000);
});

describe('secrets are in no log', () => {
  it('whatever goes wrong', async () => {
    const basic = (text: string): string => `Basic ${Buffer.from(`admin:${text}`).toString('base64')}`;
    const tries: [string, RequestInit][] = [
      ['/session', { method: 'POST', body: JSON.stringify({ username: 'boss', password: `${password}x` }) }],
      ['/session', { method: 'POST', body: JSON.stringify({ username: 'boss', password }).slice(0, -2) }],
      [`/api/v1/namespaces?token=${[...secrets.keys()].map(encodeURIComponent).join('&')}`.slice(0, 8000), {}],
      ['/api/v1/namespaces', { headers: { authorization: basic(password) } }],
      ['/api/v1/namespaces', { headers: { authorization: `Bearer ${sessionOf('regular').token}x` } }],
      ['/api/v1/namespaces', { headers: { cookie: `freehold-session=${password}` } }],
      [
        '/oauth/token',
        {
          method: 'POST',
          body: new URLSearchParams({ grant_type: 'password', username: 'boss', password: `${password}!` }),
        },
      ],
      [
        '/oauth/token',
        {
          method: 'POST',
          body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: sessionOf('regular').token }),
        },
      ],
    ];
    for (const [path, init] of tries) {
      const headers = new Headers(init.headers);
      if (typeof init.body === 'string') headers.set('content-type', 'application/json');
      await (await fetch(platform.url + path, { ...init, headers })).text();
    }
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.flatMap((line) => found(line).map((what) => `${what}: ${line.slice(0, 200)}`))).toEqual([]);
  });
});

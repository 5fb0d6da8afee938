import { createHash, randomBytes } from 'node:crypto';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kubectlWith } from '../kubectl.ts';
import { startTlsProxy, type TlsProxy } from '../tls-proxy.ts';
import { audience, startTrustingApiServer, type TrustingApiServer } from './trusting-api-server.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const freehold = '/kapis/iam.freehold.io/v1alpha1';
const tenant = '/kapis/tenant.kubesphere.io';
const password = 'Str0ngPass';
const patience = { timeout: 60_000, interval: 200 };
const home = 'http://127.0.0.1/callback';

interface Tokens {
  readonly id_token: string;
  readonly refresh_token: string;
}

describe('a real kube-apiserver that trusts the platform', () => {
  let server: TrustingApiServer;
  let platform: TestPlatform;
  let front: TlsProxy;
  let admin: Awaited<ReturnType<TestPlatform['signIn']>>;
  let made = 0;

  beforeAll(async () => {
    server = await startTrustingApiServer();
    platform = await startTestPlatform({ kubeconfig: server.kubeconfig });
    front = await startTlsProxy(server.certificate, { to: platform.url, port: server.platformPort });
    admin = await platform.signIn();
    const settings = await admin.call('GET', `${freehold}/signinsettings`);
    const external = { ...settings.body, externalUrl: front.url };
    expect((await admin.call('PUT', `${freehold}/signinsettings`, external)).status).toBe(200);
    const client = { name: audience, redirectURIs: [home], grantMethod: 'auto' };
    expect((await admin.call('PUT', `${freehold}/oauthclients/${audience}`, client)).status).toBe(200);
    await makeProject();
  });
  afterAll(async () => {
    front.close();
    await platform.stop();
    server.stop();
  });

  /** A project `shop` of workspace `acme`, where kim operates; lea and max are nobody's members. */
  async function makeProject(): Promise<void> {
    for (const name of ['kim', 'lea', 'max']) {
      const user = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
      expect((await admin.call('POST', `${iam}/users`, user)).status).toBe(200);
    }
    const template = { metadata: { name: 'acme' }, spec: {} };
    expect((await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, template)).status).toBe(200);
    await vi.waitFor(async () => {
      const answer = await admin.call('POST', `${tenant}/v1alpha2/workspaces/acme/namespaces`, {
        metadata: { name: 'shop' },
      });
      expect(answer.status).toBe(200);
    }, patience);
    await vi.waitFor(async () => {
      const joining = [{ username: 'kim', roleRef: 'operator' }];
      expect((await admin.call('POST', `${iam}/namespaces/shop/members`, joining)).status).toBe(200);
    }, patience);
  }

  /** What an application gets that sends its user to the platform: the code flow with PKCE. */
  async function tokensOf(username: string, secret = password): Promise<Tokens> {
    const json = { 'content-type': 'application/json', origin: platform.url };
    const body = JSON.stringify({ username, password: secret });
    const session = await fetch(`${platform.url}/session`, { method: 'POST', headers: json, body });
    const cookie = session.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const verifier = randomBytes(32).toString('base64url');
    const wanted = {
      response_type: 'code',
      client_id: audience,
      redirect_uri: home,
      scope: 'openid groups',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const asked = await fetch(`${platform.url}/oauth/authorize`, {
      method: 'POST',
      headers: { ...json, cookie },
      body: JSON.stringify(wanted),
    });
    const { redirectTo } = (await asked.json()) as { redirectTo: string };
    const code = new URL(redirectTo).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      client_id: audience,
      redirect_uri: home,
      code,
      code_verifier: verifier,
    };
    const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    return (await answer.json()) as Tokens;
  }

  const kubectlAs = (user: object) => kubectlWith(server.kubeconfigFor(`user-${(made += 1)}`, user));
  type Kubectl = ReturnType<typeof kubectlAs>;
  const whoami = async (kubectl: Kubectl): Promise<object> => {
    const { code, stdout, stderr } = await kubectl(['auth', 'whoami', '-o', 'json']);
    const { status } = (code === 0 ? JSON.parse(stdout) : {}) as {
      status?: { userInfo: { username: string; groups: string[] } };
    };
    return status ? { name: status.userInfo.username, groups: status.userInfo.groups } : { stderr };
  };
  const may = async (kubectl: Kubectl, ...words: string[]): Promise<boolean> =>
    (await kubectl(['auth', 'can-i', '-q', ...words])).code === 0;
  const refused = { stderr: expect.stringMatching(/Unauthorized|must be logged in/) as string };

  describe('by OpenID Connect', () => {
    it('knows the bearer of an id_token by name and groups', async () => {
      const group = { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'Group', metadata: { name: 'night-shift' } };
      expect((await admin.call('POST', '/apis/iam.kubesphere.io/v1alpha2/groups', group)).status).toBe(201);
      const binding = {
        apiVersion: 'iam.kubesphere.io/v1alpha2',
        kind: 'GroupBinding',
        metadata: {
          name: 'kim-at-night',
          labels: { 'iam.kubesphere.io/user-ref': 'kim', 'iam.kubesphere.io/group-ref': 'night-shift' },
        },
        groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'Group', name: 'night-shift' },
        users: ['kim'],
      };
      expect((await admin.call('POST', '/apis/iam.kubesphere.io/v1alpha2/groupbindings', binding)).status).toBe(201);
      await expect
        .poll(async () => whoami(kubectlAs({ token: (await tokensOf('kim')).id_token })), patience)
        .toEqual({ name: 'kim', groups: ['night-shift', 'system:authenticated'] });
    });

    it('lets a member do what the platform lets them do, and nothing else', async () => {
      const kim = kubectlAs({ token: (await tokensOf('kim')).id_token });
      await expect.poll(() => may(kim, 'create', 'deployments', '-n', 'shop'), patience).toBe(true);
      expect((await kim(['create', 'configmap', 'by-kim', '-n', 'shop'])).code).toBe(0);
      const lea = kubectlAs({ token: (await tokensOf('lea')).id_token });
      const rows: [who: Kubectl, words: string[]][] = [
        [kim, ['create', 'rolebindings', '-n', 'shop']],
        [kim, ['get', 'secrets', '-n', 'kubesphere-system']],
        [kim, ['get', 'nodes']],
        [lea, ['get', 'configmaps', '-n', 'shop']],
      ];
      for (const [who, words] of rows) expect([words, await may(who, ...words)]).toEqual([words, false]);
    });

    it('lets an administrator of the platform do everything', async () => {
      const boss = kubectlAs({ token: (await tokensOf('admin', platform.password)).id_token });
      await expect.poll(() => may(boss, '*', '*', '-A'), patience).toBe(true);
    });

    it('is renewed by kubectl itself, which finds the platform and shows its refresh token', async () => {
      const { refresh_token } = await tokensOf('kim');
      const config = {
        'idp-issuer-url': `${front.url}/oauth`,
        'idp-certificate-authority': server.certificate.file,
        'client-id': audience,
        'refresh-token': refresh_token,
      };
      const kim = kubectlAs({ 'auth-provider': { name: 'oidc', config } });
      expect(await whoami(kim)).toMatchObject({ name: 'kim' });
    });

    it('believes no id_token that was changed, or is for somebody else', async () => {
      const { id_token: token } = await tokensOf('kim');
      const [header, payload = '', signature] = token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url');
      expect(await whoami(kubectlAs({ token: [header, forged, signature].join('.') }))).toEqual(refused);
      expect(await whoami(kubectlAs({ token: `${token.slice(0, -4)}AAAA` }))).toEqual(refused);
    });
  });

  describe('by asking the platform (webhook)', () => {
    it('knows the bearer of an access token, until they sign out', async () => {
      const session = await platform.signIn('lea', password);
      const lea = kubectlAs({ token: session.token });
      expect(await whoami(lea)).toMatchObject({ name: 'lea' });
      expect((await session.call('GET', '/oauth/logout')).status).toBe(200);
      await expect.poll(() => whoami(lea), patience).toEqual(refused);
    });

    it('knows the bearer of an API token, until it is taken back; one with limits it does not know', async () => {
      const session = await platform.signIn('kim', password);
      interface Made {
        readonly token: string;
        readonly info: { readonly name: string };
      }
      const make = async (more: object): Promise<Made> => {
        const wanted = { description: 'for kubectl', days: 1, ...more };
        return (await session.call<Made>('POST', `${freehold}/account/apitokens`, wanted)).body;
      };
      const [whole, limited] = [await make({}), await make({ readOnly: true })];
      const kim = kubectlAs({ token: whole.token });
      expect(await whoami(kim)).toMatchObject({ name: 'kim' });
      expect(await may(kim, 'create', 'deployments', '-n', 'shop')).toBe(true);
      expect(await whoami(kubectlAs({ token: limited.token }))).toEqual(refused);
      expect((await session.call('DELETE', `${freehold}/account/apitokens/${whole.info.name}`)).status).toBe(200);
      await expect.poll(() => whoami(kim), patience).toEqual(refused);
    });

    it('knows nobody who was disabled', async () => {
      const max = kubectlAs({ token: (await platform.signIn('max', password)).token });
      expect(await whoami(max)).toMatchObject({ name: 'max' });
      await expect
        .poll(async () => {
          const { body } = await admin.call<{ status: object }>('GET', `${iam}/users/max`);
          const disabled = { ...body, status: { ...body.status, state: 'Disabled' } };
          return (await admin.call('PUT', `${iam}/users/max`, disabled)).status;
        }, patience)
        .toBe(200);
      await expect.poll(() => whoami(max), patience).toEqual(refused);
    });

    it('knows nobody by a word that is no token', async () => {
      for (const token of ['guessed', 'fht_0123456789abcdef_x', 'a.b.c']) {
        expect(await whoami(kubectlAs({ token }))).toEqual(refused);
      }
    });
  });
});

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCasServer, startCasServer } from './counterparts/cas-server.ts';
import type { CasServer } from './counterparts/cas-server.ts';
import { gitClient, startGitServer } from './counterparts/git-servers.ts';
import type { GitServer } from './counterparts/git-servers.ts';
import { client, startOpenIdProvider } from './counterparts/openid-provider.ts';
import { away, byProvider, problemOf, saveProvider, signInApi } from './counterparts/provider-sign-in.ts';
import type { Visitor } from './counterparts/visitor.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
let platform: TestPlatform;
let admin: Awaited<ReturnType<TestPlatform['signIn']>>;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
}, 120_000);
afterAll(() => platform.stop());

const fillIn = (): Record<string, string> => ({});
const who = async (visitor: Visitor) => (await visitor.json('GET', `${platform.url}/session`)).body;
const originUid = async (name: string): Promise<string | undefined> =>
  (await admin.call<{ metadata: { labels: Record<string, string> } }>('GET', `${iam}/users/${name}`)).body.metadata
    .labels['iam.kubesphere.io/origin-uid'];

describe('GitHub (a server that answers as its documentation says)', () => {
  const user = { id: 583231, login: 'Octo-Cat', name: 'The Octocat', email: null };
  const emails = [
    { email: 'hidden@example.com', primary: false, verified: true },
    { email: 'octo@example.com', primary: true, verified: true },
  ];
  let server: GitServer;

  beforeAll(async () => {
    server = await startGitServer('github', { user, emails });
    const endpoint = {
      authURL: `${server.url}/login/oauth/authorize`,
      tokenURL: `${server.url}/login/oauth/access_token`,
      userInfoURL: `${server.url}/user`,
    };
    const provider = { clientID: gitClient.id, clientSecret: gitClient.secret, endpoint };
    const config = { type: 'GitHubIdentityProvider', disableLoginConfirmation: true, provider };
    await saveProvider(admin, 'github', config);
    await saveProvider(admin, 'github-wrong', { ...config, provider: { ...provider, clientSecret: 'not-the-secret' } });
  });
  afterAll(() => server.stop());

  it('signs in by the number that never changes, with the address that GitHub has verified', async () => {
    const { visitor } = await byProvider(platform, { provider: 'github', fillIn });
    expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'octo-cat', email: 'octo@example.com' });
    expect(await originUid('octo-cat')).toBe('583231');
  });

  it('is shown the secret in the form, and a verifier', () => {
    expect(server.tokenRequests[0]).toMatchObject({ client_id: gitClient.id, client_secret: gitClient.secret });
    expect(server.tokenRequests[0]?.['code_verifier']?.length).toBeGreaterThanOrEqual(43);
  });

  it('signs nobody in by another code', async () => {
    const { visitor, url } = await away(platform, { provider: 'github', fillIn });
    const back = await visitor.send(url.replace(/code=\w+/, 'code=0123456789'));
    expect(decodeURIComponent(back.headers.get('location') ?? '')).toMatch(/signInProblem/);
    expect(await who(visitor)).toEqual({ signedIn: false });
  });

  it('signs nobody in for a client it does not know', async () => {
    const back = await byProvider(platform, { provider: 'github-wrong', fillIn });
    expect([problemOf(back) !== '', await who(back.visitor)]).toEqual([true, { signedIn: false }]);
  });
});

describe('GitLab (a server that answers as its documentation says)', () => {
  const user = { id: 42, username: 'tanuki', name: 'Tanuki', email: 'tanuki@example.com' };

  it('signs in', async () => {
    const server = await startGitServer('gitlab', { user });
    const endpoint = {
      authURL: `${server.url}/oauth/authorize`,
      tokenURL: `${server.url}/oauth/token`,
      userInfoURL: `${server.url}/api/v4/user`,
    };
    const provider = { clientID: gitClient.id, clientSecret: gitClient.secret, endpoint };
    const config = { type: 'GitlabIdentityProvider', disableLoginConfirmation: true, provider };
    await saveProvider(admin, 'gitlab', config);
    try {
      const { visitor } = await byProvider(platform, { provider: 'gitlab', fillIn });
      expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'tanuki', email: 'tanuki@example.com' });
      expect(await originUid('tanuki')).toBe('42');
    } finally {
      await server.stop();
    }
    const answer = await byProvider(platform, { provider: 'gitlab', fillIn }).catch((error: unknown) => error);
    expect(answer).toBeInstanceOf(Error); // the browser itself finds nobody there
    expect((await platform.signIn()).token).not.toBe('');
  });

  it('is not made of half an address, or of the token of one server for another', async () => {
    const provider = { clientID: 'x', clientSecret: 'y' };
    const rows: [endpoint: object, words: RegExp][] = [
      [{ authURL: 'https://git.example.com/authorize', tokenURL: 'https://git.example.com/token' }, /userInfoURL/],
      [{ authURL: 'git.example.com' }, /authURL/],
    ];
    for (const [endpoint, words] of rows) {
      const body = { name: 'half', type: 'GitlabIdentityProvider', provider: { ...provider, endpoint } };
      const answer = await admin.call('PUT', `${signInApi}/identityproviders/half`, body);
      expect([answer.status, answer.text]).toEqual([422, expect.stringMatching(words)]);
    }
  });
});

it('signs in by any OAuth 2.0 provider that tells who a token is of (a real oidc-provider, without its OpenID)', async () => {
  const idp = await startOpenIdProvider({
    people: { 'user-7': { preferred_username: 'nina', email: 'nina@example.com', name: 'Nina', groups: ['devs'] } },
    redirectUris: [`${platform.url}/oauth/callback/plain`],
  });
  const endpoint = { authURL: `${idp.issuer}/auth`, tokenURL: `${idp.issuer}/token`, userInfoURL: `${idp.issuer}/me` };
  const provider = {
    clientID: client.id,
    clientSecret: client.secret,
    scopes: ['openid', 'profile', 'email'],
    endpoint,
    uidKey: 'sub',
    usernameKey: 'preferred_username',
  };
  await saveProvider(admin, 'plain', { type: 'OAuth2IdentityProvider', disableLoginConfirmation: true, provider });
  // An id_token that came along proves nothing here, and spoils nothing.
  idp.change.token = async (body) => ({
    ...body,
    id_token: await idp.sign({ iss: 'https://another.example', sub: 'x' }),
  });
  const form = (html: string): Record<string, string> =>
    html.includes('name="login"') ? { login: 'user-7', password: 'x' } : {};
  const { visitor } = await byProvider(platform, { provider: 'plain', fillIn: form });
  expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'nina', email: 'nina@example.com' });
  expect(await originUid('nina')).toBe('user-7');
  await idp.stop();
}, 30_000);

describe.skipIf(!hasCasServer)(
  'CAS (real django-cas-server; skipped where python3-django-cas-server is not installed)',
  () => {
    const user = {
      name: 'cass',
      password: 'cas-secret',
      attributes: { mail: 'cass@example.com', displayName: 'Cass & <Co>' },
    };
    const typed = (html: string): Record<string, string> =>
      html.includes('name="username"') ? { username: user.name, password: user.password } : {};
    let server: CasServer;
    let old: Server;

    beforeAll(async () => {
      server = await startCasServer(user);
      // Speaks protocol 2.0 only: what is below /p3 is not there.
      old = createServer((request, response) => {
        const path = request.url ?? '/';
        if (path.includes('/p3/')) return void response.writeHead(404).end();
        void fetch(new URL(path, server.url), { redirect: 'manual' }).then(async (answer) => {
          const text = await answer.text();
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
          response.end(text);
        });
      });
      await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
      const { port } = old.address() as AddressInfo; // a TCP server's address is never a pipe's name
      const config = { type: 'CASIdentityProvider', disableLoginConfirmation: true };
      await saveProvider(admin, 'cas', { ...config, provider: { casServerURL: server.url } });
      await saveProvider(admin, 'cas2', { ...config, provider: { casServerURL: `http://127.0.0.1:${port}/cas/` } });
    }, 60_000);
    afterAll(() => {
      server.stop();
      old.close();
      old.closeAllConnections();
    });

    it('signs in, and takes a ticket once', async () => {
      const { visitor, url } = await byProvider(platform, { provider: 'cas', fillIn: typed });
      expect(await who(visitor)).toMatchObject({
        signedIn: true,
        username: 'cass',
        email: 'cass@example.com',
        displayName: 'Cass & <Co>',
      });
      const again = await away(platform, { provider: 'cas', fillIn: typed, visitor });
      const ticket = new URL(url).searchParams.get('ticket') ?? '';
      const back = await visitor.send(again.url.replace(/ticket=[^&]+/, `ticket=${ticket}`));
      expect(back.headers.get('location')).toMatch(/signInProblem=.*confirm/);
    });

    it('is asked in the older way where it knows no newer one', async () => {
      const { visitor, url } = await away(platform, { provider: 'cas', fillIn: typed });
      const ticket = new URL(url).searchParams.get('ticket') ?? '';
      const query = new URLSearchParams({ service: url.replace(/&ticket=.*/, ''), ticket });
      const answer = await fetch(`${server.url}/serviceValidate?${query.toString()}`);
      expect(await answer.text()).toContain('<cas:user>cass</cas:user>');
      // The whole way: the login page of the real server, the older server for the ticket.
      const begun = await visitor.send(`${platform.url}/oauth/login/cas2`);
      const there = new URL(begun.headers.get('location') ?? '');
      const isEnd = (at: string): boolean => at.startsWith(`${platform.url}/oauth/callback/`);
      const end = await visitor.follow(`${server.url}/login${there.search}`, { isEnd, fillIn: typed });
      const back = await visitor.send(end);
      expect(back.headers.get('location')).not.toContain('signInProblem');
      expect((await who(visitor))['registration']).toMatchObject({ provider: 'cas2', username: 'cass' });
    });

    it('gives no ticket for a wrong password', async () => {
      const wrong = (): Record<string, string> => ({ username: user.name, password: 'no' });
      await expect(byProvider(platform, { provider: 'cas', fillIn: wrong })).rejects.toThrow();
    });
  },
);

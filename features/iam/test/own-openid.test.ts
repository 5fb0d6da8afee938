import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInApi } from './counterparts/provider-sign-in.ts';
import { Visitor } from './counterparts/visitor.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Str0ngPass';
const secret = 'a secret/of+grafana: 2026';
const home = 'http://127.0.0.1/callback';
let platform: TestPlatform;
let admin: Awaited<ReturnType<TestPlatform['signIn']>>;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  const user = { metadata: { name: 'jane' }, spec: { email: 'jane@example.com', displayName: 'Jane D.', password } };
  expect((await admin.call('POST', `${iam}/users`, user)).status).toBe(200);
  const clients: [name: string, more: object][] = [
    ['grafana', { secret, redirectURIs: [home], postLogoutRedirectURIs: ['http://127.0.0.1/bye'] }],
    ['kubectl', { redirectURIs: [home], grantMethod: 'auto', idTokenSignedResponseAlg: 'ES256' }],
    ['lasting', { redirectURIs: [home], grantMethod: 'auto', accessTokenMaxAge: 2_592_000 }],
    ['narrow', { redirectURIs: [home], grantMethod: 'auto', scopeRestrictions: ['openid'] }],
    ['closed', { secret, redirectURIs: [home], grantMethod: 'deny' }],
  ];
  for (const [name, more] of clients)
    expect((await admin.call('PUT', `${signInApi}/oauthclients/${name}`, { name, ...more })).status).toBe(200);
}, 120_000);
afterAll(() => platform.stop());

/** A standard client as an application has it, which verifies what it can. */
async function discover(name: string, auth?: openid.ClientAuth, alg = 'RS256'): Promise<openid.Configuration> {
  const metadata = { id_token_signed_response_alg: alg };
  const options = { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] };
  return openid.discovery(new URL(`${platform.url}/oauth`), name, metadata, auth ?? openid.None(), options);
}

async function signedIn(username: string, secretOfUser: string): Promise<Visitor> {
  const visitor = new Visitor();
  const answer = await visitor.json('POST', `${platform.url}/session`, { username, password: secretOfUser });
  expect(answer.status).toBe(200);
  return visitor;
}

interface Going {
  readonly scope?: string;
  readonly redirect?: string;
  readonly visitor: Visitor;
  readonly decision?: 'approve' | 'deny';
}

interface Asked {
  readonly client: object;
  readonly needsApproval: boolean;
  readonly scopes: string[];
  readonly redirectTo?: string;
}

/** From the application to our page, the user's decision there, and back to the application. */
async function authorize(
  config: openid.Configuration,
  { scope = 'openid', redirect = home, visitor, decision }: Going,
) {
  const checks = {
    pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    expectedState: openid.randomState(),
    expectedNonce: openid.randomNonce(),
  };
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const page = await visitor.send(url.href);
  const shown = new URL(page.headers.get('location') ?? '', platform.url);
  expect([page.status, shown.pathname]).toEqual([302, '/authorize']);
  const body = { ...Object.fromEntries(shown.searchParams), ...(decision ? { decision } : {}) };
  const asked = (await visitor.json<Asked>('POST', `${platform.url}/oauth/authorize`, body)).body;
  return { asked, checks, back: new URL(asked.redirectTo ?? 'about:blank') };
}

const statusWith = async (token: string, path: string): Promise<number> =>
  (await fetch(platform.url + path, { headers: { authorization: `Bearer ${token}` } })).status;

describe('a standard client with a secret (openid-client)', () => {
  it('finds us, asks the user, and gets what it was given, signed by our keys', async () => {
    const config = await discover('grafana', openid.ClientSecretBasic(secret));
    const visitor = await signedIn('jane', password);
    const scope = 'openid profile email groups offline_access';
    const { asked } = await authorize(config, { visitor, scope });
    expect(asked).toMatchObject({ client: { name: 'grafana' }, needsApproval: true, scopes: scope.split(' ') });
    expect(asked.redirectTo).toBeUndefined();
    const { back, checks } = await authorize(config, { visitor, scope, decision: 'approve' });
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    const who = { sub: 'jane', preferred_username: 'jane', name: 'Jane D.', email: 'jane@example.com' };
    expect(tokens.claims()).toMatchObject({ ...who, iss: `${platform.url}/oauth`, aud: 'grafana', groups: [] });
    expect(await openid.fetchUserInfo(config, tokens.access_token, 'jane')).toMatchObject(who);
    const posted = await openid.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(`${platform.url}/oauth/userinfo`),
      'POST',
    );
    expect(await posted.json()).toMatchObject(who);
    expect(await statusWith(tokens.access_token, '/api/v1/namespaces')).toBe(403); // it was not given the API

    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(renewed.claims()).toMatchObject(who);
    expect(await openid.fetchUserInfo(config, renewed.access_token, 'jane')).toMatchObject(who);

    const bye = openid.buildEndSessionUrl(config, {
      id_token_hint: renewed.id_token ?? '',
      post_logout_redirect_uri: 'http://127.0.0.1/bye',
      state: 'over',
    });
    const left = await visitor.send(bye.href);
    expect(left.headers.get('location')).toBe('http://127.0.0.1/bye?state=over');
    await expect(openid.refreshTokenGrant(config, renewed.refresh_token ?? '')).rejects.toThrow();
    expect((await visitor.json('GET', `${platform.url}/session`)).body).toEqual({ signedIn: false });
  });

  it('shows its secret either way, and gets nothing by a wrong one', async () => {
    const visitor = await signedIn('jane', password);
    for (const auth of [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]) {
      const config = await discover('grafana', auth);
      const { back, checks } = await authorize(config, { visitor, decision: 'approve' });
      expect((await openid.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe('jane');
    }
    for (const auth of [openid.ClientSecretBasic('wrong'), openid.ClientSecretPost('wrong'), openid.None()]) {
      const config = await discover('grafana', auth);
      const { back, checks } = await authorize(config, { visitor, decision: 'approve' });
      await expect(openid.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
    }
  });

  it('gets nothing when the user does not agree, when it is closed, or with the verifier of another', async () => {
    const config = await discover('grafana', openid.ClientSecretBasic(secret));
    const visitor = await signedIn('jane', password);
    const denied = await authorize(config, { visitor, decision: 'deny' });
    expect(denied.back.searchParams.get('error')).toBe('access_denied');
    await expect(openid.authorizationCodeGrant(config, denied.back, denied.checks)).rejects.toThrow(/denied|error/i);
    const { back, checks } = await authorize(config, { visitor, decision: 'approve' });
    const other = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await expect(openid.authorizationCodeGrant(config, back, other)).rejects.toMatchObject({ error: 'invalid_grant' });
    const closed = await discover('closed', openid.ClientSecretBasic(secret));
    const url = openid.buildAuthorizationUrl(closed, { redirect_uri: home, scope: 'openid', response_type: 'code' });
    const refused = await visitor.send(url.href);
    expect(refused.headers.get('location')).toContain('error=access_denied');
  });

  it('loses what it was given when it is not known any more', async () => {
    const name = 'passing';
    const registered = { name, secret, redirectURIs: [home], grantMethod: 'auto' };
    expect((await admin.call('PUT', `${signInApi}/oauthclients/${name}`, registered)).status).toBe(200);
    const config = await discover(name, openid.ClientSecretBasic(secret));
    const { back, checks } = await authorize(config, { visitor: await signedIn('jane', password) });
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    expect(await statusWith(tokens.access_token, '/oauth/userinfo')).toBe(200);
    expect((await admin.call('DELETE', `${signInApi}/oauthclients/${name}`)).status).toBe(200);
    expect(await statusWith(tokens.access_token, '/oauth/userinfo')).toBe(401);
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  it('loses what it was given when a code is brought twice', async () => {
    const config = await discover('grafana', openid.ClientSecretBasic(secret));
    const { back, checks } = await authorize(config, {
      visitor: await signedIn('jane', password),
      decision: 'approve',
    });
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    await expect(openid.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(openid.fetchUserInfo(config, tokens.access_token, 'jane')).rejects.toThrow();
  });
});

describe('a client without a secret, as kubectl’s helper is', () => {
  it('signs in by PKCE from any port of the loopback address, and may act for the user where it asked to', async () => {
    const config = await discover('kubectl', openid.None(), 'ES256');
    const visitor = await signedIn('admin', platform.password);
    const redirect = home.replace('127.0.0.1', '127.0.0.1:18000');
    const { back, checks, asked } = await authorize(config, { visitor, redirect, scope: 'openid groups api' });
    expect(asked.needsApproval).toBe(false);
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('ES256');
    expect(await statusWith(tokens.access_token, '/api/v1/namespaces')).toBe(200);
    expect(await statusWith(tokens.id_token ?? '', '/api/v1/namespaces')).toBe(200);
    expect((await visitor.json('DELETE', `${platform.url}/session`)).status).toBe(204);
  });

  it('cannot do without PKCE, or with the weak kind of it', async () => {
    const query = { client_id: 'kubectl', redirect_uri: home, response_type: 'code', scope: 'openid', state: 's' };
    const weak = { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' };
    for (const more of [{}, weak]) {
      const url = `${platform.url}/oauth/authorize?${new URLSearchParams({ ...query, ...more }).toString()}`;
      const answer = await new Visitor().send(url);
      expect(answer.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1\/callback\?error=invalid_request/);
    }
  });

  it('is sent nowhere but to its own address', async () => {
    const query = { client_id: 'kubectl', response_type: 'code', scope: 'openid' };
    for (const redirect_uri of [
      'https://evil.example/callback',
      `${home}/..`,
      'http://127.0.0.1.evil.example/callback',
    ]) {
      const url = `${platform.url}/oauth/authorize?${new URLSearchParams({ ...query, redirect_uri }).toString()}`;
      const answer = await new Visitor().send(url);
      expect([redirect_uri, answer.status, answer.headers.get('location')]).toEqual([redirect_uri, 400, null]);
    }
  });

  it('is given no scope beyond its own', async () => {
    const config = await discover('narrow');
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: home,
      scope: 'openid api',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const answer = await new Visitor().send(url.href);
    expect(answer.headers.get('location')).toContain('error=invalid_scope');
  });

  it('gets an id_token that ends while its key is still published, however long its access lasts', async () => {
    const config = await discover('lasting');
    const { back, checks } = await authorize(config, { visitor: await signedIn('jane', password) });
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    const { exp = 0, iat = 0 } = decodeJwt(tokens.id_token ?? '');
    expect([tokens.expires_in, exp - iat]).toEqual([2_592_000, 604_800]);
  });
});

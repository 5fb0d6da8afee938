import { createHash } from 'node:crypto';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from './operations.ts';

const back = 'https://portal.example.com/callback';
const verifier = 'a-verifier-of-at-least-43-characters-0123456789';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const asked = {
  response_type: 'code',
  client_id: 'portal',
  redirect_uri: back,
  scope: 'openid email',
  state: 'here',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

let platform: TestPlatform;
let admin: Session;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  const client = { name: 'portal', secret: 'portal-secret-0123456789', redirectURIs: [back] };
  const made = await admin.call('PUT', '/kapis/iam.freehold.io/v1alpha1/oauthclients/portal', client);
  expect([made.status, made.status === 200 ? '' : made.text]).toEqual([200, '']);
}, 60_000);
afterAll(() => platform.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface More {
  readonly body?: unknown;
  readonly token?: string;
}

async function ask(method: string, path: string, { body, token }: More = {}): Promise<Answer> {
  const form = body instanceof URLSearchParams;
  const response = await fetch(new URL(path, platform.url), {
    method,
    redirect: 'manual',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined
        ? {}
        : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const tokenOf = (more: Record<string, string>): Promise<Answer> =>
  ask('POST', '/oauth/token', {
    body: new URLSearchParams({ client_id: 'kubesphere', client_secret: 'kubesphere', ...more }),
  });
const query = (more: Record<string, string> = {}): string => new URLSearchParams({ ...asked, ...more }).toString();

describe('/oauth', () => {
  it('GET .well-known/openid-configuration names what the provider has', async () => {
    const { status, body } = await ask('GET', '/oauth/.well-known/openid-configuration');
    expect(status).toBe(200);
    for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'])
      expect(new URL(String(body[name])).pathname).toMatch(/^\/oauth\//);
  });

  it('GET keys has public keys and nothing of the private ones', async () => {
    const { status, body } = await ask('GET', '/oauth/keys');
    expect(status).toBe(200);
    const keys = body['keys'] as Record<string, unknown>[];
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    for (const key of keys) expect(Object.keys(key).filter((name) => 'dpq'.includes(name))).toEqual([]);
  });

  it('GET userinfo is about who asks', async () => {
    expect((await ask('GET', '/oauth/userinfo', { token: admin.token })).body).toMatchObject({ sub: 'admin' });
    expect([401, 403]).toContain((await ask('GET', '/oauth/userinfo')).status);
  });

  it('POST authenticate reviews a token', async () => {
    const review = (token: unknown) => ({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token },
    });
    const good = await ask('POST', '/oauth/authenticate', { body: review(admin.token) });
    expect(good.body).toMatchObject({ status: { authenticated: true, user: { username: 'admin' } } });
    const bad = await ask('POST', '/oauth/authenticate', { body: review('none') });
    expect([bad.status, bad.body]).toEqual([
      200,
      expect.objectContaining({ status: expect.objectContaining({ authenticated: false }) as object }),
    ]);
    expect([400, 422]).toContain((await ask('POST', '/oauth/authenticate', { body: review(7) })).status);
  });

  const refusals: readonly { why: string; form: Record<string, string>; status: number; error: string }[] = [
    {
      why: 'a wrong password',
      form: { grant_type: 'password', username: 'admin', password: 'x' },
      status: 400,
      error: 'invalid_grant',
    },
    {
      why: 'nobody',
      form: { grant_type: 'password', username: 'nobody', password: 'x' },
      status: 400,
      error: 'invalid_grant',
    },
    {
      why: 'an unknown client',
      form: { grant_type: 'password', client_id: 'none' },
      status: 401,
      error: 'invalid_client',
    },
    { why: 'no kind of grant', form: {}, status: 400, error: 'unsupported_grant_type' },
    { why: 'an unknown kind', form: { grant_type: 'magic' }, status: 400, error: 'unsupported_grant_type' },
    {
      why: 'a code nobody gave',
      form: { grant_type: 'authorization_code', code: 'x' },
      status: 400,
      error: 'invalid_grant',
    },
    {
      why: 'no refresh token',
      form: { grant_type: 'refresh_token', refresh_token: 'x' },
      status: 400,
      error: 'invalid_grant',
    },
  ];
  it.each(refusals)('POST token refuses $why', async ({ form, status, error }) => {
    const answer = await tokenOf(form);
    expect([answer.status, answer.body['error']]).toEqual([status, error]);
  });

  it('POST token gives tokens for a password and for a refresh token', async () => {
    const first = await tokenOf({ grant_type: 'password', username: 'admin', password: platform.password });
    const shape = {
      token_type: 'Bearer',
      access_token: expect.any(String) as string,
      expires_in: expect.any(Number) as number,
    };
    expect(first.body).toMatchObject(shape);
    const again = await tokenOf({ grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) });
    expect(again.body).toMatchObject(shape);
  });

  it('GET authorize leads to the page of consent, or back with what is wrong, or nowhere', async () => {
    const good = await ask('GET', `/oauth/authorize?${query()}`);
    expect([good.status, good.headers.get('location')]).toEqual([302, expect.stringMatching(/^\/authorize\?/)]);
    const odd = await ask('GET', `/oauth/authorize?${query({ response_type: 'token' })}`);
    expect(odd.headers.get('location')).toMatch(/^https:\/\/portal\.example\.com\/callback\?.*error=/);
    expectStatus(await ask('GET', `/oauth/authorize?${query({ client_id: 'none' })}`), 400);
    expectStatus(await ask('GET', `/oauth/authorize?${query({ redirect_uri: 'https://evil.example.com/' })}`), 400);
  });

  it('POST authorize gives a code to who is signed in and agrees; it works once', async () => {
    expect([401, 403]).toContain(
      (await ask('POST', '/oauth/authorize', { body: { ...asked, decision: 'approve' } })).status,
    );
    const approved = await ask('POST', '/oauth/authorize', {
      body: { ...asked, decision: 'approve' },
      token: admin.token,
    });
    const code = new URL(String(approved.body['redirectTo'])).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: back, code_verifier: verifier };
    const client = { client_id: 'portal', client_secret: 'portal-secret-0123456789' };
    const tokens = await tokenOf({ ...form, ...client });
    expect(tokens.body).toMatchObject({
      access_token: expect.any(String) as string,
      id_token: expect.any(String) as string,
    });
    expect((await tokenOf({ ...form, ...client })).body).toMatchObject({ error: 'invalid_grant' });
  });

  it.each(['GET', 'POST'])('%s login of a provider that is not there is not found', async (method) => {
    const body = method === 'POST' ? new URLSearchParams({ username: 'a', password: 'b' }) : undefined;
    const answer = await ask(method, '/oauth/login/none', { body });
    expect([400, 404]).toContain(answer.status);
  });

  it('GET callback of a provider that is not there, or that nobody was sent to, signs nobody in', async () => {
    const answer = await ask('GET', '/oauth/callback/none?code=x&state=y');
    expect(answer.headers.get('set-cookie') ?? '').not.toMatch(/session=[^;]/);
    expect([400, 401, 404]).toContain(answer.status);
  });

  it('GET logout ends the session of its token, and asks for one', async () => {
    expectStatus(await ask('GET', '/oauth/logout'), 401);
    const session = await platform.signIn();
    expect((await ask('GET', '/oauth/logout', { token: session.token })).body).toEqual({ message: 'success' });
    expectStatus(await ask('GET', '/oauth/userinfo', { token: session.token }), 401);
  });
});

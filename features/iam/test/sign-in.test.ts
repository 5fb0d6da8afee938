import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Str0ngPass';
let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  const admin = await platform.signIn();
  for (const name of ['jane', 'mark', 'lucy']) {
    const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  }
}, 60_000);
afterAll(() => platform.stop());

interface Grant {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly error: string;
  readonly error_description: string;
}

async function token(form: Record<string, string>): Promise<{ status: number; body: Grant }> {
  const body = new URLSearchParams({ client_id: 'kubesphere', client_secret: 'kubesphere', ...form });
  const response = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Grant };
}

const byPassword = (username: string, secret = password): ReturnType<typeof token> =>
  token({ grant_type: 'password', username, password: secret });

async function statusWith(authorization: string, path = `${iam}/users/jane`): Promise<number> {
  return (await fetch(platform.url + path, { headers: { authorization } })).status;
}

describe('the token endpoint', () => {
  it('gives a token for a name or an e-mail address', async () => {
    for (const username of ['jane', 'jane@example.com']) {
      const { status, body } = await byPassword(username);
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 7200 });
      expect(await statusWith(`Bearer ${body.access_token}`)).toBe(200);
    }
  });

  const refused: [why: string, form: Record<string, string>, status: number, error: string][] = [
    ['a wrong password', { grant_type: 'password', username: 'jane', password: 'Wr0ngPass' }, 400, 'invalid_grant'],
    ['nobody', { grant_type: 'password', username: 'nobody', password: 'Wr0ngPass' }, 400, 'invalid_grant'],
    ['nothing', { grant_type: 'password' }, 400, 'invalid_grant'],
    ['a name that is none', { grant_type: 'password', username: '../admin', password }, 400, 'invalid_grant'],
    [
      'an unknown client',
      { grant_type: 'password', username: 'jane', password, client_id: 'other' },
      401,
      'invalid_client',
    ],
    ['no grant', { username: 'jane', password }, 400, 'unsupported_grant_type'],
    ['a token of another make', { grant_type: 'refresh_token', refresh_token: 'x.y.z' }, 400, 'invalid_grant'],
  ];
  it.each(refused)('refuses %s', async (_why, ...[form, status, error]) => {
    const answer = await token(form);
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error });
  });

  it('tells a wrong password and an unknown name the same way', async () => {
    const [wrong, unknown] = await Promise.all([byPassword('jane', 'Wr0ngPass'), byPassword('nobody', 'Wr0ngPass')]);
    expect(wrong).toEqual(unknown);
  });

  it('renews by the refresh token only, which opens nothing else', async () => {
    const { body } = await byPassword('jane');
    expect((await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(200);
    expect((await token({ grant_type: 'refresh_token', refresh_token: body.access_token })).status).toBe(400);
    expect(await statusWith(`Bearer ${body.refresh_token}`)).toBe(401);
  });

  it('slows down who guesses, and nobody else', async () => {
    for (let n = 0; n < 10; n++) expect((await byPassword('lucy', 'Wr0ngPass')).status).toBe(400);
    expect((await byPassword('lucy')).status).toBe(429);
    expect((await byPassword('mark')).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session of the token, and no other', async () => {
    const [one, other] = [(await byPassword('jane')).body, (await byPassword('jane')).body];
    expect(await statusWith(`Bearer ${one.access_token}`, '/oauth/logout')).toBe(200);
    expect(await statusWith(`Bearer ${one.access_token}`)).toBe(401);
    expect((await token({ grant_type: 'refresh_token', refresh_token: one.refresh_token })).status).toBe(400);
    expect(await statusWith(`Bearer ${other.access_token}`)).toBe(200);
  });
});

it('takes a password with every request, and takes it no longer when it is changed', async () => {
  const basic = (secret: string): string => `Basic ${Buffer.from(`mark:${secret}`).toString('base64')}`;
  const admin = await platform.signIn();
  expect(await statusWith(basic(password), `${iam}/users/mark`)).toBe(200);
  expect(await statusWith(basic('Wr0ngPass'), `${iam}/users/mark`)).toBe(401);
  expect((await admin.call('PUT', `${iam}/users/mark/password`, { password: 'An0therPass' })).status).toBe(200);
  expect(await statusWith(basic(password), `${iam}/users/mark`)).toBe(401);
});

it('writes a record of each sign-in and notes the last', async () => {
  const admin = await platform.signIn();
  await vi.waitFor(async () => {
    const { body } = await admin.call<{ items: { spec: { success: boolean; type: string } }[] }>(
      'GET',
      `${iam}/users/jane/loginrecords`,
    );
    expect(body.items.map(({ spec }) => spec.success)).toContain(false);
    expect(body.items.map(({ spec }) => spec.type)).toContain('Token');
    const user = await admin.call<{ status: { lastLoginTime?: string } }>('GET', `${iam}/users/jane`);
    expect(user.body.status.lastLoginTime).toMatch(/^\d{4}-/);
  });
});

describe('the console’s session', () => {
  const session = (method: string, headers: Record<string, string>, body?: object): Promise<Response> =>
    fetch(`${platform.url}/session`, {
      method,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const signIn = async (username: string, secret: string): Promise<string> => {
    const answer = await session('POST', {}, { username, password: secret });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    return cookie.split(';', 1)[0] ?? '';
  };

  it('is a cookie that reads, and writes from the same origin only', async () => {
    const cookie = await signIn('jane', password);
    expect(await (await session('GET', { cookie })).json()).toMatchObject({ signedIn: true, username: 'jane' });
    const review = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${platform.url}/kapis/iam.freehold.io/v1alpha1/accessreviews`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{"items":[{"verb":"list","resource":"pods"}]}',
      });
    expect((await review({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await review({})).status).toBe(403);
    expect((await review({ origin: platform.url })).status).toBe(200);
  });

  it('ends with signing out', async () => {
    const cookie = await signIn('jane', password);
    expect((await session('DELETE', { cookie, origin: platform.url })).status).toBe(204);
    expect(await (await session('GET', { cookie })).json()).toEqual({ signedIn: false });
    expect((await session('DELETE', { cookie, origin: platform.url })).status).toBe(401);
  });

  it('answers everybody else that nobody is signed in', async () => {
    for (const headers of [{}, { cookie: 'freehold-session=guessed' }, { authorization: 'Bearer x.y.z' }]) {
      const answer = await session('GET', headers as Record<string, string>); // the three have no field in common
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ signedIn: false });
    }
  });

  it('is refused to a wrong password and to a foreign page', async () => {
    expect((await session('POST', {}, { username: 'jane', password: 'Wr0ngPass' })).status).toBe(401);
    expect((await session('POST', { 'sec-fetch-site': 'cross-site' }, { username: 'jane', password })).status).toBe(
      403,
    );
  });

  it('asks the administrator for a password of their own, once', async () => {
    const cookie = await signIn('admin', platform.password);
    expect(await (await session('GET', { cookie })).json()).toMatchObject({
      globalrole: 'platform-admin',
      mustChangePassword: true,
    });
    const change = await fetch(`${platform.url}${iam}/users/admin/password`, {
      method: 'PUT',
      headers: { cookie, origin: platform.url, 'content-type': 'application/json' },
      body: JSON.stringify({ currentPassword: platform.password, password: 'MyOwn1Pass' }),
    });
    expect(change.status).toBe(200);
    expect(await (await session('GET', { cookie })).json()).toMatchObject({ mustChangePassword: false });
    expect((await byPassword('admin', platform.password)).status).toBe(400);
    expect((await byPassword('admin', 'MyOwn1Pass')).status).toBe(200);
  });

  it('asks for an own password whenever somebody else has set it', async () => {
    const admin = await platform.signIn('admin', 'MyOwn1Pass');
    const mustChange = async (secret: string): Promise<unknown> => {
      const cookie = await signIn('otto', secret);
      return ((await (await session('GET', { cookie })).json()) as { mustChangePassword: unknown }).mustChangePassword;
    };
    const annotated = { 'iam.kubesphere.io/uninitialized': 'false' };
    const created = {
      metadata: { name: 'otto', annotations: annotated },
      spec: { email: 'otto@example.com', password },
    };
    expect((await admin.call('POST', `${iam}/users`, created)).status).toBe(200);
    expect(await mustChange(password)).toBe(true);

    const own = await platform.signIn('otto', password);
    const change = { currentPassword: password, password: 'MyOwn2Pass' };
    expect((await own.call('PUT', `${iam}/users/otto/password`, change)).status).toBe(200);
    expect(await mustChange('MyOwn2Pass')).toBe(false);

    expect((await admin.call('PUT', `${iam}/users/otto/password`, { password: 'Reset3Pass' })).status).toBe(200);
    expect(await mustChange('Reset3Pass')).toBe(true);

    const type = { group: 'iam.kubesphere.io', version: 'v1alpha2', kind: 'User', plural: 'users', namespaced: false };
    const patch = {
      metadata: { annotations: { [Object.keys(annotated)[0] ?? '']: null } },
      spec: { password: 'Plain4Pass' },
    };
    await platform.kube.patch(type, { name: 'otto' }, patch, { type: 'merge' });
    await vi.waitFor(async () => expect((await byPassword('otto', 'Plain4Pass')).status).toBe(200), {
      timeout: 10_000,
    });
    expect(await mustChange('Plain4Pass')).toBe(true);
  });
});

it('keeps sessions over a restart, and shares no secret with another installation', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-sign-in-'));
  try {
    const first = await startTestPlatform({ nodes: 0, dataDir });
    const admin = await first.signIn();
    await first.stop();
    const second = await startTestPlatform({ nodes: 0, dataDir });
    const headers = { authorization: `Bearer ${admin.token}` };
    expect((await fetch(`${second.url}/oauth/userinfo`, { headers })).status).toBe(200);
    expect(second.password).toBe('');
    await second.stop();
    expect((await fetch(`${platform.url}/oauth/userinfo`, { headers })).status).toBe(401);
    expect(first.password).not.toBe(platform.password);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);

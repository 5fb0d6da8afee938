import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../rules/totp.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const account = '/kapis/iam.freehold.io/v1alpha1/account';
const password = 'Str0ngPass';
let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  const admin = await platform.signIn();
  for (const name of ['jane', 'mark', 'lucy']) {
    const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  }
}, 120_000);
afterAll(() => platform.stop());

type Answer = Record<string, string>;

async function token(form: Record<string, string>): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Answer };
}

const codeAt = (secret: string, stepsAhead = 0): string =>
  totpCode(secret, Math.floor(Date.now() / 30_000) + stepsAhead);

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

async function setUp(name: string, session?: Session): Promise<{ secret: string; recoveryCodes: string[] }> {
  const user = session ?? (await platform.signIn(name, password));
  const begun = await user.call<Answer>('POST', `${account}/secondfactor`, { password });
  expect(begun.status).toBe(200);
  expect(begun.body['svg']).toContain('<svg');
  const { secret = '', setup = '' } = begun.body;
  const wrong = await user.call('PUT', `${account}/secondfactor`, { setup, code: '000000' });
  expect([200, 400]).toContain(wrong.status); // one in a million of them is right
  const done = await user.call<{ recoveryCodes: string[] }>('PUT', `${account}/secondfactor`, {
    setup,
    code: codeAt(secret, -1),
  });
  expect(done.status).toBe(200);
  return { secret, recoveryCodes: done.body.recoveryCodes };
}

describe('a second factor', () => {
  it('is asked for after the password, taken once, and replaced by a recovery code', async () => {
    const { secret, recoveryCodes } = await setUp('jane');
    const first = await token({ grant_type: 'password', username: 'jane', password });
    expect(first).toMatchObject({ status: 400, body: { error: 'mfa_required' } });
    const { mfa_token = '' } = first.body;
    const otp = codeAt(secret);
    expect((await token({ grant_type: 'otp', mfa_token, otp: 'wrong' })).status).toBe(400);
    const second = await token({ grant_type: 'otp', mfa_token, otp });
    expect(second.status).toBe(200);
    const again = await token({ grant_type: 'password', username: 'jane', password });
    expect((await token({ grant_type: 'otp', mfa_token: again.body['mfa_token'] ?? '', otp })).status).toBe(400);
    const [recovery = ''] = recoveryCodes;
    const byRecovery = { grant_type: 'password', username: 'jane', password, otp: recovery };
    expect((await token(byRecovery)).status).toBe(200);
    expect((await token(byRecovery)).status).toBe(400);
    const basic = `Basic ${Buffer.from(`jane:${password}`).toString('base64')}`;
    expect((await fetch(`${platform.url}${iam}/users/jane`, { headers: { authorization: basic } })).status).toBe(401);
  });

  it('is never in an answer about the user, and an administrator turns it off', async () => {
    const { secret } = await setUp('mark');
    const admin = await platform.signIn();
    expect((await admin.call('GET', `${iam}/users/mark`)).text).not.toContain(secret);
    expect((await token({ grant_type: 'password', username: 'mark', password })).status).toBe(400);
    const reset = await admin.call('DELETE', '/kapis/iam.freehold.io/v1alpha1/users/mark/secondfactor');
    expect(reset.status).toBe(200);
    expect((await token({ grant_type: 'password', username: 'mark', password })).status).toBe(200);
  });
});

describe('an API token', () => {
  interface Made {
    readonly token: string;
    readonly info: { readonly name: string };
  }
  const statusOf = async (bearer: string, method: string, path: string): Promise<number> => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const body = method === 'GET' ? {} : { body: '{}' };
    return (await fetch(platform.url + path, { method, headers, ...body })).status;
  };

  it('acts for its user within its limits, until it is taken back', async () => {
    const admin = await platform.signIn();
    const wanted = { description: 'reads', days: 1, readOnly: true };
    const { body } = await admin.call<Made>('POST', `${account}/apitokens`, wanted);
    expect(await statusOf(body.token, 'GET', '/api/v1/namespaces')).toBe(200);
    expect(await statusOf(body.token, 'POST', '/api/v1/namespaces')).toBe(403);
    expect(await statusOf(body.token, 'GET', '/api/v1/namespaces/default/pods/x/exec')).toBe(403);
    expect(await statusOf(body.token, 'GET', `${account}/apitokens`)).toBe(403);
    expect(await statusOf(`${body.token.slice(0, -1)}A`, 'GET', '/api/v1/namespaces')).toBe(
      body.token.endsWith('A') ? 200 : 401,
    );
    const listed = await admin.call('GET', `${account}/apitokens`);
    expect(listed.text).toContain('"reads"');
    expect(listed.text).not.toContain(body.token);
    const inCluster = await platform.kube.json<object>({
      method: 'GET',
      path: '/apis/iam.freehold.io/v1alpha1/apitokens',
    });
    expect(JSON.stringify(inCluster)).not.toContain(body.token.split('_')[2]);
    expect((await admin.call('DELETE', `${account}/apitokens/${body.info.name}`)).status).toBe(200);
    expect(await statusOf(body.token, 'GET', '/api/v1/namespaces')).toBe(401);
  });

  it('of one workspace opens nothing elsewhere', async () => {
    const admin = await platform.signIn();
    const wanted = { description: 'dev only', days: 1, workspaces: ['dev'] };
    const { body } = await admin.call<Made>('POST', `${account}/apitokens`, wanted);
    expect(await statusOf(body.token, 'GET', '/api/v1/namespaces/kube-system/secrets')).toBe(403);
    expect(await statusOf(body.token, 'GET', '/api/v1/nodes')).toBe(403);
    expect(await statusOf(body.token, 'GET', `${iam}/workspaces/ops/workspacemembers`)).toBe(403);
    expect(await statusOf(body.token, 'GET', `${iam}/workspaces/dev/workspacemembers`)).not.toBe(403);
    const review = { kind: 'TokenReview', spec: { token: body.token } };
    const answer = await fetch(`${platform.url}/oauth/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(review),
    });
    expect(await answer.json()).toMatchObject({ status: { authenticated: false } });
  });

  it('is nobody else’s to see or take back', async () => {
    const admin = await platform.signIn();
    const { body } = await admin.call<Made>('POST', `${account}/apitokens`, { description: 'mine', days: 1 });
    const lucy = await platform.signIn('lucy', password);
    expect((await lucy.call('GET', `${account}/apitokens`)).text).not.toContain(body.info.name);
    expect((await lucy.call('DELETE', `${account}/apitokens/${body.info.name}`)).status).toBe(404);
    expect((await lucy.call('POST', `${account}/apitokens`, { description: 'x', days: 9999 })).status).toBe(422);
  });
});

describe('own sessions', () => {
  it('are listed, and end one by one or all at once', async () => {
    const [one, other] = [await platform.signIn('lucy', password), await platform.signIn('lucy', password)];
    const { body } = await one.call<{ items: { id: string; current: boolean }[] }>('GET', `${account}/sessions`);
    expect(body.items.filter(({ current }) => current)).toHaveLength(1);
    expect(body.items.length).toBeGreaterThanOrEqual(2);
    const mark = await platform.signIn('mark', password);
    const foreign = body.items[0]?.id ?? '';
    expect((await mark.call('DELETE', `${account}/sessions/${foreign}`)).status).toBe(404);
    expect((await one.call('DELETE', `${account}/sessions`)).status).toBe(200);
    expect((await other.call('GET', '/oauth/userinfo')).status).toBe(401);
    expect((await one.call('GET', '/oauth/userinfo')).status).toBe(200);
  });
});

it('asks everybody for a second factor where that is the rule', async () => {
  const admin = await platform.signIn();
  const settings = '/kapis/iam.freehold.io/v1alpha1/signinsettings';
  const { body } = await admin.call('GET', settings);
  const lucy = await platform.signIn('lucy', password);
  expect((await lucy.call('PUT', settings, body)).status).toBe(403);
  expect((await lucy.call('GET', `${iam}/users/lucy`)).status).toBe(200);
  expect((await admin.call('PUT', settings, { ...body, secondFactor: 'required' })).status).toBe(200);
  expect((await lucy.call('GET', `${iam}/users/lucy`)).status).toBe(403);
  expect((await lucy.call('GET', `${account}/secondfactor`)).status).toBe(200);
  const { secret } = await setUp('lucy', lucy);
  expect((await token({ grant_type: 'password', username: 'lucy', password, otp: codeAt(secret) })).status).toBe(200);
});

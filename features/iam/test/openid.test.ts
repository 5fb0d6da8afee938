import { createHash } from 'node:crypto';
import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { UnsecuredJWT, decodeJwt } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { totpCode } from '../rules/totp.ts';
import { client, startOpenIdProvider } from './counterparts/openid-provider.ts';
import type { OpenIdProvider } from './counterparts/openid-provider.ts';
import { away, byProvider, problemOf, saveProvider, signInApi } from './counterparts/provider-sign-in.ts';
import type { Return } from './counterparts/provider-sign-in.ts';
import { Visitor } from './counterparts/visitor.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Str0ngPass';
const names = ['corp', 'open', 'known', 'both', 'numbers', 'gone', 'leaving'];
let platform: TestPlatform;
let idp: OpenIdProvider;
let admin: Awaited<ReturnType<TestPlatform['signIn']>>;

const person = (name: string) => ({
  preferred_username: name,
  name: `The ${name}`,
  email: `${name}@corp.example`,
  email_verified: true,
});
const people = {
  ...Object.fromEntries(
    ['carol', 'cleo', 'olga', 'hank', 'rita', 'sam', 'tina', 'vera', 'mia'].map((one) => [one, person(one)]),
  ),
  jane: person('jane'),
  'Ünal@corp.example': { name: 'Ünal' },
  doubtful: { ...person('doubtful'), email_verified: false },
  grouped: { ...person('grouped'), groups: ['devs', 'unknown'] },
};

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  for (const name of ['jane', 'mark']) {
    const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  }
  idp = await startOpenIdProvider({
    people,
    redirectUris: names.map((name) => `${platform.url}/oauth/callback/${name}`),
  });
  const type = 'OIDCIdentityProvider';
  const provider = { issuer: idp.issuer, clientID: client.id, clientSecret: client.secret };
  await saveProvider(admin, 'corp', { type, displayName: 'Corp', mappingMethod: 'auto', provider });
  await saveProvider(admin, 'open', { type, disableLoginConfirmation: true, provider });
  await saveProvider(admin, 'known', { type, mappingMethod: 'lookup', provider });
  await saveProvider(admin, 'both', { type, mappingMethod: 'mixed', provider });
  await saveProvider(admin, 'numbers', { type, mappingMethod: 'generate', provider });
  await saveProvider(admin, 'gone', { type, provider: { ...provider, issuer: 'http://127.0.0.1:1' } });
}, 120_000);
afterAll(async () => {
  await idp.stop();
  await platform.stop();
});

const fillInAs =
  (login: string) =>
  (html: string): Record<string, string> =>
    html.includes('name="login"') ? { login, password: 'x' } : {};
const go = (provider: string, login: string, more: { visitor?: Visitor; query?: string } = {}): Promise<Return> =>
  byProvider(platform, { provider, fillIn: fillInAs(login), ...more });

interface Who {
  readonly signedIn: boolean;
  readonly username?: string;
  readonly email?: string;
  readonly registration?: Record<string, unknown>;
}
const who = async (visitor: Visitor): Promise<Who> => (await visitor.json<Who>('GET', `${platform.url}/session`)).body;
const register = (visitor: Visitor, body: object) =>
  visitor.json<{ username?: string; details?: { causes?: { field: string }[] } }>(
    'POST',
    `${platform.url}/session/registration`,
    body,
  );
const labelsOf = async (name: string): Promise<Record<string, string>> =>
  (await admin.call<{ metadata: { labels?: Record<string, string> } }>('GET', `${iam}/users/${name}`)).body.metadata
    .labels ?? {};

describe('a first sign-in', () => {
  it('is confirmed by the person, who is signed in the second time without being asked (auto)', async () => {
    const first = await go('corp', 'carol', { query: '?next=/workspaces' });
    expect([first.status, first.location]).toEqual([302, '/workspaces']);
    const { signedIn, registration } = await who(first.visitor);
    expect(signedIn).toBe(false);
    expect(registration).toEqual({
      provider: 'corp',
      providerName: 'Corp',
      username: 'carol',
      suggestedName: 'carol',
      email: 'carol@corp.example',
      emailIsFixed: true,
      displayName: 'The carol',
      mayLink: false,
    });
    const rows: [body: object, status: number, field: string | undefined][] = [
      [{}, 422, 'name'],
      [{ name: 'carol' }, 422, 'email'],
      [{ name: 'Carol!', email: 'carol@corp.example' }, 422, 'name'],
      [{ name: 'carol', email: 'boss@corp.example' }, 422, 'email'],
      [{ name: 'jane', email: 'carol@corp.example' }, 409, undefined],
      [{ link: { username: 'jane', password } }, 403, undefined],
    ];
    for (const [body, status, field] of rows) {
      const refused = await register(first.visitor, body);
      expect([body, refused.status, refused.body.details?.causes?.[0]?.field]).toEqual([body, status, field]);
    }
    const made = await register(first.visitor, { name: 'carol', email: 'carol@corp.example' });
    expect([made.status, made.body.username]).toEqual([200, 'carol']);
    expect(await who(first.visitor)).toMatchObject({ signedIn: true, username: 'carol' });
    expect(await labelsOf('carol')).toMatchObject({
      'iam.kubesphere.io/identify-provider': 'corp',
      'iam.kubesphere.io/origin-uid': 'carol',
    });
    const second = await go('corp', 'carol', { query: '?next=//evil.example' });
    expect([second.location, await who(second.visitor)]).toMatchObject(['/', { signedIn: true, username: 'carol' }]);
  });

  it('leaves nothing behind when the person does not want it', async () => {
    const { visitor } = await go('corp', 'cleo');
    expect((await who(visitor)).registration).toBeDefined();
    expect((await visitor.json('DELETE', `${platform.url}/session/registration`)).status).toBe(204);
    expect(await who(visitor)).toEqual({ signedIn: false });
    expect((await register(visitor, { name: 'cleo', email: 'cleo@corp.example' })).status).toBe(401);
  });

  it('makes the account at once where it is so configured', async () => {
    const { visitor } = await go('open', 'olga');
    expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'olga', email: 'olga@corp.example' });
  });

  it('never becomes the account of another who has that name', async () => {
    const { visitor } = await go('open', 'jane');
    expect(await who(visitor)).toMatchObject({ signedIn: false, registration: { username: 'jane' } });
  });

  it('takes no address that the provider itself does not vouch for', async () => {
    const { visitor } = await go('corp', 'doubtful');
    expect((await who(visitor)).registration).toMatchObject({ email: '', emailIsFixed: false });
  });

  it('suggests a name of this platform’s characters, and asks for what is missing', async () => {
    const { visitor } = await go('corp', 'Ünal@corp.example');
    const { registration } = await who(visitor);
    expect(registration).toMatchObject({ email: '', emailIsFixed: false, displayName: 'Ünal' });
    const made = await register(visitor, { name: 'unal', email: 'unal@example.com' });
    expect([made.status, made.body.username]).toEqual([200, 'unal']);
    expect((await labelsOf('unal'))['iam.kubesphere.io/origin-uid']).toMatch(/^sha256-[0-9a-f]{48}$/);
    expect(await who((await go('corp', 'Ünal@corp.example')).visitor)).toMatchObject({ username: 'unal' });
  });

  it('is for those only whom an administrator has named (lookup)', async () => {
    expect(problemOf(await go('known', 'hank'))).toMatch(/administrator/);
    const labels = { 'iam.kubesphere.io/identify-provider': 'known', 'iam.kubesphere.io/origin-uid': 'hank' };
    const body = { metadata: { name: 'hank', labels }, spec: { email: 'hank@example.com', password } };
    expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
    const { body: user } = await admin.call<{ metadata: object }>('GET', `${iam}/users/hank`);
    await admin.call('PUT', `${iam}/users/hank`, { ...user, metadata: { ...user.metadata, labels } });
    expect(await who((await go('known', 'hank')).visitor)).toMatchObject({ signedIn: true, username: 'hank' });
  });

  it('finds another name where the first is taken (generate)', async () => {
    const { visitor } = await go('numbers', 'jane');
    expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'jane-2' });
  });

  it('ends for an account that was disabled', async () => {
    expect(await who((await go('open', 'vera')).visitor)).toMatchObject({ signedIn: true });
    await vi.waitFor(async () => {
      // The sign-in is still being noted in the object; a change in between is a conflict.
      const { body } = await admin.call<{ status: object }>('GET', `${iam}/users/vera`);
      const disabled = { ...body, status: { ...body.status, state: 'Disabled' } };
      expect((await admin.call('PUT', `${iam}/users/vera`, disabled)).status).toBe(200);
    });
    expect(problemOf(await go('open', 'vera'))).toMatch(/not active/);
  });
});

describe('an account that exists (mixed)', () => {
  const code = (secret: string): string => totpCode(secret, Math.floor(Date.now() / 30_000));

  it('is linked by its password and its second factor, and by nothing less', async () => {
    const mark = await platform.signIn('mark', password);
    const begun = await mark.call<{ secret: string; setup: string }>('POST', `${signInApi}/account/secondfactor`, {
      password,
    });
    const { secret, setup } = begun.body;
    const set = await mark.call<{ recoveryCodes: string[] }>('PUT', `${signInApi}/account/secondfactor`, {
      setup,
      code: code(secret),
    });
    expect(set.status).toBe(200);
    const { visitor } = await go('both', 'mia');
    expect((await who(visitor)).registration).toMatchObject({ mayLink: true });
    const link = { username: 'mark', password };
    const refused: [body: object, field: string | undefined][] = [
      [{ ...link, password: 'Wr0ngPass' }, undefined],
      [link, 'link.code'],
      [{ ...link, code: '000000' }, undefined],
    ];
    for (const [body, field] of refused) {
      const answer = await register(visitor, { link: body });
      expect([answer.status, answer.body.details?.causes?.[0]?.field]).toEqual([401, field]);
    }
    const [recovery = ''] = set.body.recoveryCodes;
    expect((await register(visitor, { link: { ...link, code: recovery } })).body.username).toBe('mark');
    const again = await go('both', 'mia');
    expect(await who(again.visitor)).toMatchObject({ signedIn: true, username: 'mark', email: 'mark@example.com' });

    const identities = `${platform.url}${signInApi}/account/identities`;
    const listed = await again.visitor.json<{ items: object[] }>('GET', identities);
    expect(listed.body.items).toEqual([{ provider: 'both', displayName: 'both', origin: 'linked' }]);
    expect((await again.visitor.json('DELETE', `${identities}/corp`)).status).toBe(404);
    expect((await again.visitor.json('DELETE', `${identities}/both`)).status).toBe(200);
    expect(await who(visitor)).toEqual({ signedIn: false });
    expect((await who((await go('both', 'mia')).visitor)).registration).toBeDefined();
  });

  it('may also be made anew, and its last way in stays', async () => {
    const { visitor } = await go('both', 'sam');
    expect((await register(visitor, { name: 'sam', email: 'sam@corp.example' })).status).toBe(200);
    const answer = await visitor.json('DELETE', `${platform.url}${signInApi}/account/identities/both`);
    expect(answer.status).toBe(409);
  });
});

describe('the way there and back', () => {
  it('is taken once, from the browser that went, and for the state it went with', async () => {
    const { visitor, url } = await away(platform, { provider: 'open', fillIn: fillInAs('olga') });
    expect((await new Visitor().send(url)).status).toBe(403); // and is used up by it
    expect((await visitor.send(url)).status).toBe(401);
    const next = await away(platform, { provider: 'open', fillIn: fillInAs('olga'), visitor });
    expect((await visitor.send(next.url.replace(/state=[^&]+/, 'state=forged'))).status).toBe(401);
    expect((await visitor.send(next.url.replace('/callback/open', '/callback/corp'))).status).toBe(401);
    expect(await who(visitor)).toEqual({ signedIn: false });
  });

  it('is made for one’s own code: another’s, slipped in, does not fit the PKCE verifier and the nonce', async () => {
    const theirs = await away(platform, { provider: 'open', fillIn: fillInAs('olga') });
    const mine = await away(platform, { provider: 'open', fillIn: fillInAs('rita') });
    const code = new URL(theirs.url).searchParams.get('code') ?? '';
    const back = await mine.visitor.send(mine.url.replace(/code=[^&]+/, `code=${code}`));
    expect(back.headers.get('location')).toContain('signInProblem=');
    expect(await who(mine.visitor)).toEqual({ signedIn: false });
  });

  it('ends with the provider’s own word where it does not sign somebody in', async () => {
    const { visitor, url } = await away(platform, { provider: 'open', fillIn: fillInAs('rita') });
    const denied = url.replace(/code=[^&]+/, 'error=access_denied');
    const back = await visitor.send(denied);
    expect(decodeURIComponent(back.headers.get('location') ?? '')).toContain('access_denied');
  });

  it('says so where the provider is away, and leaves the other ways open', async () => {
    const answer = await fetch(`${platform.url}/oauth/login/gone`, { redirect: 'manual' });
    expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([503, 'ServiceUnavailable']);
    const headers = { accept: 'text/html,application/xhtml+xml' };
    const pages = ['/oauth/login/gone', '/oauth/login/nobody', '/oauth/callback/open?state=old&code=x'];
    for (const path of pages) {
      const page = await fetch(platform.url + path, { redirect: 'manual', headers });
      const location = page.headers.get('location') ?? '';
      expect([path, page.status, location]).toEqual([path, 302, expect.stringMatching(/^\/\?signInProblem=\w+/)]);
    }
    expect(await who((await go('open', 'olga')).visitor)).toMatchObject({ username: 'olga' });
    expect((await platform.signIn('jane', password)).token).not.toBe('');
  });
});

describe('what the provider answers', () => {
  afterEach(() => {
    idp.change.token = idp.change.userinfo = undefined;
  });
  const now = (): number => Math.floor(Date.now() / 1000);
  type Edit = (claims: JWTPayload) => JWTPayload;
  const resigned = (edit: Edit) => async (body: Record<string, unknown>) => ({
    ...body,
    id_token: await idp.sign(edit(decodeJwt(String(body['id_token'])))),
  });
  const wrongHash = createHash('sha256').update('another').digest().subarray(0, 16).toString('base64url');

  const claims: [why: string, edit: Edit, isTaken: boolean][] = [
    ['as it is', (all) => all, true],
    ['for another client', (all) => ({ ...all, aud: 'another' }), false],
    ['for us and another, without saying who asked', (all) => ({ ...all, aud: [client.id, 'another'] }), false],
    ['for another that asked', (all) => ({ ...all, aud: [client.id, 'another'], azp: 'another' }), false],
    ['of another issuer', (all) => ({ ...all, iss: 'https://evil.example' }), false],
    ['with another nonce', (all) => ({ ...all, nonce: 'another' }), false],
    ['without a nonce', ({ nonce: _none, ...all }) => all, false],
    ['of nobody', ({ sub: _none, ...all }) => all, false],
    ['for another access token', (all) => ({ ...all, at_hash: wrongHash }), false],
    ['that ended a moment ago by our clock', (all) => ({ ...all, exp: now() - 20 }), true],
    ['that ended a while ago', (all) => ({ ...all, exp: now() - 120 }), false],
    ['that begins in a moment by our clock', (all) => ({ ...all, nbf: now() + 20, iat: now() + 20 }), true],
    ['that begins later', (all) => ({ ...all, nbf: now() + 600 }), false],
  ];
  it.each(claims)('an id_token %s', async (_why, edit, isTaken) => {
    idp.change.token = resigned(edit);
    const back = await go('open', 'olga');
    expect([await who(back.visitor), problemOf(back)]).toMatchObject(
      isTaken ? [{ signedIn: true }, ''] : [{ signedIn: false }, 'the identity provider did not confirm who you are'],
    );
  });

  it('is not believed unless it is signed by a key that the provider publishes', async () => {
    const foreign = await idp.newKey();
    const forgeries: [why: string, forge: (claims: JWTPayload) => string | Promise<string>][] = [
      ['not signed', (all) => new UnsecuredJWT(all).encode()],
      ['signed by a key that nobody knows', (all) => idp.sign(all, { kid: foreign.kid ?? '' }, foreign)],
      ['signed by a foreign key in the name of a known one', (all) => idp.sign(all, {}, foreign)],
      ['signed by a key that comes along', (all) => idp.sign(all, { jwk: foreign, kid: foreign.kid ?? '' }, foreign)],
      ['cut', async (all) => (await idp.sign(all)).slice(0, -8)],
    ];
    for (const [why, forge] of forgeries) {
      idp.change.token = async (body) => ({ ...body, id_token: await forge(decodeJwt(String(body['id_token']))) });
      const back = await go('open', 'olga');
      expect([why, await who(back.visitor)]).toEqual([why, { signedIn: false }]);
    }
  });

  it('about the user is of the user that the id_token is of', async () => {
    idp.change.userinfo = (body) => ({ ...body, sub: 'carol' });
    expect(problemOf(await go('open', 'olga'))).toMatch(/did not confirm/);
  });

  it('is no answer when it is something else', async () => {
    idp.change.token = () => ({ weather: 'fine' });
    expect(problemOf(await go('open', 'olga'))).toMatch(/did not confirm/);
  });

  it('holds after the provider has changed its keys, at once', async () => {
    expect(await who((await go('open', 'tina')).visitor)).toMatchObject({ signedIn: true });
    await idp.rotate();
    expect(await who((await go('open', 'tina')).visitor)).toMatchObject({ signedIn: true });
  });
});

it('ends what a provider vouched for when it is not trusted any more', async () => {
  const provider = { issuer: idp.issuer, clientID: client.id, clientSecret: client.secret };
  await saveProvider(admin, 'leaving', { type: 'OIDCIdentityProvider', disableLoginConfirmation: true, provider });
  const { visitor } = await go('leaving', 'mia');
  expect(await who(visitor)).toMatchObject({ signedIn: true, username: 'mia' });
  const own = await platform.signIn('jane', password);
  expect((await admin.call('DELETE', `${signInApi}/identityproviders/leaving`)).status).toBe(200);
  expect(await who(visitor)).toEqual({ signedIn: false });
  expect((await visitor.json('GET', `${platform.url}${iam}/users/mia`)).status).toBe(401);
  expect((await own.call('GET', `${iam}/users/jane`)).status).toBe(200);
});

describe('a client of the API', () => {
  it('is given a token that makes the account, and then is its', async () => {
    const back = await go('corp', 'rita', { query: '?response=token' });
    const first = JSON.parse(back.text) as { access_token: string; refresh_token: string };
    const claims = decodeJwt(first.access_token);
    expect(claims).toMatchObject({ sub: 'system:pre-registration', extra: { idp: ['corp'], uid: ['rita'] } });
    const headers = { authorization: `Bearer ${first.access_token}`, 'content-type': 'application/json' };
    expect((await fetch(`${platform.url}${iam}/globalroles`, { headers })).status).toBe(403);
    const body = JSON.stringify({ metadata: { name: 'rita' }, spec: { email: 'rita@corp.example' } });
    expect((await fetch(`${platform.url}${iam}/users`, { method: 'POST', headers, body })).status).toBe(200);
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const renewed = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    const tokens = (await renewed.json()) as { access_token: string };
    const info = await fetch(`${platform.url}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await info.json()).toMatchObject({ sub: 'rita' });
    const later = await go('corp', 'rita', { query: '?response=token' });
    expect(decodeJwt((JSON.parse(later.text) as { access_token: string }).access_token).sub).toBe('rita');
  });
});

it('tells by what one can sign in, and no more', async () => {
  const response = await fetch(`${platform.url}/kapis/config.kubesphere.io/v1alpha2/configs/oauth`);
  const text = await response.text();
  const options = JSON.parse(text) as { identityProviders: Record<string, unknown>[] };
  expect(options).toMatchObject({
    issuer: 'kubesphere',
    clients: [{ name: 'kubesphere', redirectURIs: [] }],
    accessTokenMaxAge: 7_200_000_000_000,
  });
  expect(options.identityProviders.find(({ name }) => name === 'corp')).toEqual({
    name: 'corp',
    title: 'Corp',
    mappingMethod: 'auto',
    disableLoginConfirmation: false,
    type: 'OIDCIdentityProvider',
    provider: { endpoint: { authURL: '/oauth/login/corp' } },
  });
  expect(text).not.toContain(client.secret);
  expect(text).not.toContain(idp.issuer);
});

import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../rules/totp.ts';
import { saveProvider, signInApi } from './counterparts/provider-sign-in.ts';
import { hasSlapd, reader, startDirectory, suffix } from './counterparts/slapd.ts';
import type { Directory } from './counterparts/slapd.ts';
import { Visitor } from './counterparts/visitor.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';

describe.skipIf(!hasSlapd)('signing in by a directory (real slapd; skipped where it is not installed)', () => {
  let platform: TestPlatform;
  let directory: Directory;
  let admin: Awaited<ReturnType<TestPlatform['signIn']>>;

  beforeAll(async () => {
    [platform, directory] = await Promise.all([startTestPlatform({ nodes: 0 }), startDirectory()]);
    admin = await platform.signIn();
    const provider = {
      ...reader,
      host: directory.host,
      userSearchBase: suffix,
      loginAttribute: 'uid',
      groupSearchBase: suffix,
    };
    const type = 'LDAPIdentityProvider';
    await saveProvider(admin, 'staff', { type, displayName: 'Staff', groups: { devs: 'builders' }, provider });
    await saveProvider(admin, 'quick', { type, disableLoginConfirmation: true, provider });
  }, 120_000);
  afterAll(async () => {
    await directory.stop();
    await platform.stop();
  });

  interface Answer {
    readonly signedIn?: boolean;
    readonly username?: string;
    readonly mustSetUpSecondFactor?: boolean;
    readonly registration?: object;
    readonly message?: string;
    readonly reason?: string;
  }
  const enter = (visitor: Visitor, username: string, password = `${username}-secret`) =>
    visitor.json<Answer>('POST', `${platform.url}/session`, { username, password, provider: 'staff' });
  const token = async (form: Record<string, string>) => {
    const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const statusWith = async (bearer: string | undefined, path: string): Promise<number> =>
    (await fetch(platform.url + path, { headers: { authorization: `Bearer ${bearer}` } })).status;

  it('offers it as a field of the form', async () => {
    const { body } = await new Visitor().json<{ providers: object[] }>(
      'GET',
      `${platform.url}${signInApi}/signinoptions`,
    );
    expect(body.providers).toContainEqual({
      name: 'staff',
      displayName: 'Staff',
      type: 'LDAPIdentityProvider',
      kind: 'password',
    });
  });

  it('makes the account when the person agrees, and puts them into the groups that theirs stand for', async () => {
    const group = { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'Group', metadata: { name: 'builders' } };
    expect((await admin.call('POST', `/apis/iam.kubesphere.io/v1alpha2/groups`, group)).status).toBe(201);
    const visitor = new Visitor();
    expect((await enter(visitor, 'dave', 'wrong')).status).toBe(401);
    const first = await enter(visitor, 'dave');
    expect(first.body).toMatchObject({
      signedIn: false,
      registration: { provider: 'staff', suggestedName: 'dave', email: 'dave@example.org', emailIsFixed: true },
    });
    const account = { name: 'dave', email: 'dave@example.org' };
    const made = await visitor.json<Answer>('POST', `${platform.url}/session/registration`, account);
    expect([made.status, made.body.username]).toEqual([200, 'dave']);
    expect((await enter(new Visitor(), 'dave')).body).toMatchObject({ signedIn: true, username: 'dave' });
    await expect
      .poll(async () => {
        const { body } = await admin.call<{ spec: { groups?: string[] } }>('GET', `${iam}/users/dave`);
        return body.spec.groups;
      })
      .toEqual(['builders']);
  });

  it('gives tokens by the password grant too, and a code is asked for whoever has a second factor', async () => {
    const form = { grant_type: 'password', provider: 'quick', username: 'erin', password: 'erin-secret' };
    const first = await token(form);
    expect(first.status).toBe(200);
    const headers = { authorization: `Bearer ${first.body['access_token']}`, 'content-type': 'application/json' };
    const call = async (method: string, body: object): Promise<Record<string, string>> => {
      const path = `${platform.url}${signInApi}/account/secondfactor`;
      return (await fetch(path, { method, headers, body: JSON.stringify(body) })).json() as Promise<
        Record<string, string>
      >;
    };
    const { secret = '', setup = '' } = await call('POST', {});
    const step = Math.floor(Date.now() / 30_000);
    expect(await call('PUT', { setup, code: totpCode(secret, step - 1) })).toHaveProperty('recoveryCodes');
    expect((await token(form)).body['error']).toBe('mfa_required');
    expect((await token({ ...form, otp: totpCode(secret, step) })).status).toBe(200);
  });

  it('opens nothing but setting a second factor up where one is required, for a directory’s password too', async () => {
    const settings = `${signInApi}/signinsettings`;
    const { body } = await admin.call('GET', settings);
    const { body: begun } = await admin.call<Record<string, string>>('POST', `${signInApi}/account/secondfactor`, {
      password: platform.password,
    });
    const step = Math.floor(Date.now() / 30_000);
    const { secret = '', setup = '' } = begun;
    await admin.call('PUT', `${signInApi}/account/secondfactor`, { setup, code: totpCode(secret, step - 1) });
    expect((await admin.call('PUT', settings, { ...body, secondFactor: 'required' })).status).toBe(200);
    try {
      const visitor = new Visitor();
      await enter(visitor, 'r2');
      const account = { name: 'r2', email: 'r2@example.org' };
      const made = await visitor.json<Answer>('POST', `${platform.url}/session/registration`, account);
      expect(made.body).toMatchObject({ signedIn: true, mustSetUpSecondFactor: true });
      expect((await visitor.json('GET', `${platform.url}${iam}/users/r2`)).status).toBe(403);
      expect((await visitor.json('GET', `${platform.url}${signInApi}/account/secondfactor`)).body).toEqual({
        enabled: false,
      });

      const limited = await token({ grant_type: 'password', provider: 'staff', username: 'r2', password: 'r2-secret' });
      expect(limited.status).toBe(200);
      const bearer = limited.body['access_token'];
      expect(await statusWith(bearer, `${iam}/users/r2`)).toBe(403);
      expect(await statusWith(bearer, `${signInApi}/account/apitokens`)).toBe(403);
      expect(await statusWith(bearer, `${signInApi}/account/secondfactor`)).toBe(200);
      const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: bearer } };
      const reviewed = await new Visitor().json('POST', `${platform.url}/oauth/authenticate`, review);
      expect(reviewed.body).toMatchObject({ status: { authenticated: false } });
    } finally {
      expect((await admin.call('PUT', settings, { ...body, secondFactor: 'optional' })).status).toBe(200);
    }
  });

  it('says so while the directory is away; other ways in stay open, and it is asked again when it is back', async () => {
    await directory.kill();
    const away = await enter(new Visitor(), 'dave');
    expect([away.status, away.body.reason]).toEqual([503, 'ServiceUnavailable']);
    expect(away.body.message).not.toContain('127.0.0.1');
    expect((await token({ grant_type: 'password', provider: 'quick', username: 'erin', password: 'x' })).status).toBe(
      503,
    );
    const own = await token({ grant_type: 'password', username: 'admin', password: platform.password });
    expect(own.body['error']).toBe('mfa_required');
    await directory.startAgain();
    expect((await enter(new Visitor(), 'dave')).body.username).toBe('dave');
  });

  it('is over for an account that was disabled here, whatever the directory says', async () => {
    await expect
      .poll(async () => {
        const { body } = await admin.call<{ status: object }>('GET', `${iam}/users/dave`);
        const disabled = { ...body, status: { ...body.status, state: 'Disabled' } };
        return (await admin.call('PUT', `${iam}/users/dave`, disabled)).status;
      })
      .toBe(200);
    const refused = await enter(new Visitor(), 'dave');
    expect([refused.status, refused.body.message]).toEqual([401, 'account is not active']);
  });
});

import { silentLogger } from '@kit/base';
import { startTestPlatform } from '@kit/testing';
import type { Session, TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { annotations, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { ensureAdmin } from '../controller/index.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const settings = '/kapis/iam.freehold.io/v1alpha1/signinsettings';
const [short, long, signed] = ['Str0ngPass', 'Str0ngPassword', 'Str0ng-Password'];

let platform: TestPlatform;
let admin: Session;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
}, 60_000);
afterAll(() => platform.stop());

const userBody = (name: string, password: string): object => ({
  metadata: { name },
  spec: { email: `${name}@example.com`, password },
});

describe('the policy of passwords', () => {
  beforeAll(async () => {
    const { body } = await admin.call<object>('GET', settings);
    const passwordPolicy = { minLength: 12, needsSymbol: true, maxAgeDays: 0 };
    expect((await admin.call('PUT', settings, { ...body, passwordPolicy })).status).toBe(200);
    expect((await admin.call('POST', `${iam}/users`, userBody('jane', signed))).status).toBe(200);
  });

  const own = (): Promise<Session> => platform.signIn('jane', signed);
  type Set = (password: string) => ReturnType<Session['call']>;
  const ways: [where: string, field: string, set: Set][] = [
    ['creating a user', 'spec.password', (password) => admin.call('POST', `${iam}/users`, userBody('mark', password))],
    ['setting another’s', 'password', (password) => admin.call('PUT', `${iam}/users/jane/password`, { password })],
    [
      'changing one’s own',
      'password',
      async (password) =>
        (await own()).call('PUT', `${iam}/users/jane/password`, { currentPassword: signed, password }),
    ],
    [
      'choosing the first of one’s own as KubeSphere’s console does',
      'spec.password',
      async (password) =>
        (await own()).call('PATCH', '/apis/iam.kubesphere.io/v1alpha2/users/jane', { spec: { password } }),
    ],
  ];
  it.each(ways)('holds, and names its rule, when %s', async (_where, field, set) => {
    const problems = [
      [short, /has 12 to 64 characters/],
      [long, /neither a letter/],
    ] as const;
    for (const [password, rule] of problems) {
      const { status, body } = await set(password);
      expect(status).toBe(422);
      expect(body).toMatchObject({ message: expect.stringMatching(rule), details: { causes: [{ field }] } });
    }
  });
});

describe('what the platform notes on a user', () => {
  it('stays when the user replaces themselves', async () => {
    const name = 'lucy';
    expect((await admin.call('POST', `${iam}/users`, userBody(name, signed))).status).toBe(200);
    const noted = { [annotations.lockedUntil]: '2026-01-01T00:00:00Z', [annotations.passwordRenewed]: 'then' };
    const patch = { metadata: { annotations: noted } };
    await platform.kube.patch<UserObject>(iamTypes.users, { name }, patch, { type: 'merge' });
    const lucy = await platform.signIn(name, signed);
    // The time of the sign-in is written meanwhile: a conflict is answered by reading again.
    await vi.waitFor(async () => {
      const { metadata, spec } = await platform.kube.get<UserObject>(iamTypes.users, { name });
      const given = { [annotations.lockedUntil]: 'never', own: 'kept' };
      const body = {
        metadata: { name, resourceVersion: metadata.resourceVersion, annotations: given },
        spec: { email: spec.email, displayName: 'Lucy' },
      };
      expect((await lucy.call('PUT', `${iam}/users/${name}`, body)).status).toBe(200);
    });
    const after = await platform.kube.get<UserObject>(iamTypes.users, { name });
    expect(after.metadata.annotations).toMatchObject({ ...noted, own: 'kept' });
    expect(after.spec.displayName).toBe('Lucy');
  });
});

describe('the administrator of a new platform', () => {
  const again = (isAlone = true): ReturnType<typeof ensureAdmin> =>
    ensureAdmin({ client: platform.kube, log: silentLogger, isAlone });
  let fresh: TestPlatform;
  beforeAll(async () => {
    fresh = platform;
    platform = await startTestPlatform({ nodes: 0 });
  }, 60_000);
  afterAll(() => fresh.stop());
  const forgetTold = (): Promise<unknown> => {
    const patch = { metadata: { annotations: { [annotations.passwordTold]: null } } };
    return platform.kube.patch(iamTypes.users, { name: 'admin' }, patch, { type: 'merge' });
  };

  it('gets another password when the first was never told, and not afterwards', async () => {
    expect(await again()).toBeUndefined();
    await forgetTold();
    expect(await again(false)).toBeUndefined(); // another replica may be about to tell it
    const made = await again();
    const password = made?.password.reveal() ?? '';
    await expect(platform.signIn('admin', platform.password)).rejects.toThrow(/refused/);
    await made?.told();
    expect(await again()).toBeUndefined();
    await platform.signIn('admin', password);
    await expect
      .poll(async () => (await platform.kube.get<UserObject>(iamTypes.users, { name: 'admin' })).status?.lastLoginTime)
      .toBeTruthy();
    await forgetTold();
    expect(await again()).toBeUndefined(); // who signed in knows it
  });
});

describe('a 401', () => {
  it.each([
    ['without a credential', {}, 'Bearer'],
    ['with a token that does not hold', { authorization: 'Bearer x.y.z' }, 'Bearer error="invalid_token"'],
    ['with a wrong password, without a dialog of the browser’s', { authorization: `Basic ${btoa('a:b')}` }, 'Bearer'],
  ])('says what is asked for: %s', async (_why, headers, challenge) => {
    const path = '/kapis/iam.freehold.io/v1alpha1/account/sessions';
    for (const one of [path, '/oauth/userinfo']) {
      const answer = await fetch(platform.url + one, { headers: headers as Record<string, string> });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
    }
  });
});

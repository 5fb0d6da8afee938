import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import {
  client,
  startOpenIdProvider,
  type OpenIdProvider,
} from '../../features/iam/test/counterparts/openid-provider.ts';
import { openBrowser, type Browser } from '../browser.ts';
import { openSession, settleAdmin } from '../steps.ts';
import { startTarget, unique } from '../target.ts';

describe('a company’s own sign-in', () => {
  let platform: TestPlatform;
  let company: OpenIdProvider;
  let admin: Browser;
  let guest: Browser;
  const provider = unique('company');
  const username = unique('jun');
  const own = 'My-own-2026';

  beforeAll(async () => {
    platform = await startTarget();
    const session = await settleAdmin(platform, own);
    company = await startOpenIdProvider({
      people: {
        jun: { email: `${username}@example.com`, email_verified: true, preferred_username: username, name: 'Jun' },
      },
      redirectUris: [`${platform.url}/oauth/callback/${provider}`],
    });
    await session.call('DELETE', `/kapis/iam.kubesphere.io/v1alpha2/users/${username}`);
    [admin, guest] = await Promise.all([openBrowser(), openBrowser()]);
    await openSession(admin, platform, { username: 'admin', password: own });
  });
  afterAll(async () => {
    const session = await platform?.signIn('admin', own);
    await session?.call('DELETE', `/kapis/iam.freehold.io/v1alpha1/identityproviders/${provider}`);
    await session?.call('DELETE', `/kapis/iam.kubesphere.io/v1alpha2/users/${username}`);
    await admin?.close();
    await guest?.close();
    await company?.stop();
    await platform?.stop();
  });

  it('is added by whoever runs the platform', async () => {
    const { page } = admin;
    await page.goto(`${platform.url}/sign-in`);
    await page.getByRole('button', { name: 'Add identity provider' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Name', { exact: true }).fill(provider);
    await panel.getByLabel('Display name').fill('Company');
    await panel.getByLabel(/^Issuer address/).fill(company.issuer);
    await panel.getByLabel(/^Client id/).fill(client.id);
    await panel.getByLabel('Client secret', { exact: true }).fill(client.secret);
    await admin.expectAccessible();
    await panel.getByRole('button', { name: 'Add identity provider' }).click();
    await page.getByRole('cell', { name: 'Company', exact: true }).waitFor();
    expect(await page.content()).not.toContain(client.secret);
  });

  it('leads there and back, to one more step', async () => {
    const { page } = guest;
    await page.goto(platform.url);
    await page.getByRole('link', { name: 'Sign in with Company' }).click();
    await page.locator('input[name=login]').fill('jun');
    await page.locator('input[name=password]').fill('anything');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click();
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    expect(await page.getByLabel('User name').inputValue()).toBe(username);
    await guest.shot('first-sign-in');
    await guest.expectAccessible();
  });

  it('after which there is an account', async () => {
    const { page } = guest;
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Workbench', level: 1 }).waitFor();
    await page.getByText(`Your user name is ${username}`).waitFor();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { openBrowser, type Browser } from '../browser.ts';
import { enterAs, make } from '../steps.ts';
import { startTarget, unique } from '../target.ts';
import { appCode } from '../totp.ts';

const users = '/kapis/iam.kubesphere.io/v1alpha2/users';

describe('a user and their own account', () => {
  let platform: TestPlatform;
  let browser: Browser;
  let admin: Session;
  const username = unique('minji');
  const own = 'My-own-2026';
  let secret = '';

  beforeAll(async () => {
    platform = await startTarget();
    admin = await platform.signIn();
    await make(admin, users, {
      metadata: { name: username },
      spec: { email: `${username}@example.com`, password: 'Given-2026' },
    });
    browser = await openBrowser();
    await enterAs(browser, platform, { username, given: 'Given-2026', own });
  });
  afterAll(async () => {
    await browser?.close();
    await admin?.call('DELETE', `${users}/${username}`);
    await platform?.stop();
  });

  it('gives themselves a name, by the menu of their own', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: `Your account ${username}` }).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    await page.getByLabel('Display name').fill('Minji Kim');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await browser.expectAccessible();
  });

  it('turns a second factor on, and keeps the recovery codes', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Password and code' }).click();
    await page.getByRole('button', { name: 'Turn on second factor' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Current password', { exact: true }).fill(own);
    await panel.getByRole('button', { name: 'Continue' }).click();
    await panel.getByRole('img', { name: /Square to scan/ }).waitFor();
    secret = (await panel.getByRole('textbox', { name: 'Or type this into the app' }).textContent()) ?? '';
    await browser.expectAccessible();
    await panel.getByLabel('Code', { exact: true }).fill(appCode(secret));
    await panel.getByRole('button', { name: 'Turn on second factor' }).click();
    const codes = await panel.getByRole('textbox', { name: 'Recovery codes' }).textContent();
    expect(codes?.split('\n').length).toBeGreaterThanOrEqual(8);
    await panel.getByLabel('I keep them in a safe place').check();
    await panel.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('main').getByText('On', { exact: true }).waitFor();
  });

  it('makes a token for a script, which reads and does not write', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'API tokens' }).click();
    await page.getByRole('button', { name: 'Create token' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('What it is for').fill('nightly report');
    await panel.getByRole('button', { name: 'Create token' }).click();
    const token = (await panel.getByRole('textbox', { name: 'Token', exact: true }).textContent()) ?? '';
    await panel.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('cell', { name: 'nightly report' }).waitFor();
    expect(await page.content()).not.toContain(token);
    const ask = (method: string) =>
      fetch(`${platform.url}${users}/${username}`, { method, headers: { authorization: `Bearer ${token}` } });
    expect((await ask('GET')).status).toBe(200);
    expect((await ask('DELETE')).status).toBe(403);
  });

  it('is asked for the code when they sign in again', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: `Your account ${username}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('User name or e-mail').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(own);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Type your code' }).waitFor();
    await browser.expectAccessible();
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The code is wrong').waitFor();
    await page.getByLabel('Code').fill(appCode(secret, 1)); // the code of this half minute was used when the app was added
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Workbench', level: 1 }).waitFor();
  });

  it('sees every sign-in, the failed one too, and where they are', async () => {
    const { page } = browser;
    await page.goto(`${platform.url}/account?tab=history`);
    await page.getByText('incorrect second factor').waitFor();
    await page.getByRole('button', { name: 'Sessions' }).click();
    await page.getByText('This one').waitFor();
    await browser.expectAccessible();
  });

  it('has met no refusal that the browser reports but the wrong code', () => {
    expect(browser.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});

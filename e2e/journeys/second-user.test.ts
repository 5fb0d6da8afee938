import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { openBrowser, type Browser } from '../browser.ts';
import { deploymentOf, enterAs, make, makePlaces } from '../steps.ts';
import { image, startTarget, unique } from '../target.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const workspaces = '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates';

describe('a second user', () => {
  let platform: TestPlatform;
  let browser: Browser;
  let admin: Session;
  const workspace = unique('acme');
  const project = unique('shop');
  const user = unique('minji');
  const given = 'Given-2026';
  const address = () => `${platform.url}/workspaces/${workspace}/clusters/host/projects/${project}`;

  beforeAll(async () => {
    platform = await startTarget();
    admin = await platform.signIn();
    await makePlaces(admin, { workspace, project });
    await make(admin, `/apis/apps/v1/namespaces/${project}/deployments`, deploymentOf('web', image));
    await make(admin, `${iam}/users`, {
      metadata: { name: user },
      spec: { email: `${user}@example.com`, password: given },
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await admin?.call('DELETE', `${workspaces}/${workspace}`);
    await admin?.call('DELETE', `${iam}/users/${user}`);
    await platform?.stop();
  });

  it('is asked for an own password, and finds out who can let them in', async () => {
    await enterAs(browser, platform, { username: user, given, own: 'My-own-2026' });
    const { page } = browser;
    await page.getByText(`Your user name is ${user}`).waitFor();
    expect(await page.getByRole('button', { name: 'Create workspace' }).count()).toBe(0);
    await browser.shot('second-user-empty');
    await browser.expectAccessible();
  });

  it('reads which right is missing and who grants it', async () => {
    const { page } = browser;
    await page.goto(`${address()}/deployments`);
    await page.getByRole('heading', { name: 'You have no right to see this' }).waitFor();
    await page.getByText(/cannot list resource "deployments"/).waitFor();
    await page.getByText(`An administrator of project ${project} can grant it.`).waitFor();
    await browser.shot('second-user-forbidden');
    await browser.expectAccessible();
  });

  it('sees the project in the same session once they are a member', async () => {
    await make(admin, `${iam}/namespaces/${project}/members`, [{ username: user, roleRef: 'viewer' }]);
    const { page } = browser;
    await page.goto(platform.url);
    await page.getByRole('main').getByRole('link', { name: project, exact: true }).click();
    await page.getByRole('main').getByRole('link', { name: 'web', exact: true }).first().click();
    await page.getByRole('heading', { name: 'web', level: 1 }).waitFor();
  });

  it('may read and not write, and reads why at the button', async () => {
    const { page } = browser;
    for (const name of ['Scale', 'Change image']) {
      const button = page.getByRole('button', { name }).first();
      await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
      await button.hover();
      await page
        .getByRole('tooltip')
        .getByText(/cannot patch resource "deployments"/)
        .waitFor();
      await button.click({ force: true }); // nothing happens but that it is explained
      const why = page.getByRole('dialog', { name: `Not allowed: ${name}` });
      await why.getByText(`Operator in project ${project}`).waitFor();
      await page.keyboard.press('Escape');
      await why.waitFor({ state: 'hidden' });
    }
    await browser.shot('second-user-viewer');
    await browser.expectAccessible();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: /Delete.*cannot delete resource/ }).waitFor();
    await browser.expectAccessible();
  });

  it('has met no refusal that the browser reports but the one that was looked for', () => {
    expect(browser.complaints.filter((text) => !text.includes('403'))).toEqual([]);
  });
});

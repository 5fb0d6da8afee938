import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { root } from '../../tools/root.mjs';
import { openBrowser, type Browser } from '../browser.ts';
import { startTarget, unique } from '../target.ts';

describe('from the first sign-in to a running shop', () => {
  let platform: TestPlatform;
  let browser: Browser;
  const workspace = unique('acme');
  const project = unique('shop');
  const password = 'My-own-2026';

  beforeAll(async () => {
    platform = await startTarget({ podDelayScale: 0.2 });
    browser = await openBrowser();
    await browser.page.goto(platform.url);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  });

  it('signs in with the generated password and is asked for an own one', async () => {
    const { page } = browser;
    await page.getByLabel('User name or e-mail').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(platform.password);
    await browser.expectAccessible();
    await browser.shot('sign-in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
    await browser.shot('first-password');
    await page.getByLabel('Current password', { exact: true }).fill(platform.password);
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.getByLabel('New password again', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { name: 'Workbench', level: 1 }).waitFor();
    await browser.shot('workbench-empty');
  });

  it('creates a workspace and a project', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Create workspace' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill(workspace);
    await browser.shot('create-workspace');
    await page.getByRole('dialog').getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('button', { name: 'Create project' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill(project);
    await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('heading', { name: project, level: 1 }).waitFor();
    await browser.shot('project-empty');
  });

  it('imports the shop after a dry run that lists it', async () => {
    const { page } = browser;
    await page.getByRole('link', { name: 'Import YAML' }).first().click();
    await page.setInputFiles('input[type=file]', join(root, 'samples/online-boutique.yaml'));
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByText('to create').first().waitFor();
    await browser.shot('import-plan');
    await page.getByRole('button', { name: /^Import \d+ objects$/ }).click();
    await page.getByText('Watch it start').waitFor({ timeout: 60_000 });
    await browser.shot('import-done');
    await page.getByText('Watch it start').click();
    await page.getByText('12 deployments').first().waitFor();
    await browser.shot('starting');
  });

  it('watches twelve Deployments come up', async () => {
    const { page } = browser;
    await page.getByRole('navigation').getByRole('link', { name: 'Workloads' }).click();
    await page.getByRole('heading', { name: 'Deployments', level: 1 }).waitFor();
    await expect.poll(() => page.getByText('Running 1 of 1').count(), { timeout: 60_000 }).toBe(12);
    await browser.shot('deployments');
    await browser.expectAccessible();
  });

  /** Opens a tab of the page under the mouse and waits until it has something to say. */
  const openTab = async (name: string, shows: RegExp): Promise<void> => {
    const { page } = browser;
    await page.getByRole('navigation', { name: 'cartservice' }).getByRole('button', { name, exact: true }).click();
    await page.getByRole('main').getByText(shows).first().waitFor();
    await browser.shot(`deployment-${name.toLowerCase()}`);
    await browser.expectAccessible();
  };

  it('opens one and reads everything about it', async () => {
    const { page } = browser;
    await page.getByRole('link', { name: 'cartservice', exact: true }).click();
    await page.getByRole('heading', { name: 'cartservice', level: 1 }).waitFor();
    await browser.shot('deployment');
    await openTab('Pods', /^cartservice-/);
    await openTab('Revisions', /runs now/);
    await openTab('Events', /ScalingReplicaSet/);
    await openTab('Logs', /no real process runs here/);
    await openTab('YAML', /apiVersion/);
  });

  it('scales it in place', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Scale' }).click();
    await page.getByLabel('Number of pods').fill('3');
    await page.getByText('1 to 3 pods').waitFor();
    await browser.shot('scale');
    await page.getByRole('dialog').getByRole('button', { name: 'Scale' }).click();
    await page.getByText(/^3 of 3 running/).waitFor({ timeout: 60_000 });
  });

  it('changes its image after seeing the difference, and rolls back', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Change image' }).click();
    await page.getByLabel('Image of container server').fill('example.com/cartservice:v2');
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page.getByRole('dialog').getByText('example.com/cartservice:v2').first().waitFor();
    await browser.shot('image-diff');
    await browser.expectAccessible();
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await page.getByText(/^3 of 3 running, revision 2/).waitFor({ timeout: 60_000 });

    await openTab('Revisions', /Revision 1/);
    await page.getByRole('button', { name: 'Roll back to 1' }).click();
    await page.getByRole('dialog').getByText('cartservice:v0').first().waitFor();
    await browser.shot('roll-back');
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await page.getByText(/^3 of 3 running, revision 3/).waitFor({ timeout: 60_000 });
  });

  it('deletes it after saying what goes with it', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('3 pods are stopped and removed').waitFor();
    await browser.shot('delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete Deployment' }).click();
    await page.getByRole('heading', { name: 'Deployments', level: 1 }).waitFor();
    await page.mouse.move(640, 20); // rows do not go from under a pointer
    await expect
      .poll(() => page.getByRole('link', { name: 'cartservice', exact: true }).count(), { timeout: 30_000 })
      .toBe(0);
    await browser.shot('deployments-after');
  });

  it('complains about nothing in the browser', () => {
    expect(browser.complaints).toEqual([]);
  });
});

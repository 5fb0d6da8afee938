import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { root } from '../../tools/root.mjs';
import { openBrowser, type Browser } from '../browser.ts';
import { createPlaces, enter, importFile } from '../steps.ts';
import { realKubeconfig, startTarget, unique } from '../target.ts';

const where = realKubeconfig ? 'real' : 'embedded';

describe(`a small shop on the ${where} cluster, one part of which cannot start`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  const workspace = unique('books');
  const project = unique('shelf');

  beforeAll(async () => {
    platform = await startTarget({ podDelayScale: 0.2 });
    browser = await openBrowser();
    await enter(browser, platform);
    await createPlaces(browser, { workspace, project });
    await importFile(browser, join(root, 'samples/bookshelf.yaml'));
  });
  afterAll(async () => {
    const admin = await platform?.signIn('admin', 'My-own-2026');
    await admin?.call('DELETE', `/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates/${workspace}`);
    await browser?.close();
    await platform?.stop();
  });

  const goTo = async (deployment: string): Promise<void> => {
    const { page } = browser;
    await page.getByRole('navigation').getByRole('link', { name: 'Workloads' }).click();
    await page.getByRole('heading', { name: 'Deployments', exact: true, level: 1 }).waitFor();
    await page.getByRole('table').getByRole('link', { name: deployment, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: deployment }).waitFor();
  };
  const openTab = async (deployment: string, name: string): Promise<void> => {
    await browser.page.getByRole('navigation', { name: deployment }).getByRole('button', { name, exact: true }).click();
  };

  it('says on the overview what fails, why, and that the rest runs', async () => {
    const { page } = browser;
    await page
      .getByText(/Image registry\.invalid\/bookshelf\/recommender:1\.0 .*cannot be pulled/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByText('Running 2 of 2').first().waitFor({ timeout: 60_000 });
    await browser.shot(`bookshelf-${where}-overview`);
    await browser.expectAccessible();
  });

  it('shows the failing one with the registry’s answer and the next steps', async () => {
    await goTo('recommender');
    await browser.page
      .getByText(/cannot be pulled/)
      .first()
      .waitFor();
    await browser.page.getByRole('main').getByRole('button', { name: 'Change image' }).first().waitFor();
    await browser.shot(`bookshelf-${where}-image-pull`);
    await browser.expectAccessible();
  });

  it('reads the log of a running container, which says whether it is real', async () => {
    const { page } = browser;
    await goTo('reader');
    await openTab('reader', 'Logs');
    await page
      .getByText(/read page \d+/)
      .first()
      .waitFor();
    expect(await page.getByText('Simulated log').count()).toBe(realKubeconfig ? 0 : 1);
    await browser.shot(`bookshelf-${where}-log`);
  });

  it('scales, breaks the rollout with a wrong image, sees why, and rolls back', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Scale' }).click();
    await page.getByLabel('Number of pods').fill('2');
    await page.getByRole('dialog').getByRole('button', { name: 'Scale' }).click();
    await page.getByText(/^2 of 2 running/).waitFor({ timeout: 60_000 });

    await page.getByRole('button', { name: 'Change image' }).click();
    await page.getByLabel('Image of container reader').fill('registry.invalid/bookshelf/reader:2.0');
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await openTab('reader', 'Overview');
    await page
      .getByText(/reader:2\.0 .*cannot be pulled/)
      .first()
      .waitFor({ timeout: 60_000 });
    await browser.shot(`bookshelf-${where}-stuck-rollout`);

    await openTab('reader', 'Revisions');
    await page.getByRole('button', { name: 'Roll back to 1' }).click();
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await page.getByText(/^2 of 2 running, revision 3/).waitFor({ timeout: 60_000 });
  });

  it('sees the addresses behind a service', async () => {
    const { page } = browser;
    await page.getByRole('navigation').getByRole('link', { name: 'Services' }).click();
    await page.getByRole('link', { name: 'web', exact: true }).click();
    await page.getByText('2 addresses answer behind web').waitFor();
    await browser.shot(`bookshelf-${where}-service`);
    await browser.expectAccessible();
  });
});

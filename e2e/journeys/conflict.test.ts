import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { openBrowser, type Browser } from '../browser.ts';
import { deploymentOf, makePlaces, make, openSession, settleAdmin } from '../steps.ts';
import { image, startTarget, unique } from '../target.ts';

interface Shown {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit: number;
  };
}

describe('editing YAML that somebody else changes meanwhile', () => {
  let platform: TestPlatform;
  let browser: Browser;
  let admin: Session;
  const workspace = unique('acme');
  const project = unique('shop');
  const password = 'My-own-2026';
  const deployments = `/apis/apps/v1/namespaces/${project}/deployments`;

  const stored = async (): Promise<Shown['spec']> => (await admin.call<Shown>('GET', `${deployments}/web`)).body.spec;
  const somebodyElse = async (spec: object): Promise<void> => {
    const type = { 'content-type': 'application/merge-patch+json' };
    const { status, text } = await admin.call('PATCH', `${deployments}/web`, JSON.stringify({ spec }), type);
    expect(status, text).toBe(200);
  };

  beforeAll(async () => {
    platform = await startTarget();
    admin = await settleAdmin(platform, password);
    await makePlaces(admin, { workspace, project });
    await make(admin, deployments, deploymentOf('web', image));
    const isUp = async (): Promise<void> => {
      const { body } = await admin.call<{ status?: { availableReplicas?: number } }>('GET', `${deployments}/web`);
      expect(body.status?.availableReplicas).toBeGreaterThan(0);
    };
    await vi.waitFor(isUp, { timeout: 60_000, interval: 200 });
    browser = await openBrowser();
    await openSession(browser, platform, { username: 'admin', password });
  });
  afterAll(async () => {
    await browser?.close();
    await admin?.call('DELETE', `/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates/${workspace}`);
    await platform?.stop();
  });

  /** Begins an edit and puts another number of pods into the text. */
  const editReplicas = async (from: number, to: number): Promise<void> => {
    const { page } = browser;
    await page.goto(
      `${platform.url}/workspaces/${workspace}/clusters/host/projects/${project}/deployments/web?tab=yaml`,
    );
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'YAML of Deployment web' });
    await editor.getByText('replicas', { exact: true }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(String(to));
    await editor.getByText(`replicas: ${to}`).waitFor();
    expect((await stored()).replicas).toBe(from);
  };

  it('puts both changes together where they do not touch', async () => {
    const { page } = browser;
    await editReplicas(1, 3);
    await somebodyElse({ minReadySeconds: 7 });
    await page.getByText('The object has changed since you began').waitFor();
    await page.getByRole('button', { name: 'Review the change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed web meanwhile' });
    await dialog.getByText('spec.minReadySeconds').waitFor();
    await dialog.getByText('both fit together').waitFor();
    await browser.shot('conflict-apart');
    await browser.expectAccessible();
    await dialog.getByRole('button', { name: 'Put both together' }).click();

    await page.getByRole('button', { name: 'Review the change' }).click();
    const review = page.getByRole('dialog', { name: 'What will change' });
    await review.getByText('spec.replicas').waitFor();
    expect(await review.getByText('spec.minReadySeconds').count()).toBe(0);
    await review.getByRole('button', { name: 'Apply the change' }).click();
    await review.waitFor({ state: 'hidden' });
    expect(await stored()).toMatchObject({ replicas: 3, minReadySeconds: 7 });
  });

  it('asks whose value stands where both changed the same field', async () => {
    const { page } = browser;
    await editReplicas(3, 4);
    await somebodyElse({ replicas: 2, revisionHistoryLimit: 5 });
    await page.getByRole('button', { name: 'Review the change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed web meanwhile' });
    const mine = page.getByRole('checkbox', { name: 'Use yours for spec.replicas' });
    await mine.waitFor();
    expect(await dialog.getByRole('row').filter({ has: mine }).getByRole('cell').allTextContents()).toEqual([
      'spec.replicas',
      '2',
      '4',
    ]);
    await browser.shot('conflict-same-field');
    await browser.expectAccessible();
    await mine.check();
    await dialog.getByRole('button', { name: 'Put both together' }).click();
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page
      .getByRole('dialog', { name: 'What will change' })
      .getByRole('button', { name: 'Apply the change' })
      .click();
    await expect
      .poll(stored, { timeout: 20_000 })
      .toMatchObject({ replicas: 4, revisionHistoryLimit: 5, minReadySeconds: 7 });
  });

  it('keeps the draft over a reload', async () => {
    const { page } = browser;
    await editReplicas(4, 6);
    await page.reload();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await page.getByRole('textbox', { name: 'YAML of Deployment web' }).getByText('replicas: 6').waitFor();
    await page.getByRole('button', { name: 'Stop editing' }).click();
    expect((await stored()).replicas).toBe(4);
  });

  it('complains about nothing in the browser but a write that a change of status has overtaken', () => {
    expect(browser.complaints.filter((text) => !text.includes('409'))).toEqual([]);
  });
});

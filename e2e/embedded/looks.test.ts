import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { openBrowser, type Browser, type BrowserOptions } from '../browser.ts';
import { deploymentOf, make, makePlaces, openSession, settleAdmin } from '../steps.ts';
import { image, startTarget, unique } from '../target.ts';

const looks: [name: string, options: BrowserOptions][] = [
  ['dark', { theme: 'dark' }],
  ['ko', { language: 'ko' }],
  ['zh', { language: 'zh' }],
  ['phone', { width: 390 }],
];

describe('every main page in every look', () => {
  let platform: TestPlatform;
  let admin: Session;
  const workspace = unique('acme-manufacturing');
  const project = unique('checkout-and-payment');
  const password = 'My-own-2026';

  const inWorkspace = `/workspaces/${workspace}`;
  const inProject = `${inWorkspace}/clusters/host/projects/${project}`;
  const pages: [name: string, path: string][] = [
    ['workbench', '/'],
    ['workspaces', '/workspaces'],
    ['all-projects', '/workspaces?tab=projects'],
    ['access-requests', '/access-requests'],
    ['account', '/account'],
    ['account-security', '/account?tab=security'],
    ['account-tokens', '/account?tab=tokens'],
    ['account-sessions', '/account?tab=sessions'],
    ['account-history', '/account?tab=history'],
    ['account-kubectl', '/account?tab=kubectl'],
    ['users', '/users'],
    ['user', '/users/admin'],
    ['platform-roles', '/users?tab=roles'],
    ['cluster', '/cluster'],
    ['cluster-role', '/cluster/roles/cluster-viewer'],
    ['new-cluster-role', '/cluster/new/role'],
    ['identity-providers', '/sign-in'],
    ['applications', '/sign-in?tab=clients'],
    ['sign-in-rules', '/sign-in?tab=rules'],
    ['limits', '/limits'],
    ['workspace', inWorkspace],
    ['projects', `${inWorkspace}/projects`],
    ['members', `${inWorkspace}/members`],
    ['groups', `${inWorkspace}/members?tab=groups`],
    ['roles', `${inWorkspace}/members?tab=roles`],
    ['new-role', `${inWorkspace}/members/new/role`],
    ['role', `${inWorkspace}/members/roles/${workspace}-viewer`],
    ['settings', `${inWorkspace}/settings`],
    ['workspace-limits', `${inWorkspace}/settings?tab=limits`],
    ['project-settings', `${inProject}/settings`],
    ['project-members', `${inProject}/members`],
    ['project-roles', `${inProject}/members?tab=roles`],
    ['project', inProject],
    ['deployments', `${inProject}/deployments`],
    ['deployment', `${inProject}/deployments/web`],
    ['deployment-failing', `${inProject}/deployments/broken`],
    ['deployment-yaml', `${inProject}/deployments/web?tab=yaml`],
    ['pods', `${inProject}/pods`],
    ['services', `${inProject}/services`],
    ['service', `${inProject}/services/web`],
    ['config', `${inProject}/config`],
    ['secret', `${inProject}/config/secrets/keys`],
    ['events', `${inProject}/events`],
    ['import', `${inProject}/import`],
    ['missing', `${inProject}/deployments/nothing`],
  ];

  beforeAll(async () => {
    platform = await startTarget();
    admin = await settleAdmin(platform, password);
    await makePlaces(admin, { workspace, project });
    const objects = `/api/v1/namespaces/${project}`;
    const deployments = `/apis/apps/v1/namespaces/${project}/deployments`;
    await make(admin, deployments, deploymentOf('web', image));
    await make(
      admin,
      deployments,
      deploymentOf('broken', 'registry.invalid/a-team-with-a-long-name/checkout-service:2026.11.3'),
    );
    await make(admin, `${objects}/services`, {
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    await make(admin, `${objects}/secrets`, { metadata: { name: 'keys' }, stringData: { password: 'hunter2' } });
  });
  afterAll(async () => {
    await admin?.call('DELETE', `/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates/${workspace}`);
    await platform?.stop();
  });

  describe.each(looks)('%s', (look, options) => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser(options);
    });
    afterAll(() => browser?.close());

    /** By how much the page is wider than its window. */
    const overflow = (): Promise<number> =>
      browser.page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll('html, main')].map((each) => each.scrollWidth - each.clientWidth))`,
      );

    it('asks who one is', async () => {
      await browser.page.goto(platform.url);
      await browser.page.getByRole('heading', { level: 1 }).waitFor();
      await browser.shot(`look-${look}-sign-in`);
      await browser.expectAccessible();
      expect(await overflow()).toBe(0);
      await openSession(browser, platform, { username: 'admin', password });
    });

    it.each(pages)('shows %s', async (name, path) => {
      const { page } = browser;
      await page.goto(platform.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('main [role=status][aria-label]').count()).toBe(0); // the skeleton
      await browser.shot(`look-${look}-${name}`);
      await browser.expectAccessible();
      expect(await overflow()).toBe(0);
    });

    it('complains of nothing but the page that is not there', () => {
      expect(browser.complaints.filter((text) => !text.includes('404'))).toEqual([]);
    });
  });
});

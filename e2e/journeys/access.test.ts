import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { openBrowser, type Browser } from '../browser.ts';
import { enterAs, make, makePlaces, openSession, settleAdmin } from '../steps.ts';
import { startTarget, unique } from '../target.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const workspaces = '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates';

describe('who may do what', () => {
  let platform: TestPlatform;
  let manager: Browser;
  let member: Browser;
  let admin: Session;
  const workspace = unique('acme');
  const other = unique('northwind');
  const project = unique('shop');
  const user = unique('oliver');
  const own = 'My-own-2026';
  const place = () => `${platform.url}/workspaces/${workspace}`;

  beforeAll(async () => {
    platform = await startTarget();
    admin = await settleAdmin(platform, own);
    await makePlaces(admin, { workspace, project });
    await make(admin, workspaces, { metadata: { name: other }, spec: { template: { spec: { manager: 'admin' } } } });
    await make(admin, `${iam}/users`, {
      metadata: { name: user },
      spec: { email: `${user}@example.com`, password: 'Given-2026' },
    });
    await make(admin, `${iam}/namespaces/${project}/members`, [{ username: user, roleRef: 'viewer' }]);
    [manager, member] = await Promise.all([openBrowser(), openBrowser()]);
    await openSession(manager, platform, { username: 'admin', password: own });
    await enterAs(member, platform, { username: user, given: 'Given-2026', own });
  });
  afterAll(async () => {
    await manager?.close();
    await member?.close();
    for (const name of [workspace, other]) await admin?.call('DELETE', `${workspaces}/${name}`);
    await admin?.call('DELETE', `${iam}/users/${user}`);
    await platform?.stop();
  });

  it('a manager makes a role of templates, which bring along what they need', async () => {
    const { page } = manager;
    await page.goto(`${place()}/members?tab=roles`);
    await page
      .getByRole('link', { name: 'Create role' })
      .or(page.getByRole('button', { name: 'Create role' }))
      .click();
    await page.getByLabel('Name', { exact: true }).fill('releaser');
    await page.getByLabel('Manage projects').check();
    expect(await page.getByLabel('See members').isChecked()).toBe(true);
    expect(await page.getByLabel('See members').isDisabled()).toBe(true);
    await manager.expectAccessible();
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('main').getByRole('link', { name: 'releaser' }).waitFor();
  });

  it('and a group below another, whose members have it', async () => {
    const { page } = manager;
    for (const name of ['engineering', 'payments']) {
      await page.getByRole('button', { name: 'Groups' }).click();
      await page.getByRole('button', { name: 'Create group' }).click();
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click();
      await page.getByRole('heading', { name, level: 2 }).waitFor();
    }
    await page
      .getByRole('textbox', { name: 'User' })
      .or(page.getByRole('combobox', { name: 'User' }))
      .fill(user);
    await page.getByRole('button', { name: 'Put into group' }).click();
    await page.getByRole('list', { name: 'Members of the group' }).getByText(user, { exact: true }).waitFor();
    await choose(manager, 'Role', 'releaser');
    await page.getByRole('button', { name: 'Give role' }).click();
    await page.getByRole('list', { name: 'Roles of the group' }).getByText('releaser').waitFor();
    await manager.shot('access-groups');
    await manager.expectAccessible();
  });

  it('so a member of the group creates a project', async () => {
    const { page } = member;
    await page.goto(`${place()}/projects`);
    const create = page.getByRole('button', { name: 'Create project' });
    await expect.poll(() => create.getAttribute('aria-disabled')).toBeNull();
  });

  it('they ask why they may not add members, and for the role that would let them', async () => {
    const { page } = member;
    await page.goto(`${place()}/members`);
    await page.getByRole('button', { name: 'Add member' }).click({ force: true }); // it is off, and says why
    const panel = page.getByRole('dialog', { name: 'Not allowed: Add member' });
    await panel.getByText(`Administrator in workspace ${workspace}`).first().waitFor();
    await panel.getByLabel('Reason').fill('I run the release tonight');
    await member.shot('access-why-not');
    await member.expectAccessible();
    await panel.getByRole('button', { name: 'Ask for access' }).click();
    await panel.waitFor({ state: 'hidden' });
  });

  it('a manager hears of it at the bell, and approves', async () => {
    const { page } = manager;
    await page.goto(platform.url);
    await page.getByRole('button', { name: '1 notice' }).click();
    await page.getByRole('menuitem', { name: new RegExp(`${user} asks for`) }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('I run the release tonight').waitFor();
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Nothing waits for you').waitFor();
  });

  it('and whoever asked reads the answer, and adds a member', async () => {
    const { page } = member;
    await page.goto(`${place()}/members`);
    await page.getByRole('button', { name: '1 notice' }).click();
    await page.getByRole('menuitem', { name: /You are .* now/ }).click();
    await page.getByText('Approved by admin').waitFor();
    await page.goto(`${place()}/members`);
    const add = page.getByRole('button', { name: 'Add member' });
    await expect.poll(() => add.getAttribute('aria-disabled')).toBeNull();
  });

  it('a manager limits the workspace, and reads the use beside the limit', async () => {
    const { page } = manager;
    await page.goto(`${place()}/settings?tab=limits`);
    await page.getByRole('button', { name: 'Set limits' }).click();
    await page.getByRole('dialog').getByLabel('Pods').fill('lots');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText('Write a quantity').waitFor();
    await page.getByRole('dialog').getByLabel('Pods').fill('40');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText(/\d+ of 40/).waitFor();
    await manager.expectAccessible();
  });

  it('and moves a project to another workspace, having read who loses it', async () => {
    const { page } = manager;
    await page.goto(`${place()}/projects`);
    await page.getByRole('button', { name: `Actions for ${project}` }).click();
    await page.getByRole('menuitem', { name: 'Move to another workspace' }).click();
    await choose(manager, 'To workspace', other);
    const panel = page.getByRole('dialog');
    await panel.getByRole('listitem').filter({ hasText: user }).first().waitFor();
    await panel.getByRole('button', { name: 'Move to another workspace' }).click();
    await page.waitForURL(`**/workspaces/${other}/clusters/host/projects/${project}`);
    await page.getByRole('heading', { name: project, level: 1 }).waitFor();
  });

  it('has met no refusal that the browser reports', () => {
    expect(manager.complaints).toEqual([]);
    expect(member.complaints.filter((text) => !text.includes('403'))).toEqual([]);
  });
});

/** Chooses from a list that opens under a field. */
async function choose({ page }: Browser, label: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .last()
    .click();
  await page.getByRole('option', { name: option }).first().click();
}

import type { Session, TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';
import type { Browser } from './browser.ts';

interface NewUser {
  readonly username: string;
  /** The password somebody else has set. */
  readonly given: string;
  readonly own: string;
}

/** Signs in and, being asked, chooses an own password: what everybody does first. */
export async function enterAs(
  { page }: Browser,
  { url }: TestPlatform,
  { username, given, own }: NewUser,
): Promise<void> {
  await page.goto(url);
  await page.getByLabel('User name or e-mail').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(given);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
  await page.getByLabel('Current password', { exact: true }).fill(given);
  await page.getByLabel('New password', { exact: true }).fill(own);
  await page.getByLabel('New password again', { exact: true }).fill(own);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Workbench', level: 1 }).waitFor();
}

/** The administrator's first sign-in. */
export async function enter(browser: Browser, platform: TestPlatform, own = 'My-own-2026'): Promise<void> {
  await enterAs(browser, platform, { username: 'admin', given: platform.password, own });
}

/** Gets the browser a session without the sign-in page, for journeys in any language. */
export async function openSession(
  { page }: Browser,
  { url }: TestPlatform,
  user: { username: string; password: string },
): Promise<void> {
  const answer = await page.context().request.post(`${url}/session`, { data: user });
  if (!answer.ok()) throw new Error(`no session for ${user.username}: ${await answer.text()}`);
}

/** An administrator who is asked for nothing any more, as the API and a browser sign them in. */
export async function settleAdmin(platform: TestPlatform, own = 'My-own-2026'): Promise<Session> {
  const path = '/kapis/iam.kubesphere.io/v1alpha2/users/admin/password';
  const first = await platform.signIn();
  const { status, text } = await first.call('PUT', path, { currentPassword: platform.password, password: own });
  if (status !== 200) throw new Error(`the administrator got no own password: ${text}`);
  return platform.signIn('admin', own);
}

/** A workspace with a project in it, by the API. */
export async function makePlaces(
  admin: Session,
  { workspace, project }: { workspace: string; project: string },
): Promise<void> {
  const template = { metadata: { name: workspace }, spec: { template: { spec: { manager: 'admin' } } } };
  await make(admin, '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates', template);
  const member = `/kapis/iam.kubesphere.io/v1alpha2/workspaces/${workspace}/workspacemembers/admin`;
  await vi.waitFor(async () => expect((await admin.call('GET', member)).status).toBe(200), { timeout: 20_000 });
  await make(admin, `/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${workspace}/namespaces`, {
    metadata: { name: project },
  });
}

/** Creates one object; a refusal fails the test with the server's words. */
export async function make(admin: Session, path: string, body: object): Promise<void> {
  const { status, text } = await admin.call('POST', path, body);
  expect(status, text).toBeLessThan(300);
}

/** A Deployment that any cluster can run, or cannot when the image is of another make. */
export function deploymentOf(name: string, image: string): object {
  const labels = { app: name };
  const container = { name, image, imagePullPolicy: 'IfNotPresent', command: ['sleep', '3600'] };
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** From the workbench: a workspace, and a project in it, whose page is open afterwards. */
export async function createPlaces(browser: Browser, at: { workspace: string; project: string }): Promise<void> {
  const { page } = browser;
  await page.getByRole('navigation').getByRole('link', { name: 'Workspaces' }).click();
  await page.getByRole('heading', { name: 'Workspaces', level: 1 }).waitFor(); // the workbench has such a button too
  await page.getByRole('button', { name: 'Create workspace' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(at.workspace);
  await page.getByRole('dialog').getByRole('button', { name: 'Create workspace' }).click();
  await page.getByRole('button', { name: 'Create project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(at.project);
  await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('heading', { name: at.project, level: 1 }).waitFor();
}

/** Imports a file into the open project, after the dry run, and goes to what was made. */
export async function importFile(browser: Browser, file: string): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: 'Import YAML' }).first().click();
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByRole('button', { name: /^Import \d+ objects$/ }).click();
  await page.getByText('Watch it start').click();
}

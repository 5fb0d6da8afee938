import type { TestPlatform } from '@kit/testing';
import type { Browser } from './browser.ts';

/** Signs in and, when asked, chooses an own password: what everybody does first. */
export async function enter(browser: Browser, platform: TestPlatform, password = 'My-own-2026'): Promise<void> {
  const { page } = browser;
  await page.goto(platform.url);
  await page.getByLabel('User name or e-mail').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(platform.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
  await page.getByLabel('Current password', { exact: true }).fill(platform.password);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Workbench' }).waitFor();
}

/** From the workbench: a workspace, and a project in it, whose page is open afterwards. */
export async function createPlaces(browser: Browser, at: { workspace: string; project: string }): Promise<void> {
  const { page } = browser;
  await page.getByRole('navigation').getByRole('link', { name: 'Workspaces' }).click();
  await page.getByRole('button', { name: 'Create workspace' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(at.workspace);
  await page.getByRole('dialog').getByRole('button', { name: 'Create workspace' }).click();
  await page.getByRole('button', { name: 'Create project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(at.project);
  await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('heading', { name: at.project }).waitFor();
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

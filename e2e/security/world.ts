import type { PolicyRule } from '@feature/iam/contract';
import type { Session, TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';
import type { Rights } from './expected-rights.ts';
import { madeRoles, people, projects, rulesOf, victim, type Grant, type Person } from './people.ts';

export const iam = '/kapis/iam.kubesphere.io/v1alpha2';
export const tenant = '/kapis/tenant.kubesphere.io';
export const password = 'Str0ngPass-of-the-matrix';
export const patience = { timeout: 30_000, interval: 25 };
export const mergePatch = { 'content-type': 'application/merge-patch+json' };

/** Two workspaces with a project and a DevOps project each, and everybody of `people` in their roles. */
export interface World {
  readonly admin: Session;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly rights: ReadonlyMap<string, Rights>;
}

export async function makeWorld(platform: TestPlatform): Promise<World> {
  const admin = await platform.signIn();
  for (const [name, templates] of Object.entries(madeRoles)) await makeRole(admin, name, templates);
  for (const person of [...people, victim]) await makeUser(admin, person);
  await makeWorkspace(admin, 'dev', 'dev-boss');
  await makeWorkspace(admin, 'ops', 'admin');
  for (const [name, workspace] of Object.entries(projects)) await makeProject(admin, workspace, name);
  for (const name of ['pipes', 'lines']) await makeDevops(admin, name);
  for (const { name, grants } of people) for (const grant of grants) await give(admin, name, grant);
  const sessions = new Map<string, Session>();
  const rights = new Map<string, Rights>();
  for (const person of people) {
    sessions.set(person.name, await platform.signIn(person.name, password));
    rights.set(person.name, await rightsOf(person, admin));
  }
  return { admin, sessions, rights };
}

async function rightsOf({ name, grants }: Person, admin: Session): Promise<Rights> {
  const withRules = async (grant: Grant): Promise<Grant & { rules: PolicyRule[] }> => ({
    ...grant,
    rules: await rulesOf(grant, admin),
  });
  return { name, grants: await Promise.all(grants.map(withRules)) };
}

/** One write that has to succeed. */
export async function must(work: Promise<{ status: number; text: string }>): Promise<void> {
  const { status, text } = await work;
  expect(status < 300 ? '' : text).toBe('');
}

/** Waits until something can be read. */
export async function until(session: Session, path: string): Promise<void> {
  await vi.waitFor(async () => expect((await session.call('GET', path)).status).toBe(200), patience);
}

async function makeRole(admin: Session, name: string, templates: readonly string[]): Promise<void> {
  const annotations = { 'iam.kubesphere.io/aggregation-roles': JSON.stringify(templates) };
  await must(admin.call('POST', `${iam}/globalroles`, { metadata: { name, annotations } }));
}

/** An account with a platform role, if one of the grants is. */
export async function makeUser(admin: Session, { name, grants }: Person): Promise<void> {
  const role = grants.find(({ level }) => level === 'platform')?.role;
  const annotations = role ? { 'iam.kubesphere.io/globalrole': role } : {};
  const user = { metadata: { name, annotations }, spec: { email: `${name}@example.com`, password } };
  await must(admin.call('POST', `${iam}/users`, user));
}

export async function makeWorkspace(admin: Session, name: string, manager: string): Promise<void> {
  const template = { metadata: { name }, spec: { template: { spec: { manager } } } };
  await must(admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, template));
  await until(admin, `${iam}/workspaces/${name}/workspacemembers/${manager}`);
}

export async function makeProject(admin: Session, workspace: string, name: string): Promise<void> {
  await must(admin.call('POST', `${tenant}/v1alpha2/workspaces/${workspace}/namespaces`, { metadata: { name } }));
  await until(admin, `${iam}/namespaces/${name}/roles/viewer`);
}

async function makeDevops(admin: Session, name: string): Promise<void> {
  const label = { metadata: { labels: { 'kubesphere.io/devopsproject': name } } };
  await must(admin.call('PATCH', `/api/v1/namespaces/${name}`, label, mergePatch));
  await until(admin, `${iam}/devops/${name}/roles/viewer`);
}

export async function give(admin: Session, username: string, { level, place, role }: Grant): Promise<void> {
  const paths = {
    platform: '',
    cluster: `${iam}/clustermembers`,
    workspace: `${iam}/workspaces/${place}/workspacemembers`,
    project: `${iam}/namespaces/${place}/members`,
  };
  const path = paths[level];
  if (path === '') return; // came with the account
  await vi.waitFor(
    async () => expect((await admin.call('POST', path, [{ username, roleRef: role }])).status).toBe(200),
    patience,
  );
}

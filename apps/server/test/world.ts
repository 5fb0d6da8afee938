import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';

export type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

export const password = 'Str0ngPass';
const patience = { timeout: 10_000, interval: 20 };
const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const tenant = '/kapis/tenant.kubesphere.io';

/** Two workspaces with a project each, and people with different rights in the first. */
export interface World {
  readonly platform: TestPlatform;
  readonly admin: Session;
  /** By name: `owner` and `viewer` of workspace dev, `guest` of project shop only, `stranger` of ops, `nobody`. */
  readonly as: (name: Person) => Session;
  stop(): Promise<void>;
}

export type Person = 'owner' | 'viewer' | 'guest' | 'stranger' | 'nobody';
const people: readonly Person[] = ['owner', 'viewer', 'guest', 'stranger', 'nobody'];

export async function makeWorld(): Promise<World> {
  const platform = await startTestPlatform({ nodes: 0 });
  const admin = await platform.signIn();
  for (const name of people) await createUser(admin, name);
  await createWorkspace(admin, 'dev', 'owner');
  await createWorkspace(admin, 'ops', 'stranger');
  await createProject(admin, 'dev', 'shop');
  await createProject(admin, 'ops', 'tools');
  await addMember(admin, `${iam}/workspaces/dev/workspacemembers`, { username: 'viewer', roleRef: 'dev-viewer' });
  await addMember(admin, `${iam}/namespaces/shop/members`, { username: 'guest', roleRef: 'viewer' });
  const sessions = new Map<Person, Session>();
  for (const name of people) sessions.set(name, await platform.signIn(name, password));
  const as = (name: Person): Session => sessions.get(name) as Session; // one for each of `people`
  return { platform, admin, as, stop: () => platform.stop() };
}

export async function createUser(admin: Session, name: string): Promise<void> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
}

async function createWorkspace(admin: Session, name: string, manager: string): Promise<void> {
  const body = { metadata: { name }, spec: { template: { spec: { manager } } } };
  expect((await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, body)).status).toBe(200);
  await vi.waitFor(
    async () =>
      expect((await admin.call('GET', `${iam}/workspaces/${name}/workspacemembers/${manager}`)).status).toBe(200),
    patience,
  );
}

async function createProject(admin: Session, workspace: string, name: string): Promise<void> {
  expect(
    (await admin.call('POST', `${tenant}/v1alpha2/workspaces/${workspace}/namespaces`, { metadata: { name } })).status,
  ).toBe(200);
  await vi.waitFor(
    async () => expect((await admin.call('GET', `${iam}/namespaces/${name}/roles/viewer`)).status).toBe(200),
    patience,
  );
}

async function addMember(admin: Session, path: string, member: object): Promise<void> {
  await vi.waitFor(async () => expect((await admin.call('POST', path, [member])).status).toBe(200), patience);
}

import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';

export type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

export const v2 = '/kapis/tenant.kubesphere.io/v1alpha2';
export const v3 = '/kapis/tenant.kubesphere.io/v1alpha3';
export const own = '/kapis/tenant.freehold.io/v1alpha1';
export const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Passw0rd-of-a-test';
const patience = { timeout: 30_000, interval: 50 };

/** A platform with its administrator, and the steps that tests of tenancy begin with. */
export interface Stage {
  readonly platform: TestPlatform;
  readonly admin: Session;
  person(name: string, globalRole?: string): Promise<Session>;
  workspace(name: string, manager?: string): Promise<void>;
  project(workspace: string, name: string): Promise<void>;
  member(path: string, username: string, roleRef: string): Promise<void>;
}

/** Asks until the answer has one of these statuses. */
export function eventually(
  statuses: readonly number[],
  as: Session,
  ...request: Parameters<Session['call']>
): Promise<void> {
  return vi.waitFor(async () => expect((await as.call(...request)).status).toBeOneOf([...statuses]), patience);
}

export async function openStage(nodes = 1): Promise<Stage> {
  const platform = await startTestPlatform({ nodes });
  const admin = await platform.signIn();
  return {
    platform,
    admin,
    async person(name, globalRole = 'platform-regular') {
      const annotations = { 'iam.kubesphere.io/globalrole': globalRole };
      const body = { metadata: { name, annotations }, spec: { email: `${name}@example.com`, password } };
      expect(await admin.call('POST', `${iam}/users`, body)).toMatchObject({ status: 200 });
      return vi.waitFor(() => platform.signIn(name, password), patience);
    },
    async workspace(name, manager = 'admin') {
      const body = { metadata: { name }, spec: { template: { spec: { manager } } } };
      expect((await admin.call('POST', `${v2}/workspaces`, body)).status).toBe(200);
      await eventually([200], admin, 'GET', `${iam}/workspaces/${name}/workspacemembers/${manager}`);
    },
    async project(workspace, name) {
      const path = `${v2}/workspaces/${workspace}/namespaces`;
      expect((await admin.call('POST', path, { metadata: { name } })).status).toBe(200);
      await eventually([200], admin, 'GET', `${iam}/namespaces/${name}/roles/viewer`);
    },
    member: (path, username, roleRef) => eventually([200], admin, 'POST', path, [{ username, roleRef }]),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kubectlWith } from '../kubectl.ts';
import { startTarget, unique } from '../target.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const tenant = '/kapis/tenant.kubesphere.io';
const password = 'Str0ngPass';
const patience = { timeout: 30_000, interval: 100 };

describe('a member with a kubeconfig of their own, against the real API server', () => {
  const [workspace, project, member] = [unique('direct'), unique('place'), unique('kim')];
  const folder = mkdtempSync(join(tmpdir(), 'freehold-kubeconfig-'));
  let platform: TestPlatform;
  let admin: Awaited<ReturnType<TestPlatform['signIn']>>;
  let kubectl: ReturnType<typeof kubectlWith>;

  const may = async (...words: string[]): Promise<boolean> =>
    (await kubectl(['auth', 'can-i', '-q', ...words])).code === 0;

  beforeAll(async () => {
    platform = await startTarget();
    admin = await platform.signIn();
    const user = { metadata: { name: member }, spec: { email: `${member}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, user)).status).toBe(200);
    const template = { metadata: { name: workspace }, spec: {} };
    expect((await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, template)).status).toBe(200);
    const namespaces = `${tenant}/v1alpha2/workspaces/${workspace}/namespaces`;
    await vi.waitFor(async () => {
      expect((await admin.call('POST', namespaces, { metadata: { name: project } })).status).toBe(200);
    }, patience);
    const roles = `${iam}/namespaces/${project}/roles`;
    await vi.waitFor(async () => {
      expect((await admin.call('GET', `${roles}/role-template-manage-configmaps`)).status).toBe(200);
      expect((await admin.call('GET', `${roles}/role-template-view-configmaps`)).status).toBe(200);
    }, patience);
    const own = { 'iam.kubesphere.io/aggregation-roles': '["role-template-manage-configmaps"]' };
    const role = { metadata: { name: 'settings', annotations: own } };
    expect((await admin.call('POST', roles, role)).status).toBe(200);
    const joining = [{ username: member, roleRef: 'settings' }];
    expect((await admin.call('POST', `${iam}/namespaces/${project}/members`, joining)).status).toBe(200);
    const session = await platform.signIn(member, password);
    const answer = await session.call('GET', `/kapis/resources.kubesphere.io/v1alpha2/users/${member}/kubeconfig`);
    expect(answer.status).toBe(200);
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, answer.text, { mode: 0o600 });
    kubectl = kubectlWith(file);
  });

  afterAll(async () => {
    await admin.call('DELETE', `${iam}/users/${member}`);
    await admin.call('DELETE', `${tenant}/v1alpha3/workspacetemplates/${workspace}`);
    await platform.stop();
    rmSync(folder, { recursive: true });
  });

  it('is known by name to the cluster itself', async () => {
    expect((await kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).stdout).toBe(member);
  });

  it('may do in the project what their role says', async () => {
    const made = await kubectl(['create', 'configmap', 'web', '-n', project, '--from-literal=a=b']);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(await may('delete', 'configmaps', '-n', project)).toBe(true);
  });

  it('and nothing else, there or elsewhere', async () => {
    const rows: string[][] = [
      ['get', 'secrets', '-n', project],
      ['create', 'pods', '-n', project],
      ['create', 'rolebindings', '-n', project],
      ['get', 'configmaps', '-n', 'kube-system'],
      ['list', 'configmaps', '-A'],
      ['get', 'nodes'],
      ['get', 'users.iam.kubesphere.io'],
      ['create', 'certificatesigningrequests'],
    ];
    for (const row of rows) expect([row, await may(...row)]).toEqual([row, false]);
  });

  it('has nothing left when they are no member any more, with the same certificate', async () => {
    expect((await admin.call('DELETE', `${iam}/namespaces/${project}/members/${member}`)).status).toBe(200);
    await expect.poll(() => may('get', 'configmaps', '-n', project), patience).toBe(false);
  });

  it('has everything as an administrator of the platform, and no longer afterwards', async () => {
    const setRole = async (role: string): Promise<void> => {
      await expect
        .poll(async () => {
          const { body } = await admin.call<{ metadata: { annotations?: object } }>('GET', `${iam}/users/${member}`);
          const annotations = { ...body.metadata.annotations, 'iam.kubesphere.io/globalrole': role };
          return (
            await admin.call('PUT', `${iam}/users/${member}`, { ...body, metadata: { ...body.metadata, annotations } })
          ).status;
        }, patience)
        .toBe(200);
    };
    await setRole('platform-admin');
    await expect.poll(() => may('get', 'nodes'), patience).toBe(true);
    await setRole('platform-regular');
    await expect.poll(() => may('get', 'nodes'), patience).toBe(false);
  });

  /** A person of the test with a kubeconfig of their own. */
  async function personWith(prefix: string): Promise<{ name: string; own: typeof kubectl }> {
    const name = unique(prefix);
    const user = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, user)).status).toBe(200);
    const session = await platform.signIn(name, password);
    const answer = await session.call('GET', `/kapis/resources.kubesphere.io/v1alpha2/users/${name}/kubeconfig`);
    const file = join(folder, name);
    writeFileSync(file, answer.text, { mode: 0o600 });
    return { name, own: kubectlWith(file) };
  }

  it('has as one of a group what the group has in the project, and nothing when taken out of it', async () => {
    const { name, own } = await personWith('lea');
    const mayOwn = async (...words: string[]): Promise<boolean> =>
      (await own(['auth', 'can-i', '-q', ...words])).code === 0;
    const groups = `${iam}/workspaces/${workspace}/groups`;
    const group = unique('team');
    expect((await admin.call('POST', groups, { metadata: { name: group } })).status).toBe(200);
    const bindings = `${iam}/workspaces/${workspace}/groupbindings`;
    const joined = await admin.call<{ metadata: { name: string } }[]>('POST', bindings, [
      { userName: name, groupName: group },
    ]);
    expect([joined.status, joined.status === 200 ? '' : joined.text]).toEqual([200, '']);
    const bound = await admin.call('POST', `${iam}/namespaces/${project}/rolebindings`, [
      { roleRef: { name: 'viewer' }, subjects: [{ kind: 'Group', name: group }] },
    ]);
    expect([bound.status, bound.status === 200 ? '' : bound.text]).toEqual([200, '']);
    const session = await platform.signIn(name, password);
    const pods = `/api/v1/namespaces/${project}/pods`;
    await expect.poll(async () => (await session.call('GET', pods)).status, patience).toBe(200);
    // A certificate names no group: what a group gives, it gives through the platform, and to nobody else.
    expect(await mayOwn('get', 'pods', '-n', project)).toBe(false);
    expect(await mayOwn('list', 'secrets', '-A')).toBe(false);
    const [binding] = joined.body;
    expect((await admin.call('DELETE', `${bindings}/${binding?.metadata.name}`)).status).toBe(200);
    await expect.poll(async () => (await session.call('GET', pods)).status, patience).toBe(403);
    await admin.call('DELETE', `${iam}/users/${name}`);
  });

  it('has of a role in the workspace nothing in the cluster itself, and all of it through the platform', async () => {
    const { name, own } = await personWith('ada');
    const joining = [{ username: name, roleRef: `${workspace}-admin` }];
    expect((await admin.call('POST', `${iam}/workspaces/${workspace}/workspacemembers`, joining)).status).toBe(200);
    const session = await platform.signIn(name, password);
    await expect
      .poll(async () => (await session.call('GET', `/api/v1/namespaces/${project}/pods`)).status, patience)
      .toBe(200);
    expect((await own(['auth', 'can-i', '-q', 'get', 'pods', '-n', project])).code).toBe(1);
    expect((await own(['auth', 'can-i', '-q', 'get', 'workspacerolebindings.iam.kubesphere.io'])).code).toBe(1);
    await admin.call('DELETE', `${iam}/users/${name}`);
  });

  it('has nothing left when deleted, though the certificate is good for a day', async () => {
    const { name, own } = await personWith('sam');
    const joining = [{ username: name, roleRef: 'viewer' }];
    expect((await admin.call('POST', `${iam}/namespaces/${project}/members`, joining)).status).toBe(200);
    const mayRead = async (): Promise<boolean> =>
      (await own(['auth', 'can-i', '-q', 'get', 'configmaps', '-n', project])).code === 0;
    await expect.poll(mayRead, patience).toBe(true);
    expect((await own(['auth', 'can-i', '-q', 'create', 'configmaps', '-n', project])).code).toBe(1);
    expect((await admin.call('DELETE', `${iam}/users/${name}`)).status).toBe(200);
    await expect.poll(mayRead, patience).toBe(false);
  });
});

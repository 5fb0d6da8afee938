import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session, TestPlatform } from '@kit/testing';
import { startTarget, unique } from '../target.ts';

const tenant = '/kapis/tenant.kubesphere.io';
const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const resources = '/kapis/resources.kubesphere.io/v1alpha3';

interface Items {
  items: { metadata: { name: string } }[];
  totalItems: number;
}

describe('a second user', () => {
  let platform: TestPlatform;
  let admin: Session;
  let minji: Session;
  const workspace = unique('acme');
  const project = unique('shop');
  const user = unique('minji');

  beforeAll(async () => {
    platform = await startTarget();
    admin = await platform.signIn();
    const made = await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, {
      apiVersion: 'tenant.kubesphere.io/v1alpha2',
      kind: 'WorkspaceTemplate',
      metadata: { name: workspace },
      spec: { template: { spec: { manager: 'admin' } } },
    });
    expect(made.status, made.text).toBe(200);
    await vi.waitFor(
      async () =>
        expect(
          (await admin.call('GET', `${iam}/workspaces/${workspace}/workspaceroles/${workspace}-viewer`)).status,
        ).toBe(200),
      { timeout: 20_000 },
    );
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: project } };
    expect((await admin.call('POST', `${tenant}/v1alpha2/workspaces/${workspace}/namespaces`, namespace)).status).toBe(
      200,
    );
    const account = {
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'User',
      metadata: { name: user },
      spec: { email: `${user}@example.com`, password: 'Minji-2026' },
    };
    expect((await admin.call('POST', `${iam}/users`, account)).status).toBe(200);
    minji = await vi.waitFor(() => platform.signIn(user, 'Minji-2026'), { timeout: 20_000 });
  });
  afterAll(async () => {
    await admin?.call('DELETE', `${tenant}/v1alpha3/workspacetemplates/${workspace}`);
    await platform?.stop();
  });

  /** What the workspace and its project offer to read. */
  const paths = () => [
    `${tenant}/v1alpha3/workspacetemplates/${workspace}`,
    `${tenant}/v1alpha2/workspaces/${workspace}/namespaces/${project}`,
    `${iam}/workspaces/${workspace}/workspacemembers`,
    `${iam}/workspaces/${workspace}/workspaceroles`,
    `${iam}/namespaces/${project}/members`,
    `${resources}/namespaces/${project}/deployments`,
    `${resources}/namespaces/${project}/secrets`,
    `/api/v1/namespaces/${project}/pods`,
    `/api/v1/namespaces/${project}/configmaps/kube-root-ca.crt`,
    `/apis/apps/v1/namespaces/${project}/deployments`,
  ];

  it('sees no workspace and no project before being a member', async () => {
    for (const path of [`${tenant}/v1alpha3/workspacetemplates`, `${tenant}/v1alpha2/namespaces`]) {
      const answer = await minji.call<Items>('GET', path);
      expect(answer.status, path).toBe(200);
      expect(answer.body, path).toMatchObject({ items: [], totalItems: 0 });
    }
  });

  it('gets a Forbidden Status on everything of the workspace', async () => {
    for (const path of paths()) {
      const answer = await minji.call('GET', path);
      expect(answer.status, `${path}: ${answer.text}`).toBe(403);
      expect(answer.body).toMatchObject({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Forbidden',
        code: 403,
      });
    }
  });

  it('reads all of it once made a member, with the token from before', async () => {
    const added = await admin.call('POST', `${iam}/workspaces/${workspace}/workspacemembers`, [
      { username: user, roleRef: `${workspace}-viewer` },
    ]);
    expect(added.status, added.text).toBe(200);
    for (const path of paths()) {
      await expect.poll(async () => (await minji.call('GET', path)).status, { message: path, timeout: 5000 }).toBe(200);
    }
    const seen = await minji.call<Items>('GET', `${tenant}/v1alpha3/workspacetemplates`);
    expect(seen.body.items.map((item) => item.metadata.name)).toEqual([workspace]);
  });

  it('may not write as a viewer, nor reach the system’s namespaces', async () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } };
    expect((await minji.call('POST', `/api/v1/namespaces/${project}/configmaps`, configMap)).status).toBe(403);
    for (const path of [
      '/api/v1/namespaces/kube-system/configmaps',
      '/api/v1/namespaces/kubesphere-system/secrets',
      '/api/v1/secrets',
    ]) {
      expect((await minji.call('GET', path)).status, path).toBe(403);
    }
  });

  it('loses all of it when removed, with the same token', async () => {
    expect((await admin.call('DELETE', `${iam}/workspaces/${workspace}/workspacemembers/${user}`)).status).toBe(200);
    for (const path of paths()) {
      await expect.poll(async () => (await minji.call('GET', path)).status, { message: path, timeout: 5000 }).toBe(403);
    }
  });
});

import { networkInterfaces } from 'node:os';
import { iamTypes } from '@feature/iam/contract';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlWith } from '../kubectl.ts';
import { makePlaces } from '../steps.ts';
import { realKubeconfig, startTarget, unique } from '../target.ts';

/** Where the cluster reaches this machine: its first address that others can reach. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}

// Written by kubectl, past the platform: only the cluster's question to it can refuse.
describe('what a real API server asks the platform', () => {
  const kubectl = kubectlWith(realKubeconfig ?? '');
  const workspace = unique('limited');
  const project = unique('small');
  let platform: TestPlatform;

  beforeAll(async () => {
    platform = await startTarget({ admissionHost: ownAddress() });
    await makePlaces(await platform.signIn(), { workspace, project });
  }, 60_000);
  afterAll(async () => {
    const admin = await platform.signIn();
    await admin.call('DELETE', `/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates/${workspace}`);
    await platform.stop();
  });

  it('is whether a workspace has room: from the moment on at which its quota is answered', async () => {
    const admin = await platform.signIn();
    const quota = { metadata: { name: workspace }, spec: { quota: { hard: { services: '1' } } } };
    const path = `/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${workspace}/resourcequotas`;
    const made = await admin.call('POST', path, quota);
    expect(made.status, made.text).toBe(200);
    const service = (name: string) => kubectl(['create', 'service', 'clusterip', name, '--tcp=80', '-n', project]);
    expect((await service('first')).code).toBe(0);
    const second = await service('second');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('workspace-quota.tenant.freehold.io');
    expect(second.stderr).toContain(workspace);
    expect((await kubectl(['delete', 'service', 'first', '-n', project])).code).toBe(0);
    await expect.poll(async () => (await service('second')).code, { timeout: 10_000 }).toBe(0);
  });

  it('is whether an e-mail address is taken', async () => {
    const { group, plural } = iamTypes.users;
    const name = unique('twin');
    const admins = await kubectl(['get', `${plural}.${group}`, 'admin', '-o', 'jsonpath={.spec.email}']);
    const user = { apiVersion: `${group}/v1alpha2`, kind: 'User', metadata: { name }, spec: { email: admins.stdout } };
    const refused = await kubectl(['create', '-f', '-'], JSON.stringify(user));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('another user has the e-mail address');
  });

  it('is over when the platform has stopped', async () => {
    const configurations = ['get', 'validatingwebhookconfigurations', '-o', 'name'];
    expect((await kubectl(configurations)).stdout).toContain('freehold.io');
    await platform.stop();
    expect((await kubectl(configurations)).stdout).toBe('');
    platform = await startTarget();
  });
});

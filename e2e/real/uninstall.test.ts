import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { kubectlWith } from '../kubectl.ts';
import { image, realKubeconfig, startTarget, unique } from '../target.ts';

describe('taking Freehold off a real cluster', () => {
  const kubectl = kubectlWith(realKubeconfig ?? '');
  const workspace = unique('leaving');
  const project = unique('stays');

  it('removes its kinds and leaves every workload running', async () => {
    const platform = await startTarget();
    const admin = await platform.signIn();
    const template = {
      apiVersion: 'tenant.kubesphere.io/v1alpha2',
      kind: 'WorkspaceTemplate',
      metadata: { name: workspace },
      spec: {},
    };
    expect((await admin.call('POST', '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates', template)).status).toBe(
      200,
    );
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: project } };
    await expect
      .poll(
        async () =>
          (
            await admin.call(
              'POST',
              `/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${workspace}/namespaces`,
              namespace,
            )
          ).status,
        { timeout: 20_000 },
      )
      .toBe(200);
    await kubectl(['create', 'deployment', 'web', '-n', project, `--image=${image}`, '--', 'sleep', '1000']);
    expect((await kubectl(['rollout', 'status', '-n', project, 'deployment/web', '--timeout=60s'])).code).toBe(0);
    const before = (await kubectl(['get', 'pods', '-n', project, '-o', 'jsonpath={.items[*].metadata.uid}'])).stdout;
    await platform.stop();

    const left = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'of-a-server-that-was-killed', labels: { 'app.kubernetes.io/managed-by': 'freehold' } },
    };
    expect((await kubectl(['create', '-f', '-'], JSON.stringify(left))).code).toBe(0);

    const data = mkdtempSync(join(tmpdir(), 'freehold-uninstall-'));
    const run = spawnSync(
      process.execPath,
      [join(root, 'tools/freehold.mjs'), '--data', data, '--kubeconfig', realKubeconfig ?? '', '--uninstall'],
      { encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);

    const kinds = (await kubectl(['get', 'crds', '-o', 'name'])).stdout;
    expect(kinds).not.toMatch(/kubesphere\.io|freehold\.io/);
    expect((await kubectl(['get', 'validatingwebhookconfigurations', '-o', 'name'])).stdout).toBe('');
    expect((await kubectl(['get', 'pods', '-n', project, '-o', 'jsonpath={.items[*].metadata.uid}'])).stdout).toBe(
      before,
    );
    expect(
      (await kubectl(['get', 'namespace', project, '-o', 'jsonpath={.metadata.deletionTimestamp}{.status.phase}']))
        .stdout,
    ).toBe('Active');
    await kubectl(['delete', 'namespace', project, '--wait=false']);
  });
});

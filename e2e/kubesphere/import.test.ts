import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { iamSeeds, iamTypes, type UserObject } from '@feature/iam/contract';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';
import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../../tools/root.mjs';
import { kubectlWith } from '../kubectl.ts';
import { realKubeconfig } from '../target.ts';
import { clearPlatform } from './clear-platform.ts';

const patience = { timeout: 40_000, interval: 100 };
const password = 'Imp0rted-Pass';

function fixture(name: string): KubeObject[] {
  const text = readFileSync(fileURLToPath(new URL(`installation/${name}`, import.meta.url)), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as KubeObject); // data of this folder
}

/** The roles as 3.4 ships them: templates of the cluster level have no rules there; `cluster-admin` keeps its own. */
const seeds = iamSeeds.map((seed) =>
  seed.kind === 'ClusterRole' && seed.metadata.labels?.['iam.kubesphere.io/role-template'] !== undefined
    ? { ...seed, rules: [] }
    : seed,
);

/** A cluster as an installation of KubeSphere 3.4 leaves it. */
async function fill(kubeconfig: string): Promise<void> {
  const kubectl = kubectlWith(kubeconfig);
  const apply = async (objects: readonly object[]): Promise<void> => {
    const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const done = await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], items);
    if (done.code !== 0) throw new Error(done.stderr);
  };
  await apply(fixture('kinds.jsonl'));
  await kubectl(['wait', 'crd', '--all', '--for=condition=Established', '--timeout=30s']);
  await apply([...seeds, ...fixture('objects.jsonl')]);
}

function freehold(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'tools/freehold.mjs'), ...args], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, stdout, stderr }),
    );
  });
}

/** What the report says of one kind: the line and what is indented below it. */
function said(report: string, kind: string): string {
  const lines = report.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`${kind}: `));
  const more = lines.slice(from + 1).findIndex((line) => !line.startsWith('    '));
  return lines.slice(from, from + 1 + more).join('\n');
}

/** What must hold for the people of that installation, wherever Freehold runs. */
function itServes(place: () => TestPlatform): void {
  let anna: Session;

  it('signs in whoever it knew, by the password they had, and stores it as its own hash', async () => {
    const platform = place();
    const stored = async (): Promise<string> =>
      (await platform.kube.get<UserObject>(iamTypes.users, { name: 'anna' })).spec.password ?? '';
    expect(await stored()).toMatch(/^\$2a\$10\$/);
    anna = await platform.signIn('anna@example.com', password);
    await expect.poll(stored, patience).toMatch(/^\$argon2id\$/);
    await platform.signIn('anna', password);
  });

  it('lets nobody in who was disabled', async () => {
    await expect(place().signIn('bert', password)).rejects.toThrow('refused');
  });

  it('gives people the roles they had', async () => {
    const mine = await anna.call<{ items: KubeObject[] }>('GET', '/kapis/tenant.kubesphere.io/v1alpha2/workspaces');
    expect(mine.body.items.map(({ metadata }) => metadata.name)).toEqual(['shop']);
    await vi.waitFor(async () => {
      expect((await anna.call('GET', '/api/v1/namespaces/shop-web/pods')).status).toBe(200);
      expect((await anna.call('GET', '/api/v1/namespaces/kube-system/pods')).status).toBe(403);
    }, patience);
    const { body } = await anna.call<{ items: KubeObject[] }>(
      'GET',
      '/kapis/iam.kubesphere.io/v1alpha2/workspaces/shop/groups',
    );
    expect(body.items).toMatchObject([{ metadata: { name: 'shop-dev-x7k2p' } }]);
  });

  it('makes the DevOps project’s own roles, and keeps the workspace’s limit', async () => {
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/pipes-7zk4q/roles';
    const platform = place();
    const admin = await platform.signIn('admin', platform.password || password);
    await vi.waitFor(async () => {
      expect((await admin.call('GET', `${roles}/role-template-manage-pipelines`)).status).toBe(200);
      expect((await admin.call('GET', `${roles}/role-template-manage-app-workloads`)).status).toBe(404);
    }, patience);
    const quota = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/shop/resourcequotas/shop';
    await expect
      .poll(async () => (await admin.call('GET', quota)).body, patience)
      .toMatchObject({ status: { total: { hard: { pods: '40', 'limits.cpu': '8' } } } });
  });
}

describe('a KubeSphere 3.4 in another cluster', () => {
  let source: TestCluster | undefined;
  let from: string;
  let platform: TestPlatform;
  let report: string;

  beforeAll(async () => {
    if (realKubeconfig) await clearPlatform(realKubeconfig);
    else source = await startTestCluster();
    from = realKubeconfig ?? source?.kubeconfigFile ?? '';
    await fill(from);
    platform = await startTestPlatform({ nodes: 1 });
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    await source?.stop();
  });

  const run = (...more: string[]) =>
    freehold('import', 'kubesphere', '--kubeconfig', from, '--into', platform.kubeconfigFile ?? '', ...more);

  it('is looked at without a change in a dry run', async () => {
    const { code, stdout, stderr } = await run('--dry-run');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('This was a dry run');
    expect(await platform.kube.find(iamTypes.users, { name: 'anna' })).toBeUndefined();
  });

  it('is taken over, with a word about every object', async () => {
    const done = await run();
    expect([done.code, done.stderr]).toEqual([0, '']);
    report = done.stdout;
    expect(said(report, 'users')).toBe(
      [
        'users: 3 taken as they are, 0 changed, 1 there already, 1 not supported',
        '    as they are: anna, bert, carl',
        '    not supported: dora: user "anna" has the e-mail address "ANNA@example.com"',
      ].join('\n'),
    );
    expect(said(report, 'globalroles')).toContain('changed: night-shift: its Rego policy is not evaluated');
    expect(said(report, 'workspacerolebindings')).toContain(
      'gone-shop-admin: it binds user "gone", who does not exist',
    );
    expect(said(report, 'rolebindings')).toContain('shop-web/gone-admin: it binds user "gone"');
    expect(said(report, 'rolebindings')).toContain('shop-web/shop-dev-x7k2p-deployer-8vx2m');
    expect(said(report, 'clusterrolebindings')).toContain('carl-node-watcher');
    expect(said(report, 'workspace quotas')).toContain('1 taken as they are');
    expect(said(report, 'kubesphere-config')).toContain('not supported: monitoring');
    for (const kind of ['devopsprojects.devops', 'pipelines.devops', 'gateways.gateway', 'helmrepos.application'])
      expect(said(report, `${kind}.kubesphere.io`)).toContain('1 not supported');
  });

  it('changes nothing the second time', async () => {
    const again = (await run()).stdout;
    expect(said(again, 'users')).toContain('users: 0 taken as they are, 0 changed, 4 there already, 1 not supported');
    expect(said(again, 'roles')).toContain('0 taken as they are');
  });

  it('leaves the key it signed tokens with where it was', async () => {
    const config = { namespace: 'kubesphere-system', name: 'kubesphere-config' };
    const taken = JSON.stringify(await platform.kube.get(kinds.configmaps, config));
    expect(taken).toContain('github-client');
    expect(taken).not.toContain('not-to-be-taken-over');
  });

  itServes(() => platform);
});

describe.runIf(realKubeconfig)('a KubeSphere 3.4 in this very cluster', () => {
  let platform: TestPlatform;
  const kubeconfig = realKubeconfig ?? '';
  const pipelines: ResourceType = {
    group: 'devops.kubesphere.io',
    version: 'v1alpha3',
    kind: 'Pipeline',
    plural: 'pipelines',
    namespaced: true,
  };

  beforeAll(async () => {
    await clearPlatform(kubeconfig);
    await fill(kubeconfig);
    platform = await startTestPlatform({ kubeconfig });
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    await clearPlatform(kubeconfig);
  });

  it('is managed as it stands: everything is there, and what is not supported stays', async () => {
    const { code, stdout } = await freehold('import', 'kubesphere', '--kubeconfig', kubeconfig, '--dry-run');
    expect(code).toBe(0);
    expect(said(stdout, 'users')).toContain('users: 4 taken as they are, 1 changed');
    expect(await platform.kube.get(pipelines, { namespace: 'pipes-7zk4q', name: 'build' })).toBeDefined();
    expect((await platform.signIn('admin', password)).token).not.toBe('');
  });

  itServes(() => platform);
});

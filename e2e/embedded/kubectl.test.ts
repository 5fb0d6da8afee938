import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { root } from '../../tools/root.mjs';
import { kubectlWith } from '../kubectl.ts';
import { startTarget } from '../target.ts';

describe('stock kubectl on the embedded Kubernetes', () => {
  let platform: TestPlatform;
  let kubectl: ReturnType<typeof kubectlWith>;
  const shop = join(root, 'samples/online-boutique.yaml');

  beforeAll(async () => {
    platform = await startTarget();
    kubectl = kubectlWith(platform.kubeconfigFile ?? '');
  });
  afterAll(() => platform?.stop());

  /** Runs kubectl and expects it to succeed without a word of complaint. */
  const ok = async (...args: string[]): Promise<string> => {
    const run = await kubectl(args);
    expect(run.code, `kubectl ${args.join(' ')}: ${run.stderr}`).toBe(0);
    return run.stdout;
  };

  it('finds a kubeconfig that only its owner can read', () => {
    expect(statSync(platform.kubeconfigFile ?? '').mode & 0o777).toBe(0o600);
  });

  it('meets a cluster of release 1.36 with three nodes that are Ready and say that they are simulated', async () => {
    expect(await ok('version')).toContain('Server Version: v1.36.3');
    const nodes = (await ok('get', 'nodes', '-o', 'wide')).trim().split('\n');
    expect(nodes).toHaveLength(4);
    for (const line of nodes.slice(1)) expect(line).toMatch(/Ready .*simulated:\/\//);
  });

  it('applies a shop of 12 Deployments and sees it roll out', async () => {
    await ok('create', 'namespace', 'shop');
    const applied = await ok('apply', '-n', 'shop', '-f', shop);
    expect(applied.match(/deployment\.apps\/\S+ created/g)).toHaveLength(12);
    for (const name of ['frontend', 'cartservice', 'redis-cart']) {
      expect(await ok('rollout', 'status', '-n', 'shop', `deployment/${name}`, '--timeout=60s')).toContain(
        'successfully rolled out',
      );
    }
    const again = await ok('apply', '-n', 'shop', '-f', shop);
    expect(again.match(/deployment\.apps\/\S+ unchanged/g)).toHaveLength(12);
  });

  it('lists pods as the real server prints them', async () => {
    await expect.poll(() => ok('get', 'pods', '-n', 'shop', '--no-headers'), { timeout: 60_000 }).not.toMatch(/0\/1/);
    const wide = (await ok('get', 'pods', '-A', '-o', 'wide')).trim().split('\n');
    expect(wide[0]?.split(/\s{2,}/)).toEqual([
      'NAMESPACE',
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
      'NOMINATED NODE',
      'READINESS GATES',
    ]);
    expect(wide.filter((line) => line.startsWith('shop ') && /1\/1\s+Running/.test(line))).toHaveLength(12);
  });

  it('watches a change come', async () => {
    const watching = kubectl([
      'get',
      'deployment',
      'frontend',
      '-n',
      'shop',
      '-w',
      '--output-watch-events',
      '--request-timeout=4s',
      '--no-headers',
    ]);
    await ok('scale', 'deployment/frontend', '-n', 'shop', '--replicas=3');
    const { stdout } = await watching;
    expect(stdout).toMatch(/^MODIFIED\s+frontend\s+\d\/3/m);
  });

  it('reads logs, which say that nothing real runs', async () => {
    expect(await ok('logs', '-n', 'shop', 'deployment/frontend', '--tail=20')).toMatch(/simulated/i);
  });

  it('describes, explains, edits, rolls back and deletes', async () => {
    expect(await ok('describe', 'deployment', 'frontend', '-n', 'shop')).toContain('ScalingReplicaSet');
    expect(await ok('explain', 'deployment.spec.replicas')).toContain('integer');
    await ok('set', 'image', '-n', 'shop', 'deployment/frontend', 'server=example.com/frontend:2');
    await ok('rollout', 'status', '-n', 'shop', 'deployment/frontend', '--timeout=60s');
    await ok('rollout', 'undo', '-n', 'shop', 'deployment/frontend');
    await ok('rollout', 'status', '-n', 'shop', 'deployment/frontend', '--timeout=60s');
    expect(await ok('get', 'deployment', 'frontend', '-n', 'shop', '-o', 'yaml')).toContain(
      /image: (\S+frontend:v\S+)/.exec(readFileSync(shop, 'utf8'))?.[1],
    );
    await ok('delete', 'deployment', 'frontend', '-n', 'shop');
    await expect
      .poll(() => ok('get', 'pods,replicasets', '-n', 'shop', '-l', 'app=frontend', '-o', 'name'), { timeout: 60_000 })
      .toBe('');
    await ok('delete', 'namespace', 'shop', '--timeout=60s');
  });

  it('refuses what it does not know with words that help', async () => {
    const run = await kubectl(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'Bad_Name' },
        spec: { replicas: -1 },
      }),
    );
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/Bad_Name/);
    expect(run.stderr).toMatch(/spec\.selector|spec\.replicas/);
  });
});

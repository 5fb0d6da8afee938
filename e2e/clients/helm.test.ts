import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';
import { helms, kubectls } from './binaries.ts';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const chart = join(import.meta.dirname, 'chart');

/** A chart of our own goes through its whole life; the tests of one Helm build on one another. */
describe.sequential.each(helms())('Helm $version', ({ version, binary }) => {
  let cluster: TestCluster;
  let home: string;

  const run = (program: string, args: readonly string[]): Promise<Run> =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: cluster.kubeconfigFile };
      execFile(program, args, { env, cwd: home, timeout: 100_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 124) : 0, stdout, stderr }),
      );
    });
  const helm = (...args: string[]): Promise<Run> => run(binary, [...args, '--namespace', 'fleet']);
  const ok = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await helm(...args);
    expect(code, `helm ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run(kubectls()[0]?.binary ?? '', [...args, '-n', 'fleet']);
    return stdout + stderr;
  };
  const setting = (name: string): Promise<string> =>
    kubectl('get', 'configmap', 'one-settings', '-o', `jsonpath={.data.${name}}`);

  /** What was applied on the server by another hand is a conflict for Helm 4, unless it is told to go on. */
  const conflicts = version.startsWith('4') ? ['--force-conflicts'] : [];

  beforeAll(async () => {
    cluster = await startTestCluster();
    home = mkdtempSync(join(tmpdir(), 'helm-'));
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('is the release it should be', async () => {
    expect(await ok('version', '--short')).toContain(`v${version}.`);
  });

  it('renders a chart, with and without asking the cluster', async () => {
    expect(await ok('template', 'one', chart)).toContain('kind: Harbour');
    expect(await ok('lint', chart)).toContain('0 chart(s) failed');
    const dry = await helm('install', 'one', chart, '--create-namespace', '--dry-run=server');
    expect(dry.stderr).toContain('ensure CRDs are installed first'); // it asks the cluster for each kind
    expect(await kubectl('get', 'namespace', 'fleet')).toContain('NotFound');
  });

  it('refuses values that its schema forbids, and a release that is not there', async () => {
    expect((await helm('install', 'one', chart, '--set', 'replicas=-1')).stderr).toMatch(/replicas/);
    expect(await helm('status', 'one')).toMatchObject({ code: 1, stderr: expect.stringContaining('not found') });
  });

  it('installs with definitions, hooks, notes and a lookup, and waits until all is ready', async () => {
    const installed = await ok('install', 'one', chart, '--create-namespace', '--wait', '--timeout=60s');
    expect(installed).toMatch(/STATUS: deployed/);
    expect(installed).toContain('one is red.');
    expect(await setting('cluster')).toBe('v1.36.3');
    expect(await setting('hasDeployments')).toBe('true');
    expect(await kubectl('get', 'deployment', 'one')).toMatch(/1\/1/);
    expect(await kubectl('get', 'harbour', 'one', '-o', 'jsonpath={.spec.berths}')).toBe('2');
    expect(await kubectl('get', 'job', 'one-pre-install', '-o', 'jsonpath={.status.succeeded}')).toBe('1');
    const secret = await kubectl('get', 'secret', 'sh.helm.release.v1.one.v1', '-o', 'jsonpath={.type}');
    expect(secret).toBe('helm.sh/release.v1');
  });

  it('does not install twice under one name', async () => {
    expect((await helm('install', 'one', chart)).stderr).toMatch(/cannot re-?use a name/);
  });

  it('upgrades what has changed and keeps what a lookup has found', async () => {
    const key = await kubectl('get', 'secret', 'one-key', '-o', 'jsonpath={.data.key}');
    const args = ['--set', 'replicas=3,image=fleet:2,colour=blue', '--wait', '--timeout=60s'];
    expect(await ok('upgrade', 'one', chart, ...args)).toMatch(/REVISION: 2/);
    expect(await kubectl('get', 'deployment', 'one')).toMatch(/3\/3/);
    expect(await kubectl('get', 'secret', 'one-key', '-o', 'jsonpath={.data.key}')).toBe(key);
    expect(await kubectl('get', 'harbour', 'one', '-o', 'jsonpath={.spec.berths}')).toBe('4');
  });

  it('tells of a release what there is to tell', async () => {
    expect(JSON.parse(await ok('get', 'values', 'one', '-o', 'json'))).toMatchObject({ colour: 'blue', replicas: 3 });
    expect(await ok('get', 'manifest', 'one')).toContain('image: "fleet:2"');
    expect(await ok('get', 'notes', 'one')).toContain('one is blue.');
    expect(await ok('get', 'hooks', 'one')).toContain('helm.sh/hook: pre-upgrade');
    expect(JSON.parse(await ok('get', 'metadata', 'one', '-o', 'json'))).toMatchObject({ revision: 2, chart: 'fleet' });
    const [listed] = JSON.parse(await ok('list', '-o', 'json'));
    expect(listed).toMatchObject({ name: 'one', revision: '2', status: 'deployed', chart: 'fleet-1.0.0' });
  });

  it('runs the tests of a chart and shows their logs', async () => {
    const tested = await ok('test', 'one', '--logs', '--timeout=60s');
    expect(tested).toMatch(/Phase:\s+Succeeded/);
    expect(tested).toContain('POD LOGS: one-answers');
  });

  it('takes back a change of a hand by the next upgrade', async () => {
    await kubectl('scale', 'deployment', 'one', '--replicas=1');
    await kubectl('label', 'deployment', 'one', 'mine=yes');
    await ok(
      'upgrade',
      'one',
      chart,
      '--reuse-values',
      '--set',
      'colour=green',
      '--wait',
      '--timeout=60s',
      ...conflicts,
    );
    expect(await kubectl('get', 'deployment', 'one', '-o', 'jsonpath={.spec.replicas} {.metadata.labels.mine}')).toBe(
      '3 yes',
    );
  });

  it('says when a hook fails, and rolls back', async () => {
    const failed = await helm('upgrade', 'one', chart, '--set', 'beforeUpgrade=3', '--timeout=30s');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/pre-upgrade hooks? failed|UPGRADE FAILED/);
    expect(await ok('status', 'one')).toContain('STATUS: failed');
    await ok('rollback', 'one', '2', '--wait', '--timeout=60s');
    expect(await setting('colour')).toBe('blue');
    const history = JSON.parse(await ok('history', 'one', '-o', 'json')) as { revision: number; status: string }[];
    expect(history.map(({ status }) => status)).toEqual([
      'superseded',
      'superseded',
      'superseded',
      'failed',
      'deployed',
    ]);
  });

  it('uninstalls all but what is to be kept', async () => {
    expect(await ok('uninstall', 'one', '--wait', '--timeout=60s')).toContain('release "one" uninstalled');
    expect(await kubectl('get', 'configmap', '-o', 'name')).toContain('configmap/one-kept');
    expect(await kubectl('get', 'job', 'one-post-delete', '-o', 'jsonpath={.status.succeeded}')).toBe('1');
    expect(await kubectl('get', 'secrets', '-o', 'name')).not.toContain('sh.helm.release');
    expect(await kubectl('get', 'deployment,service,harbour,role', '-o', 'name')).toMatch(/No resources|^$/);
  });
});

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient, kinds, readKubeconfig, type KubeClient } from '@kit/kube';
import { silentLogger, systemClock } from '@kit/base';
import { root } from '../../tools/root.mjs';

const program = [join(root, 'tools/freehold.mjs'), 'cluster'];

function freehold(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program, ...args], { cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command until it names its kubeconfig. */
async function run(...args: string[]): Promise<{ kube: KubeClient; kubeconfig: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [...program, '--nodes', '0', ...args], { cwd: root });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().replace('ready ', '').trim()));
    void ended.then(() => reject(new Error(`the cluster did not start: ${complaint}`)));
  });
  const connection = readKubeconfig(readFileSync(kubeconfig, 'utf8'));
  const kube = createKubeClient(connection, { log: silentLogger, clock: systemClock });
  const stop = async (): Promise<void> => {
    await kube.close();
    child.kill('SIGTERM');
    await ended;
  };
  return { kube, kubeconfig, stop };
}

const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { from: name },
});

describe('freehold cluster', () => {
  let base: string;
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'freehold-cluster-command-'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('is backed up while it runs, and restored into another folder', async () => {
    const file = join(base, 'backup.db');
    const original = await run('--data', join(base, 'original'));
    try {
      await original.kube.create(kinds.configmaps, configMap('kept'));
      const backup = await freehold('backup', file, '--data', join(base, 'original'));
      expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining('keep it safe') as string });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await original.kube.create(kinds.configmaps, configMap('later'));
      const again = await freehold('backup', file, '--data', join(base, 'original'));
      expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') as string });
    } finally {
      await original.stop();
    }
    const restore = await freehold('restore', file, '--data', join(base, 'restored'));
    expect(restore.code).toBe(0);
    const restored = await run('--data', join(base, 'restored'));
    try {
      const { items } = await restored.kube.list(kinds.configmaps, { namespace: 'default' });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(['kept']));
      expect(items.map(({ metadata }) => metadata.name)).not.toContain('later');
    } finally {
      await restored.stop();
    }
  });

  it('forgets everything with --memory, its kubeconfig too', async () => {
    const forgetful = await run('--memory');
    await forgetful.kube.create(kinds.configmaps, configMap('forgotten'));
    await forgetful.stop();
    expect(() => statSync(forgetful.kubeconfig)).toThrow();
  });

  it.each([
    { args: ['bakup'], says: /nothing a cluster can do/, why: 'an unknown word is not guessed' },
    { args: ['backup'], says: /needs the name of a file/, why: 'a file is needed' },
    { args: ['backup', 'a', 'b'], says: /one word too many/, why: 'more words are a slip' },
    { args: ['backup', 'a', '--memory'], says: /nothing to backup/, why: 'what is not kept cannot be saved' },
    { args: ['--prot', '1'], says: /--prot/, why: 'an unknown option is not guessed' },
    { args: ['backup', 'a', '--data', '/nowhere'], says: /no cluster in/, why: 'there is nothing to save' },
  ])('$args: $why', async ({ args, says }) => {
    const { code, stderr } = await freehold(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });
});

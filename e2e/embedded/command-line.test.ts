import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '@kit/testing';
import { root } from '../../tools/root.mjs';
import { startPlatformProcess } from '../../tools/platform-process.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function npmStart(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools/freehold.mjs'), ...args], { cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('npm start', () => {
  let base: string;
  let taken: Server;
  let port: number;

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'freehold-cli-'));
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    port = (taken.address() as { port: number }).port;
    writeFileSync(join(base, 'file'), '');
    writeFileSync(join(base, 'broken.kubeconfig'), 'clusters: [');
  });
  afterAll(() => {
    taken.close();
    rmSync(base, { recursive: true, force: true });
  });

  it.each([
    {
      why: 'the port is taken',
      args: () => ['--port', String(port), '--data', join(base, 'a')],
      says: /port \d+ on 127\.0\.0\.1 is taken/,
    },
    {
      why: 'the data folder is a file',
      args: () => ['--data', join(base, 'file')],
      says: /data folder .*file.* cannot be read and written/,
    },
    { why: 'an option is unknown', args: () => ['--prot', '80'], says: /--prot/ },
    {
      why: 'the kubeconfig is not there',
      args: () => ['--kubeconfig', join(base, 'none'), '--data', join(base, 'b')],
      says: /none/,
    },
    {
      why: 'the kubeconfig is not YAML',
      args: () => ['--kubeconfig', join(base, 'broken.kubeconfig'), '--data', join(base, 'c')],
      says: /broken\.kubeconfig/,
    },
  ])('says why in one sentence and ends with 1 when $why', async ({ args, says }) => {
    const { code, stderr } = await npmStart(...args());
    expect(stderr).toMatch(says);
    expect(stderr, 'a stack trace helps no user').not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  it('shows help and version and ends with 0', async () => {
    expect(await npmStart('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--kubeconfig') });
    expect(await npmStart('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('tells the password on the first start only, keeps everything, and starts anew after --reset', async () => {
    const dataDir = join(base, 'kept');
    const first = await startPlatformProcess(dataDir);
    expect(first.password).toMatch(/^\S{12,}$/);
    const admin = await signIn(first.url, 'admin', first.password);
    const workspace = {
      apiVersion: 'tenant.kubesphere.io/v1alpha2',
      kind: 'WorkspaceTemplate',
      metadata: { name: 'kept' },
      spec: {},
    };
    expect(
      (await admin.call('POST', '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates', workspace)).status,
    ).toBe(200);
    await first.stop('SIGINT');

    const second = await startPlatformProcess(dataDir);
    expect(second.password).toBe('');
    const again = await signIn(second.url, 'admin', first.password);
    expect((await again.call('GET', '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates/kept')).status).toBe(200);
    await second.stop('SIGKILL');

    const third = await startPlatformProcess(dataDir);
    expect((await signIn(third.url, 'admin', first.password)).token).toBeTruthy();
    await third.stop();

    const fresh = await startPlatformProcess(dataDir, ['--reset']);
    expect(fresh.password).not.toBe('');
    expect(fresh.password).not.toBe(first.password);
    await fresh.stop();
  });
});

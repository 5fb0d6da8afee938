import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { kubectlBinary, kubectlWith } from '../kubectl.ts';
import { image, startTarget, unique } from '../target.ts';
import { openTlsFront, type TlsFront } from '../tls-front.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('stock kubectl through the platform, into real containers', () => {
  let platform: TestPlatform;
  let front: TlsFront;
  let kubectl: ReturnType<typeof kubectlWith>;
  const namespace = unique('streams');

  beforeAll(async () => {
    platform = await startTarget();
    front = await openTlsFront(platform, await platform.signIn());
    kubectl = kubectlWith(front.kubeconfig);
    const ok = async (args: string[]) => expect(await kubectl(args)).toMatchObject({ code: 0 });
    await ok(['create', 'namespace', namespace]);
    const command = [
      '--',
      'sh',
      '-c',
      'echo started; mkdir -p /www; echo served >/www/index.html; exec httpd -f -p 8080 -h /www',
    ];
    await ok(['create', 'deployment', 'web', '-n', namespace, `--image=${image}`, ...command]);
    await ok(['rollout', 'status', '-n', namespace, 'deployment/web', '--timeout=60s']);
  });
  afterAll(async () => {
    await kubectl?.(['delete', 'namespace', namespace, '--wait=false']);
    front?.close();
    await platform?.stop();
  });

  it('reads what the container wrote', async () => {
    expect((await kubectl(['logs', '-n', namespace, 'deployment/web'])).stdout).toBe('started\n');
  });

  it('runs a command, passes its input, and ends with its exit code', async () => {
    const echoed = await kubectl(
      ['exec', '-i', '-n', namespace, 'deployment/web', '--', 'sh', '-c', 'read line; echo "got $line"; exit 3'],
      'hello\n',
    );
    expect(echoed.stdout).toBe('got hello\n');
    expect(echoed.code).toBe(3);
  });

  it('copies a file in and out', async () => {
    const pod = (await kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.name}'])).stdout;
    const folder = mkdtempSync(join(tmpdir(), 'freehold-cp-'));
    writeFileSync(join(folder, 'in'), 'there and back');
    expect((await kubectl(['cp', join(folder, 'in'), `${namespace}/${pod}:/tmp/file`])).code).toBe(0);
    expect((await kubectl(['cp', `${namespace}/${pod}:/tmp/file`, join(folder, 'out')])).code).toBe(0);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('there and back');
  });

  it('forwards a port', async () => {
    const port = await freePort();
    const child = spawn(kubectlBinary(), [
      '--kubeconfig',
      front.kubeconfig,
      'port-forward',
      '-n',
      namespace,
      'deployment/web',
      `${port}:8080`,
    ]);
    try {
      const page = () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          (response) => response.text(),
          () => '',
        );
      await expect.poll(page, { timeout: 20_000 }).toBe('served\n');
    } finally {
      child.kill();
    }
  });
});

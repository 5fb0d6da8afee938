import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { kubectlBinary, type Run } from '../kubectl.ts';
import { startTarget } from '../target.ts';

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: default}
spec:
  containers:
  - {name: c, image: busybox, ports: [{containerPort: 8080}]}
`;

/** Newer kubectls speak WebSocket, older ones SPDY: the variables choose. */
describe.each(['true', 'false'])('streams of stock kubectl, WebSocket %s', (webSocket) => {
  let platform: TestPlatform;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  const kubectl = (args: readonly string[], input = ''): Promise<Run> =>
    new Promise((resolve) => {
      const child = execFile(
        kubectlBinary(),
        args,
        { env, cwd: folder, maxBuffer: 64e6, timeout: 60_000 },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });

  beforeAll(async () => {
    platform = await startTarget();
    folder = mkdtempSync(join(tmpdir(), 'kubectl-streams-'));
    const config = platform.kubeconfigFile ?? '';
    env = {
      ...process.env,
      HOME: dirname(config),
      KUBECONFIG: config,
      KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSocket,
      KUBECTL_PORT_FORWARD_WEBSOCKETS: webSocket,
    };
    await kubectl(['apply', '-f', '-'], manifest);
    expect(await kubectl(['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs a command with input, both outputs and its exit code', async () => {
    const script = 'cat; echo err >&2; exit 7';
    const run = await kubectl(['exec', '-i', 'web', '--', 'sh', '-c', script], 'one\ntwo\n');
    expect(run).toMatchObject({ code: 7, stdout: 'one\ntwo\n' });
    expect(run.stderr).toContain('err\n');
  });

  it('copies a file and a folder there and back', async () => {
    const bytes = randomBytes(3_000_000);
    writeFileSync(join(folder, 'big'), bytes);
    expect(await kubectl(['cp', 'big', 'web:/tmp/big'])).toMatchObject({ code: 0 });
    expect(await kubectl(['cp', 'web:/tmp/big', 'back'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true);
    await kubectl(['exec', 'web', '--', 'sh', '-c', 'mkdir -p /tmp/d/e; echo q > /tmp/d/e/f']);
    expect(await kubectl(['cp', 'web:/tmp/d', 'd'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'd/e/f'), 'utf8')).toBe('q\n');
  });

  it('forwards a port that 50 MB go through', async () => {
    const forward = spawn(kubectlBinary(), ['port-forward', 'pod/web', ':8080'], { env, cwd: folder });
    try {
      const [line] = (await once(forward.stdout, 'data')) as [Buffer];
      const port = /127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1] ?? '';
      const answer = await fetch(`http://127.0.0.1:${port}/simulated/bytes/50000000`);
      expect((await answer.arrayBuffer()).byteLength).toBe(50_000_000);
      const sent = await fetch(`http://127.0.0.1:${port}/up`, { method: 'POST', body: Buffer.alloc(5_000_000) });
      expect(await sent.text()).toContain('body: 5000000 bytes');
    } finally {
      forward.kill();
      await once(forward, 'close');
    }
  });

  it('runs a pod that reads from the terminal of its caller, and takes over its exit code', async () => {
    const args = ['run', '-i', '--rm', 'once', '--image=busybox', '--restart=Never', '--', 'sh', '-c', 'cat; exit 6'];
    const run = await kubectl(args, 'hello\n');
    expect(run.stdout).toContain('hello\n');
    expect(run.code).toBe(6);
  });

  it('debugs a pod by a container of its own', async () => {
    expect(await kubectl(['debug', 'web', '--image=busybox', '-i', '--', 'hostname'])).toMatchObject({ code: 0 });
    const { stdout } = await kubectl([
      'get',
      'pod',
      'web',
      '-o',
      'jsonpath={.status.ephemeralContainerStatuses[*].name}',
    ]);
    expect(stdout).toMatch(/^debugger-/);
  });
});

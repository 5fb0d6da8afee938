import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from './programs.ts';

export interface TestRedis {
  readonly url: string;
  /** Kills the server as a crash would: what it held is gone. */
  kill(): Promise<void>;
  /** Stops it without closing its connections, as a broken network does, and lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Starts it again, empty, at the same address. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

const isUp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

async function untilUp(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await isUp(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`redis-server does not listen on port ${port}`);
}

/** A real redis-server, empty, on a free port; throws where it is not installed (see `findProgram`). */
export async function startRedis(options: { readonly password?: string } = {}): Promise<TestRedis> {
  const program = findProgram('redis-server');
  if (!program) throw new Error('redis-server is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  if (options.password) words.push('--requirepass', options.password);
  const start = async () => {
    const child = spawn(program, words, { stdio: 'ignore' });
    await untilUp(port);
    return child;
  };
  let server = await start();
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async startAgain() {
      server = await start();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

export interface PlatformProcess {
  readonly url: string;
  readonly password: string;
  readonly kubeconfigFile: string;
  readonly readyMs: number;
  memoryBytes(): number;
  /** How many files and connections it has open. */
  openFiles(): number;
  /** CPU time used so far, user and system, in seconds. */
  cpuSeconds(): number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const word = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ctrl-C')) resolve(output);
    });
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => reject(new Error(`the platform ended with ${code}: ${output}`)));
  });
}

/** Starts the platform as a user does, in a process of its own, and answers when it says that it is ready. */
export async function startPlatformProcess(dataDir: string, args: readonly string[] = []): Promise<PlatformProcess> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'tools/freehold.mjs'), '--data', dataDir, '--port', '0', ...args], {
    cwd: root,
  });
  const output = await ready(child);
  const readyMs = performance.now() - startMs;
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    url: word(output, /(http:\/\/\S+)/),
    password: word(output, /admin \/ (\S+)/),
    kubeconfigFile: word(output, /--kubeconfig (\S+)/),
    readyMs,
    memoryBytes: () => Number(word(readFileSync(`/proc/${child.pid}/status`, 'utf8'), /VmRSS:\s+(\d+)/)) * 1024,
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

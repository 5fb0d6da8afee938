import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readKubeconfig, type Connection } from '@kit/kube';
import { root } from '../root.mjs';

/** A Kubernetes under load, ours or a real one, in processes of its own. */
export interface Peer {
  readonly name: string;
  readonly connection: Connection;
  readonly readyMs: number;
  memoryBytes(): number;
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** How the process of the embedded Kubernetes is, and how long its event loop was held up since it was last asked. */
export interface ProcessState {
  readonly heapBytes: number;
  readonly buffersBytes: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
}

export interface Embedded extends Peer {
  /** As a file has it. */
  readonly kubeconfig: string;
  state(): Promise<ProcessState>;
}

const word = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

function memoryOf(pids: readonly number[]): number {
  const of = (pid: number): number =>
    Number(word(readFileSync(`/proc/${pid}/status`, 'utf8'), /VmRSS:\s+(\d+)/)) * 1024;
  return pids.reduce((sum, pid) => sum + of(pid), 0);
}

function cpuOf(pids: readonly number[]): number {
  const of = (pid: number): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  return pids.reduce((sum, pid) => sum + of(pid), 0);
}

/** The program, bundled as the platform is: it finds its data beside itself, in the folder of the platform's bundle. */
async function bundled(): Promise<string> {
  const outfile = join(root, 'dist/single/bench-embedded.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['tools/bench/embedded-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@photostructure/sqlite', '@node-rs/argon2'],
    banner: {
      js: "import { createRequire as bundledRequire } from 'node:module';\nconst require = bundledRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** Ours, with so many simulated nodes, or the API server alone. */
export async function startEmbedded(nodes: number | 'alone'): Promise<Embedded> {
  const program = await bundled();
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const startMs = performance.now();
  const child = spawn(process.execPath, [program, dataDir, String(nodes)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, file] = /^ready (.+)\n/m.exec(output) ?? [];
      if (file) resolve(readFileSync(file, 'utf8'));
    });
    child.once('close', (code) => reject(new Error(`the embedded Kubernetes ended with ${code}`)));
  });
  const readyMs = performance.now() - startMs;
  const pids = [child.pid ?? 0];
  return {
    name: 'Freehold',
    kubeconfig,
    connection: readKubeconfig(kubeconfig),
    readyMs,
    memoryBytes: () => memoryOf(pids),
    cpuSeconds: () => cpuOf(pids),
    async state() {
      child.send('state');
      const [state] = (await once(child, 'message')) as [ProcessState]; // nothing else is sent
      return state;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const script = join(root, 'tools/real/control-plane.sh');

/** Why no real control plane can be started here; undefined when one can. */
export function whyNoReal(): string | undefined {
  try {
    execFileSync('bash', [script, 'can'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return undefined;
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout).trim(); // what the script has printed
  }
}

/** The real one: etcd and kube-apiserver, and with nodes the other components and nodes that kwok simulates. */
export function startReal(nodes?: number): Peer {
  const state = mkdtempSync(join(tmpdir(), 'freehold-bench-real-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = { ...process.env, STATE: state, PORT: String(port), NODES: String(nodes ?? 0), QPS: '5000' };
  const run = (...args: string[]): string =>
    execFileSync('bash', [script, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  mkdirSync(state, { recursive: true });
  const kubeconfig =
    run('up', ...(nodes === undefined ? [] : ['with-nodes']))
      .split('\n')
      .at(-1) ?? '';
  // The certificates and the look for binaries before it are no part of a start.
  const readyMs = Date.now() - statSync(join(state, 'run/etcd.pid')).mtimeMs;
  const pids = readdirSync(join(state, 'run')).map((file) => Number(readFileSync(join(state, 'run', file), 'utf8')));
  return {
    name: nodes === undefined ? 'kube-apiserver 1.36.3 + etcd 3.6' : 'a real control plane 1.36.3 with kwok',
    connection: readKubeconfig(readFileSync(kubeconfig, 'utf8'), {}),
    readyMs,
    memoryBytes: () => memoryOf(pids),
    cpuSeconds: () => cpuOf(pids),
    stop() {
      run('down');
      return Promise.resolve();
    },
  };
}

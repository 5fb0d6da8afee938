import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, ConfigError, createLogger } from '@kit/base';
import { restoreCluster, startCluster } from '@cluster/embedded';
import { writeBackup } from './cluster-backup.ts';
import { clusterHelpText, readClusterOptions, type ClusterCommandOptions } from './cluster-options.ts';
import { openDataFolder } from './data-folder.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Runs the cluster until it is told to stop; one line names its kubeconfig when it is ready. */
async function runCluster({ data, memory, host, port, nodes, stages, engine }: ClusterCommandOptions): Promise<void> {
  const folder = openDataFolder(memory ? mkdtempSync(join(tmpdir(), 'freehold-cluster-')) : data);
  try {
    const log = createLogger({ level: 'warn' });
    const cluster = await startCluster({
      host,
      port,
      ...(nodes !== undefined && { nodes }),
      ...(engine && { engine }),
      log,
      ...(stages !== undefined && { stages: [stages] }),
      ...(!memory && { dataDir: folder.file('cluster') }),
    });
    say(`ready ${folder.writePrivate('kubeconfig', cluster.kubeconfig)}`);
    await untilSignal();
    await cluster.stop();
  } finally {
    folder.release();
    if (memory) rmSync(folder.path, { recursive: true, force: true });
  }
}

async function restore(data: string, file: string): Promise<void> {
  const folder = openDataFolder(data);
  try {
    await restoreCluster(file, folder.file('cluster'));
  } finally {
    folder.release();
  }
}

async function perform(args: readonly string[]): Promise<void> {
  const { options, action } = readClusterOptions(args);
  if (options.help) return say(clusterHelpText());
  if (action.verb === 'run') return runCluster(options);
  if (action.verb === 'backup') {
    await writeBackup(options.data, action.file);
    return say(`${action.file} holds the cluster of ${options.data}, its keys and secrets included: keep it safe`);
  }
  await restore(options.data, action.file);
  say(`${options.data} holds the cluster of ${action.file}`);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\nSee npx freehold cluster --help`;
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** `freehold cluster`: the embedded Kubernetes alone; the process ends with 0, or with 1 and a sentence. */
export async function main(args: readonly string[]): Promise<void> {
  const working = setInterval(() => undefined, 60_000); // timers of library code do not hold a process
  try {
    await perform(args);
    process.exit(0); // kept-alive sockets of others must not hold a stopped cluster
  } catch (error) {
    process.stderr.write(`freehold cluster: ${explain(error)}\n`);
    process.exit(1);
  } finally {
    clearInterval(working);
  }
}

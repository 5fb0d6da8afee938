import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { EngineClient } from '../engine-client.ts';

/** A Podman of the test's own: its images, containers and settings are in a folder that goes with it. */
export interface TestEngine {
  readonly socketPath: string;
  readonly client: EngineClient;
  stop(): Promise<void>;
}

export const testImage = 'localhost/busybox:test';

function has(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why no engine can be started here, in a sentence; undefined when one can. */
export function engineMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'engine nodes need Linux and root';
  if (!has('podman') || !has('nft') || !existsSync('/bin/busybox')) install();
  const missing = ['podman', 'nft'].filter((command) => !has(command));
  if (!existsSync('/bin/busybox')) missing.push('busybox-static');
  return missing.length > 0 ? `${missing.join(', ')} cannot be had here` : undefined;
}

function install(): void {
  const packages = ['podman', 'crun', 'netavark', 'nftables', 'busybox-static'];
  try {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      stdio: 'ignore',
      timeout: 120_000,
    });
  } catch {
    // what is missing is said above
  }
}

// Machines that are containers themselves refuse limits that are higher than their own.
function limitOf(name: string): number {
  const [, hard = ''] =
    new RegExp(`^Max ${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  const most = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
  const limit = Number(hard) || 1_048_576;
  return name === 'processes' ? Math.min(limit, most) : limit;
}

function writeSettings(folder: string): Record<string, string> {
  // crun does not work where both versions of control groups are mounted.
  const runtime = existsSync('/sys/fs/cgroup/unified') && has('runc') ? 'runc' : 'crun';
  const settings = { containers: join(folder, 'containers.conf'), storage: join(folder, 'storage.conf') };
  const [files, processes] = [limitOf('open files'), limitOf('processes')];
  writeFileSync(
    settings.containers,
    `[containers]
default_ulimits = ["nofile=${files}:${files}", "nproc=${processes}:${processes}"]
[engine]
runtime = "${runtime}"
cgroup_manager = "cgroupfs"
events_logger = "none"
[network]
network_config_dir = "${join(folder, 'networks')}"
`,
  );
  const places = `graphroot = "${join(folder, 'images')}"\nrunroot = "${join(folder, 'run')}"\n`;
  writeFileSync(settings.storage, `[storage]\ndriver = "vfs"\n${places}`);
  return { CONTAINERS_CONF: settings.containers, CONTAINERS_STORAGE_CONF: settings.storage, TMPDIR: folder };
}

async function imageFiles(): Promise<Buffer> {
  const files = pack();
  for (const name of ['bin', 'tmp', 'etc', 'proc', 'sys', 'dev', 'root']) files.entry({ name, type: 'directory' });
  files.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync('/bin/busybox'));
  const applets = execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  for (const name of applets.filter((applet) => applet !== 'busybox'))
    files.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
  files.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
  files.finalize();
  return buffer(files);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the engine does not answer');
}

/** Starts Podman with one image, `testImage`. */
export async function startTestEngine(): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  mkdirSync(join(folder, 'run'));
  const socketPath = join(folder, 'podman.sock');
  const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder };
  const settings = { ...environment, ...writeSettings(folder) };
  const service = spawn('podman', ['system', 'service', '--time=0', `unix://${socketPath}`], {
    cwd: folder, // what watches containers leaves files where it was started
    env: settings,
    stdio: 'ignore',
  });
  const client = new EngineClient(socketPath);
  const answers = (): Promise<boolean> =>
    client.json('GET', '/info').then(
      () => true,
      () => false,
    );
  await until(answers);
  const [repo, tag] = testImage.split(':');
  const progress = await client.stream('POST', '/images/create', {
    query: { fromSrc: '-', repo, changes: 'ENV PATH=/bin' },
    body: await imageFiles(),
  });
  await text(progress); // it is made when all of it is told
  await client.json('POST', `/images/${encodeURIComponent(`${repo}:latest`)}/tag`, { query: { repo, tag } });
  return {
    socketPath,
    client,
    async stop() {
      const all = await client.json<{ Id: string }[]>('GET', '/containers/json', { query: { all: true } });
      for (const { Id } of all)
        await client.json('DELETE', `/containers/${Id}`, { query: { force: true } }).catch(() => undefined); // it may hang on another one
      service.kill();
      execFileSync('podman', ['system', 'reset', '--force'], { env: settings, stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

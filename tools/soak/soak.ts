import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@kit/base';
import { createKubeClient, kinds, readKubeconfig, type KubeClient } from '@kit/kube';
import { signIn, type Session } from '@kit/testing';
import { startPlatformProcess, type PlatformProcess } from '../platform-process.ts';
import { Watcher } from './watcher.ts';

const seconds = Number(process.env['FREEHOLD_SOAK_SECONDS'] ?? 3600);
const namespace = 'soak';
const objects = 40;
const watchers = 30;
/** Set when the platform is ready. */
let untilMs = 0;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes the objects over and over, each time with the next number. */
async function churn(kube: KubeClient): Promise<Map<string, number>> {
  const written = new Map<string, number>();
  await kube.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const one = async (at: number): Promise<void> => {
    const name = `object-${at}`;
    const filler = 'x'.repeat(2000);
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { sequence: '0', filler },
    };
    await kube.create(kinds.configmaps, object);
    for (let sequence = 1; performance.now() < untilMs; sequence++) {
      const patch = { data: { sequence: String(sequence) } };
      await kube.patch(kinds.configmaps, { namespace, name }, patch, { type: 'merge' });
      written.set(name, sequence);
      await pause(100 + Math.random() * 400);
    }
  };
  await Promise.all(Array.from({ length: objects }, (_, at) => one(at)));
  return written;
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly data: { readonly sequence: string };
  }[];
}

/** What of a list says less than was said before. */
function wentBack({ items }: Listed, seen: Map<string, number>): string[] {
  return items.flatMap(({ metadata: { name }, data }) => {
    const [before, now] = [seen.get(name) ?? 0, Number(data.sequence)];
    seen.set(name, now);
    return now < before ? [`the list went back from ${before} to ${now} of ${name}`] : [];
  });
}

/** Lists as consoles do, with the tag of the last answer; a number that goes back is a problem. */
async function readLists(admin: Session): Promise<string[]> {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const path = `/kapis/resources.kubesphere.io/v1alpha3/namespaces/${namespace}/configmaps?name=object`;
  let tag = '';
  while (performance.now() < untilMs) {
    const { status, body, headers } = await admin.call<Listed>('GET', path, undefined, { 'if-none-match': tag });
    tag = headers.get('etag') ?? '';
    if (status === 200) problems.push(...wentBack(body, seen));
    else if (status !== 304) problems.push(`a list answered ${status}`);
    await pause(50);
  }
  return problems;
}

interface Sample {
  readonly memoryBytes: number;
  readonly files: number;
}

async function sample(platform: PlatformProcess): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (performance.now() < untilMs) {
    samples.push({ memoryBytes: platform.memoryBytes(), files: platform.openFiles() });
    await pause(Math.max(250, (seconds * 1000) / 200));
  }
  return samples;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;

/** The last fifth may take a quarter and 32 MiB more than the second fifth: that is noise of the collector, not a leak. */
function memoryProblem(samples: readonly Sample[]): string[] {
  const fifth = Math.floor(samples.length / 5);
  const of = (from: number): number =>
    median(samples.slice(from, from + fifth).map((one) => one.memoryBytes)) / 2 ** 20;
  const [early, late] = [of(fifth), of(4 * fifth)];
  process.stdout.write(`memory: ${early.toFixed(0)} MiB early, ${late.toFixed(0)} MiB late\n`);
  return late > early * 1.25 + 32 ? [`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`] : [];
}

async function soak(platform: PlatformProcess, kube: KubeClient): Promise<string[]> {
  const admin = await signIn(platform.url, 'admin', platform.password);
  const before = platform.openFiles();
  untilMs = performance.now() + seconds * 1000;
  const churning = churn(kube);
  await pause(2000);
  const all = Array.from(
    { length: watchers },
    (_, at) =>
      new Watcher({
        url: platform.url,
        token: admin.token,
        namespace,
        isSlow: at % 5 === 0,
        cutAfterMs: () => 500 + Math.random() * 8000,
      }),
  );
  const running = all.map((watcher) => watcher.run());
  const [written, listProblems, samples] = await Promise.all([churning, readLists(admin), sample(platform)]);
  const behind = (): string[] =>
    all.flatMap((watcher, at) =>
      [...written].flatMap(([name, sequence]) =>
        watcher.sequences.get(name) === sequence
          ? []
          : [
              `watcher ${at} (${watcher.lastEnd}) ends with ${watcher.sequences.get(name)} of ${name}, which is ${sequence}`,
            ],
      ),
    );
  for (let wait = 0; wait < 100 && behind().length > 0; wait++) await pause(200);
  const missed = behind();
  for (const watcher of all) watcher.stop();
  await Promise.race([Promise.all(running), pause(12_000)]);
  await pause(3000);
  const after = platform.openFiles();
  const events = all.reduce((sum, watcher) => sum + watcher.events, 0);
  const relists = all.reduce((sum, watcher) => sum + watcher.relists, 0);
  process.stdout.write(
    `${events} events to ${watchers} watchers, ${relists} lists of theirs; open files: ${before} before, ${after} after\n`,
  );
  // Connections to the cluster are kept for a while, and here both their ends are in this one process.
  const leaked = after > before + 2 * watchers + 40 ? [`open files grew from ${before} to ${after}`] : [];
  return [...all.flatMap(({ problems }) => problems), ...listProblems, ...missed, ...memoryProblem(samples), ...leaked];
}

const dataDir = mkdtempSync(join(tmpdir(), 'freehold-soak-'));
const platform = await startPlatformProcess(dataDir, ['--nodes', '1']);
const kube = createKubeClient(readKubeconfig(readFileSync(platform.kubeconfigFile, 'utf8')), {
  log: silentLogger,
  clock: systemClock,
});
const problems = await soak(platform, kube).finally(async () => {
  await kube.close();
  await platform.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
for (const problem of problems.slice(0, 20)) process.stdout.write(`PROBLEM ${problem}\n`);
process.stdout.write(`${seconds} s: ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);

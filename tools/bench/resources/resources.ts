import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@kit/base';
import { createKubeClient, type KubeClient } from '@kit/kube';
import { signIn, type Session } from '@kit/testing';
import { startPlatformProcess, type PlatformProcess } from '../../platform-process.ts';
import { startEmbedded } from '../peers.ts';
import { mebibytes, type Figure } from '../report.ts';
import { keepChanging, makeNamespaces, makePods } from './fill-cluster.ts';
import { cases, measure } from './list-load.ts';
import { manyUsers } from './many-users.ts';
import { watcherFigures } from './watchers.ts';

/** How many pods there are one after the other, and beside how many namespaces; fewer for a quick look. */
const sizes = (process.env['FREEHOLD_BENCH_PODS'] ?? '3000,10000,50000').split(',').map(Number);
const namespaces = Number(process.env['FREEHOLD_BENCH_NAMESPACES'] ?? 10_000);
const users = Number(process.env['FREEHOLD_BENCH_USERS'] ?? 200);
const watchers = Number(process.env['FREEHOLD_BENCH_WATCHERS'] ?? 1000);

interface Bench {
  readonly platform: PlatformProcess;
  readonly kube: KubeClient;
  readonly admin: Session;
}

const shown = (count: number): string => count.toLocaleString('en');

async function settled(call: Session['call'], pods: number): Promise<void> {
  for (;;) {
    const { body } = await call<{ totalItems: number }>('GET', '/kapis/resources.kubesphere.io/v1alpha3/pods?limit=1');
    if (body.totalItems >= pods) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function figuresAt({ platform, kube, admin }: Bench, pods: number, before: number): Promise<Figure[]> {
  await settled((...asked) => admin.call(...asked), pods);
  const tokens = [admin.token];
  const figures: Figure[] = [];
  for (const one of cases) figures.push(await measure(platform, { ...one, tokens, pods: shown(pods) }));
  const each = (platform.memoryBytes() - before) / pods;
  const stop = keepChanging(kube, pods, 500);
  for (const one of cases.filter(({ budget }) => budget)) {
    const what = `${one.what}, while pods change`;
    figures.push(await measure(platform, { ...one, what, tokens, pods: shown(pods), clients: 2 }));
  }
  const changed = await stop();
  return [
    ...figures,
    { what: `${shown(pods)} pods: changes a second meanwhile, of the 500 wanted`, value: changed.toFixed(0) },
    {
      what: `${shown(pods)} pods: memory of the server for each, namespaces and lists included`,
      value: `${(each / 1024).toFixed(1)} KB (${mebibytes(platform.memoryBytes())} in all)`,
      budget: '12 KB',
      peer: 'KubeSphere 3.4 with 3,000 pods: 413 MB in all',
    },
  ];
}

async function ofMembers({ platform, kube, admin }: Bench, pods: number): Promise<Figure> {
  const tokens = await manyUsers(kube, { url: platform.url, admin, count: users });
  return measure(platform, {
    what: `page of 10 of ${users} members of three projects each, of all they may see`,
    path: '/kapis/resources.freehold.io/v1alpha1/pods?limit=10',
    tokens,
    pods: shown(pods),
  });
}

async function run(bench: Bench): Promise<Figure[]> {
  const before = bench.platform.memoryBytes();
  const figures: Figure[] = [];
  await makeNamespaces(bench.kube, namespaces);
  let made = 0;
  for (const pods of sizes) {
    await makePods(bench.kube, { from: made, to: pods, projects: namespaces });
    made = pods;
    figures.push(...(await figuresAt(bench, pods, before)));
    process.stderr.write(`${pods} pods done\n`);
  }
  if (users > 0) figures.push(await ofMembers(bench, made));
  if (watchers > 0) {
    const at = { token: bench.admin.token, pods: made, count: watchers, perSecond: 100 };
    figures.push(...(await watcherFigures(bench.platform, bench.kube, at)));
  }
  return figures;
}

/**
 * Lists through the platform: authenticated, authorized, filtered, sorted and paged. The server is a process of its own,
 * the cluster it is on another, and the clients a third.
 */
export async function listFigures(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const cluster = await startEmbedded(0);
  const file = join(dataDir, 'kubeconfig');
  writeFileSync(file, cluster.kubeconfig, { mode: 0o600 });
  const kube = createKubeClient(cluster.connection, { log: silentLogger, clock: systemClock });
  const platform = await startPlatformProcess(join(dataDir, 'platform'), ['--kubeconfig', file]);
  try {
    const admin = await signIn(platform.url, 'admin', platform.password);
    return await run({ platform, kube, admin });
  } finally {
    await kube.close();
    await platform.stop();
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

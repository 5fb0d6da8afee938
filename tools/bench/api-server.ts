import { setMaxListeners } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubeClient, kinds, readKubeconfig, type KubeClient } from '@kit/kube';
import { silentLogger, systemClock } from '@kit/base';
import { load } from './load.ts';
import { startPlatformProcess } from '../platform-process.ts';
import { mebibytes, rate, type Figure } from './report.ts';

const namespace = 'bench';
const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: 'x'.repeat(200) },
});

async function writes(kube: KubeClient): Promise<Figure[]> {
  const peers = ['253 - 519/s', '820 - 1,634/s', '1,183 - 2,060/s'];
  const figures: Figure[] = [];
  for (const [i, clients] of [1, 8, 32].entries()) {
    const run = await load({
      clients,
      seconds: 4,
      once: (turn) => kube.create(kinds.configmaps, configMap(`c${clients}-${turn}`)),
    });
    figures.push({
      what: `create ConfigMap, ${clients} clients (fsync before each answer)`,
      value: rate(run),
      peer: `kube-apiserver + etcd: ${peers[i]}`,
    });
  }
  await kube.create(kinds.configmaps, configMap('patched'));
  const patched = await load({
    clients: 16,
    seconds: 4,
    once: (turn) =>
      kube.patch(kinds.configmaps, { namespace, name: 'patched' }, { data: { turn: String(turn) } }, { type: 'merge' }),
  });
  figures.push({
    what: 'merge patch of one object, 16 clients',
    value: rate(patched),
    peer: 'kube-apiserver + etcd: 574 - 767/s (other objects)',
  });
  return figures;
}

async function reads(kube: KubeClient): Promise<Figure[]> {
  const one = await load({
    clients: 1,
    seconds: 3,
    once: () => kube.get(kinds.configmaps, { namespace, name: 'patched' }),
  });
  const many = await load({
    clients: 16,
    seconds: 3,
    once: () => kube.get(kinds.configmaps, { namespace, name: 'patched' }),
  });
  const page = { method: 'GET', path: `/api/v1/namespaces/${namespace}/configmaps`, query: { limit: 500 } };
  const listed = await load({ clients: 4, seconds: 3, once: () => kube.json(page) });
  return [
    { what: 'get, 1 client', value: rate(one), peer: 'kube-apiserver + etcd: 894 - 923/s' },
    { what: 'get, 16 clients', value: rate(many), peer: 'kube-apiserver + etcd: 2,689 - 3,859/s' },
    { what: 'list a page of 500, 4 clients', value: rate(listed) },
  ];
}

/** How long after a patch is sent the first and the last of 100 watchers have its event. */
async function fanOut(kube: KubeClient): Promise<Figure[]> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // one for each watcher is meant, and no leak
  const seen = new Map<string, number[]>();
  const { metadata } = await kube.list(kinds.configmaps, { namespace, fieldSelector: 'metadata.name=patched' });
  const watch = async (): Promise<void> => {
    const events = kube.watch(kinds.configmaps, {
      namespace,
      fieldSelector: 'metadata.name=patched',
      resourceVersion: metadata.resourceVersion,
      signal: stop.signal,
    });
    for await (const { object } of events) {
      const mark = (object.data as Record<string, string> | undefined)?.mark; // ConfigMap.data maps text to text
      if (mark) (seen.get(mark) ?? seen.set(mark, []).get(mark))?.push(performance.now());
    }
  };
  const watchers = Array.from({ length: 100 }, () => watch().catch(() => undefined)); // aborted at the end
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const first: number[] = [];
  const last: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const mark = `m${turn}`;
    const sentMs = performance.now();
    await kube.patch(kinds.configmaps, { namespace, name: 'patched' }, { data: { mark } }, { type: 'merge' });
    while ((seen.get(mark)?.length ?? 0) < watchers.length) await new Promise((resolve) => setTimeout(resolve, 2));
    const times = seen.get(mark) ?? [];
    first.push(Math.min(...times) - sentMs);
    last.push(Math.max(...times) - sentMs);
  }
  stop.abort(new Error('done'));
  await Promise.all(watchers);
  const median = (values: number[]): string =>
    (values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(1);
  return [
    {
      what: '100 watchers see a patch: first / last',
      value: `${median(first)} / ${median(last)} ms`,
      peer: 'kube-apiserver + etcd: 6.4 - 8.6 / 8.7 - 11.3 ms',
    },
  ];
}

/** Create, get, list, patch and watch figures of the embedded API server, over TLS from another process. */
export async function apiServerFigures(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const platform = await startPlatformProcess(dataDir);
  const kube = createKubeClient(readKubeconfig(readFileSync(platform.kubeconfigFile, 'utf8')), {
    log: silentLogger,
    clock: systemClock,
  });
  try {
    await kube.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const figures = [...(await writes(kube)), ...(await reads(kube)), ...(await fanOut(kube))];
    return [...figures, { what: 'memory of the whole platform afterwards', value: mebibytes(platform.memoryBytes()) }];
  } finally {
    await kube.close();
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

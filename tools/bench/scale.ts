import { ApiClient } from './api-client.ts';
import { startEmbedded, startReal, whyNoReal, type Peer } from './peers.ts';
import { mebibytes, type Figure } from './report.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const merge = { 'content-type': 'application/merge-patch+json' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

interface Deployment {
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number };
}

const deployment = (name: string): object => ({
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
  },
});

async function until(api: ApiClient, name: string, isTrue: (deployment: Deployment) => boolean): Promise<void> {
  while (!isTrue(await api.json<Deployment>(`${deployments}/${name}`))) await pause(250);
}

const scale = (api: ApiClient, name: string, replicas: number): Promise<unknown> =>
  api.ask('PATCH', `${deployments}/${name}`, { body: { spec: { replicas } }, headers: merge });

async function nodesReady(api: ApiClient, nodes: number): Promise<void> {
  interface Node {
    readonly spec: { readonly taints?: readonly unknown[] };
    readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
  }
  const isReady = ({ spec, status }: Node): boolean =>
    !spec.taints?.length && (status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
  for (;;) {
    const { items } = await api.json<{ items: Node[] }>('/api/v1/nodes');
    if (items.length === nodes && items.every(isReady)) return;
    await pause(500);
  }
}

interface Run {
  readonly readyMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** How long `replicas` pods of a new deployment take from the wish for them until all are ready. */
async function scaleUp(peer: Peer, nodes: number, replicas: number): Promise<Run> {
  const api = new ApiClient(peer.connection);
  try {
    await nodesReady(api, nodes);
    await api.ask('POST', deployments, { body: deployment('web') });
    await pause(1000);
    const startMs = performance.now();
    const startCpu = peer.cpuSeconds();
    await scale(api, 'web', replicas);
    await until(api, 'web', ({ status }) => (status?.readyReplicas ?? 0) >= replicas);
    const readyMs = performance.now() - startMs;
    return { readyMs, cpuSeconds: peer.cpuSeconds() - startCpu, memoryBytes: peer.memoryBytes() };
  } finally {
    api.close();
  }
}

/** What single gets take while `busy` goes on, sorted, in milliseconds. */
async function getsDuring(api: ApiClient, path: string, busy: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  void busy.finally(() => (isOver = true));
  while (!isOver) {
    const startMs = performance.now();
    await api.ask('GET', path, { drop: true });
    times.push(performance.now() - startMs);
    await pause(10);
  }
  return times.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

/** Fills 1,000 nodes with 50,000 pods, and changes the image of 5,000 of them under the eyes of a client. */
async function largeCluster(peer: Peer): Promise<Figure[]> {
  const api = new ApiClient(peer.connection);
  const other = new ApiClient(peer.connection);
  const names = Array.from({ length: 10 }, (_, index) => `part-${index}`);
  try {
    await nodesReady(api, 1000);
    const startMs = performance.now();
    for (const name of names) {
      await api.ask('POST', deployments, { body: deployment(name) });
      await scale(api, name, 5000);
    }
    for (const name of names) await until(api, name, ({ status }) => (status?.readyReplicas ?? 0) >= 5000);
    const filledMs = performance.now() - startMs;
    const memoryBytes = peer.memoryBytes();
    const image = { spec: { template: { spec: { containers: [{ name: 'main', image: 'web:2' }] } } } };
    const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
    const rolloutMs = performance.now();
    await api.ask('PATCH', `${deployments}/part-0`, { body: image, headers: strategic });
    await pause(1000);
    const rollout = until(
      api,
      'part-0',
      ({ status }) => status?.updatedReplicas === 5000 && status.readyReplicas === 5000 && status.replicas === 5000,
    );
    const gets = await getsDuring(other, '/api/v1/nodes/node-7', rollout);
    await rollout;
    return [
      { what: '50,000 pods on 1,000 nodes: until all are ready', value: seconds(filledMs) },
      { what: 'memory then', value: mebibytes(memoryBytes) },
      { what: 'rollout of 5,000 of them', value: seconds(performance.now() - rolloutMs) },
      {
        what: 'a get meanwhile: p50 / p99',
        value: `${at(gets, 0.5).toFixed(1)} / ${at(gets, 0.99).toFixed(1)} ms`,
        budget: 'p99 50 ms',
      },
    ];
  } finally {
    api.close();
    other.close();
  }
}

async function withPeer<T>(peer: Peer, use: (peer: Peer) => Promise<T>): Promise<T> {
  try {
    return await use(peer);
  } finally {
    await peer.stop();
  }
}

const said = ({ readyMs, cpuSeconds, memoryBytes }: Run): string =>
  `${seconds(readyMs)}, ${cpuSeconds.toFixed(0)} s of CPU, ${mebibytes(memoryBytes)}`;

/** A deployment of 5,000 pods on 50 nodes, ours and a real control plane's with simulated nodes. */
export async function scaleFigures(): Promise<Figure[]> {
  const why = whyNoReal();
  if (why) process.stdout.write(`SKIPPED the real control plane: ${why}\n\n`);
  const ours = await withPeer(await startEmbedded(50), (peer) => scaleUp(peer, 50, 5000));
  const real = why ? undefined : await withPeer(startReal(50), (peer) => scaleUp(peer, 50, 5000));
  const first: Figure = {
    what: 'scale a deployment to 5,000 pods on 50 nodes, until all are ready',
    value: said(ours),
    budget: '16 s',
    ...(real && { peer: `kube-apiserver, controllers, scheduler, etcd and kwok: ${said(real)}` }),
  };
  return [first];
}

/** 50,000 pods on 1,000 nodes; takes several minutes. */
export async function largeFigures(): Promise<Figure[]> {
  return withPeer(await startEmbedded(1000), largeCluster);
}

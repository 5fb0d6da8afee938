import { ApiClient } from './api-client.ts';
import { deployment, deployments, pause, scale, seconds, setImage, until } from './deployments.ts';
import { startEmbedded, type Embedded, type ProcessState } from './peers.ts';
import { mebibytes, type Figure } from './report.ts';
import { nodesReady, withPeer } from './scale.ts';

const nodes = 1000;
const each = 5000;
const names = Array.from({ length: 10 }, (_, index) => `part-${index}`);
const answered = 'p99 50 ms';

/** Latencies in milliseconds, sorted. */
type Times = readonly number[];

const at = (sorted: Times, share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
const shown = (sorted: Times): string =>
  `p50 ${at(sorted, 0.5).toFixed(1)}, p99 ${at(sorted, 0.99).toFixed(1)}, longest ${at(sorted, 1).toFixed(0)} ms`;

/**
 * What single gets take while `busy` goes on. One is sent every 20 ms, whether those before have been answered or not:
 * who waits for an answer does not notice how many others wait.
 */
async function getsDuring(api: ApiClient, busy: Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  let isOver = false;
  const ended = busy.finally(() => (isOver = true));
  const get = async (startMs: number): Promise<void> => {
    await api.ask('GET', '/api/v1/nodes/node-7', { drop: true, allow: 404 });
    times.push(performance.now() - startMs);
  };
  while (!isOver) {
    asked.push(get(performance.now()));
    await pause(20);
  }
  await Promise.all([...asked, ended]);
  return times.sort((a, b) => a - b);
}

interface Measured {
  readonly tookMs: number;
  readonly cpuSeconds: number;
  readonly gets: Times;
  readonly state: ProcessState;
}

/** Does something, and looks meanwhile how long others wait. */
async function measured(peer: Embedded, api: ApiClient, work: () => Promise<void>): Promise<Measured> {
  await peer.state();
  const cpu = peer.cpuSeconds();
  const startMs = performance.now();
  let tookMs = 0;
  const done = work().then(() => (tookMs = performance.now() - startMs));
  const gets = await getsDuring(api, done);
  return { tookMs, cpuSeconds: peer.cpuSeconds() - cpu, gets, state: await peer.state() };
}

const figures = (what: string, { tookMs, cpuSeconds, gets, state }: Measured): Figure[] => [
  { what, value: `${seconds(tookMs)}, ${cpuSeconds.toFixed(0)} s of CPU` },
  { what: 'a get meanwhile', value: shown(gets), budget: answered },
  {
    what: 'the event loop was held up',
    value: `p99 ${state.loopP99Ms.toFixed(0)}, longest ${state.loopMaxMs.toFixed(0)} ms`,
  },
];

async function fill(api: ApiClient): Promise<void> {
  for (const name of names) {
    await api.ask('POST', deployments, { body: deployment(name) });
    await scale(api, name, each);
  }
  for (const name of names) await until(api, name, ({ readyReplicas = 0 }) => readyReplicas >= each);
}

async function rollOut(api: ApiClient): Promise<void> {
  await setImage(api, 'part-0', 'web:2');
  await until(
    api,
    'part-0',
    ({ updatedReplicas, readyReplicas, replicas }) =>
      updatedReplicas === each && readyReplicas === each && replicas === each,
  );
}

interface Slices {
  readonly items: readonly { readonly endpoints?: readonly { readonly conditions: { readonly ready?: boolean } }[] }[];
}

/** A service of 5,000 pods, until its slices have all of them. */
async function serve(api: ApiClient): Promise<void> {
  const spec = { selector: { app: 'part-1' }, ports: [{ port: 80 }] };
  await api.ask('POST', '/api/v1/namespaces/default/services', { body: { metadata: { name: 'large' }, spec } });
  const selector = 'labelSelector=kubernetes.io/service-name=large';
  const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?${selector}`;
  const ready = async (): Promise<number> => {
    const { items } = await api.json<Slices>(path);
    return items.flatMap(({ endpoints = [] }) => endpoints).filter(({ conditions }) => conditions.ready).length;
  };
  while ((await ready()) < each) await pause(100);
}

async function pages(api: ApiClient): Promise<Times> {
  const times: number[] = [];
  for (let turn = 0; turn < 30; turn++) {
    const startMs = performance.now();
    await api.ask('GET', '/api/v1/pods?limit=500', { drop: true });
    times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b);
}

async function largeCluster(peer: Embedded): Promise<Figure[]> {
  const api = new ApiClient(peer.connection);
  const other = new ApiClient(peer.connection, 256);
  try {
    const started = await measured(peer, other, () => nodesReady(api, nodes));
    const filled = await measured(peer, other, () => fill(api));
    const full = { memory: peer.memoryBytes(), ...filled.state };
    const rolled = await measured(peer, other, () => rollOut(api));
    const served = await measured(peer, other, () => serve(api));
    const idle = await measured(peer, other, () => pause(10_000));
    const { memory, heapBytes, buffersBytes } = full;
    return [
      ...figures('1,000 nodes until ready', started).slice(0, 1),
      ...figures('50,000 pods until all are ready', filled),
      {
        what: 'memory then',
        value: `${mebibytes(memory)}: ${mebibytes(heapBytes)} heap, ${mebibytes(buffersBytes)} objects as bytes`,
      },
      ...figures('a rollout of 5,000 of them', rolled),
      ...figures('a new service of 5,000 pods, until its slices are complete', served),
      { what: 'CPU at rest', value: `${((idle.cpuSeconds / idle.tookMs) * 100_000).toFixed(0)} % of a core` },
      { what: 'a get at rest', value: shown(idle.gets) },
      { what: 'a page of 500 of all pods', value: shown(await pages(api)) },
      { what: 'memory at the end', value: mebibytes(peer.memoryBytes()) },
    ];
  } finally {
    api.close();
    other.close();
  }
}

/** 50,000 pods on 1,000 nodes; takes several minutes. */
export async function largeFigures(): Promise<Figure[]> {
  return withPeer(await startEmbedded(nodes), largeCluster);
}

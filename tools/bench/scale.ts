import { ApiClient } from './api-client.ts';
import { deployment, deployments, pause, scale, seconds, until } from './deployments.ts';
import { startEmbedded, startReal, whyNoReal, type Peer } from './peers.ts';
import { mebibytes, type Figure } from './report.ts';

/** Resolves when so many nodes take pods. */
export async function nodesReady(api: ApiClient, nodes: number): Promise<void> {
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
    await until(api, 'web', ({ readyReplicas = 0 }) => readyReplicas >= replicas);
    const readyMs = performance.now() - startMs;
    return { readyMs, cpuSeconds: peer.cpuSeconds() - startCpu, memoryBytes: peer.memoryBytes() };
  } finally {
    api.close();
  }
}

/** Stops the peer whatever comes of its use. */
export async function withPeer<P extends Peer, T>(peer: P, use: (peer: P) => Promise<T>): Promise<T> {
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

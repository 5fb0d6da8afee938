import { silentLogger, systemClock } from '@kit/base';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../start-cluster.ts';
import { type SimulatedNodes, startSimulatedNodes } from '../start-simulated-nodes.ts';

let cluster: Cluster;
let nodes: SimulatedNodes | undefined;

beforeAll(async () => {
  cluster = await startCluster({ controllers: false });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } };
  await cluster.client.create(refs.serviceAccounts, account);
  // Every pod mounts it; a controller that does not run here publishes it.
  const authority = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: 'default' },
  };
  await cluster.client.create(refs.configMaps, { ...authority, data: { 'ca.crt': cluster.caPem } });
});
afterEach(() => nodes?.stop());
afterAll(() => cluster.stop());

function start(count = 1): SimulatedNodes {
  nodes = startSimulatedNodes({
    client: cluster.client,
    clock: systemClock,
    log: silentLogger,
    nodes: count,
    podDelayScale: 0,
  });
  return nodes;
}

async function runningPod(name: string): Promise<{ namespace: string; name: string; uid: string; ip: string }> {
  await cluster.client.create(refs.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'web:1' }] },
  });
  return vi.waitFor(async () => {
    const { metadata, status } = await cluster.client.get(refs.pods, 'default', name);
    expect(status).toMatchObject({ phase: 'Running', podIP: expect.any(String) });
    expect(metadata.annotations).toMatchObject({ 'node.cluster.local/simulated': 'true' });
    return { namespace: 'default', name, uid: metadata.uid ?? '', ip: String(status.podIP) };
  }, 10_000);
}

test('nodes register as ready and simulated, with a lease', async () => {
  start(2);
  await vi.waitFor(async () => {
    const { items } = await cluster.client.list(refs.nodes);
    expect(items.map(({ metadata }) => metadata.labels?.['node.cluster.local/simulated'])).toEqual(['true', 'true']);
    expect(items[0]?.status).toMatchObject({
      capacity: { cpu: '8', pods: '110' },
      nodeInfo: { containerRuntimeVersion: 'simulated://1.0' },
    });
    expect((await cluster.client.list(refs.leases, { namespace: 'kube-node-lease' })).items).toHaveLength(2);
  }, 10_000);
});

test('a pod gets an address of its own and gives it back when it is deleted within its grace period', async () => {
  start();
  const [a, b] = [await runningPod('a'), await runningPod('b')];
  expect(a.ip).not.toBe(b.ip);
  await cluster.client.delete(refs.pods, 'default', 'a');
  await vi.waitFor(
    async () =>
      expect((await cluster.client.list(refs.pods)).items.map(({ metadata }) => metadata.name)).toEqual(['b']),
    10_000,
  );
});

test('agents that start anew let running pods run on, where they are', async () => {
  start();
  const before = await runningPod('steady');
  const startedAt = async (): Promise<unknown> => {
    const { status } = await cluster.client.get(refs.pods, 'default', 'steady');
    return [status.podIP, status.containerStatuses];
  };
  const state = await startedAt();
  await nodes?.stop();
  start();
  const other = await runningPod('other');
  expect(await startedAt()).toEqual(state);
  expect(other.ip).not.toBe(before.ip);
});

test('a log tells at once that it is made up, with the options of the request', async () => {
  const { runtime } = start();
  const pod = await runningPod('talker');
  const read = async (options: { timestamps?: boolean; limitBytes?: number; tailLines?: number }): Promise<string> => {
    const chunks: Uint8Array[] = [];
    const log = runtime.logs(pod, { container: 'c', signal: AbortSignal.timeout(10_000), ...options });
    for await (const chunk of log) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  await vi.waitFor(
    async () => expect(await read({})).toMatch(/^This node is simulated: no real process runs here/),
    10_000,
  );
  expect(await read({ timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT\S+Z This node/);
  expect(await read({ limitBytes: 9 })).toBe('This node');
  expect(await read({ tailLines: 0 })).toBe('');
});

test('a node that is deleted stays away', async () => {
  start();
  await runningPod('witness');
  await cluster.client.delete(refs.nodes, undefined, 'node-2').catch(() => undefined);
  await cluster.client.delete(refs.nodes, undefined, 'node-1');
  await runningPod('still-served');
  expect((await cluster.client.list(refs.nodes)).items).toEqual([]);
});

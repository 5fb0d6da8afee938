/* How many pods a second are given their nodes, bindings written down and seen by a watcher:
   npx tsx cluster/scheduler/test/measure-throughput.ts [NODES] [PODS] */
import { silentLogger, systemClock } from '@kit/base';
import { startApiServer } from '../../apiserver/start-api-server.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { startScheduler } from '../start-scheduler.ts';
import { node, pod } from './scenario.ts';

const [nodes = 50, pods = 5_000] = process.argv.slice(2).map(Number);
const namespace = 'default';
const server = await startApiServer({ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger });
const { client } = server;

await client.create(refs.serviceAccounts, {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
});
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
const set = await client.create(refs.replicaSets, {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace },
  spec: { replicas: 0, selector: { matchLabels: labels }, template },
});
for (let index = 0; index < nodes; index++) {
  const one = node(`node-${index}`, { has: { cpu: '64', memory: '256Gi', pods: '200' } });
  await client.create(refs.nodes, one);
  await client.patch(refs.nodes, undefined, one.metadata.name, { type: 'merge', body: { spec: { taints: null } } });
}

const createdFromMs = performance.now();
for (let first = 0; first < pods; first += 100) {
  const batch = Array.from({ length: Math.min(100, pods - first) }, (_, index) => {
    const one = pod(`web-${first + index}`, { labels, cpu: '100m', memory: '100Mi' });
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: set.metadata.uid ?? '', controller: true },
    ];
    return client.create(refs.pods, { ...one, metadata: { ...one.metadata, namespace, ownerReferences } });
  });
  await Promise.all(batch);
}
const createdMs = performance.now() - createdFromMs;

const { resourceVersion } = await client.list(refs.namespaces);
const perNode = new Map<string, number>();
const placed = new Set<string>();
const fromMs = performance.now();
const usedBefore = process.cpuUsage();
const scheduler = startScheduler({ client, clock: systemClock, log: silentLogger });
await new Promise<void>((resolve) => {
  client.watch(refs.pods, resourceVersion, ({ object }) => {
    const { nodeName } = object.spec as { nodeName?: string }; // a pod
    if (!nodeName || placed.has(object.metadata.name)) return;
    placed.add(object.metadata.name);
    perNode.set(nodeName, (perNode.get(nodeName) ?? 0) + 1);
    if (placed.size === pods) resolve();
  });
});
const ms = performance.now() - fromMs;
const { user, system } = process.cpuUsage(usedBefore);
const counts = [...perNode.values()];
console.log(
  `${pods} pods on ${nodes} nodes: created in ${createdMs.toFixed(0)} ms, placed in ${ms.toFixed(0)} ms = ` +
    `${((pods / ms) * 1000).toFixed(0)} pods/s, ${Math.min(...counts)} to ${Math.max(...counts)} a node, ` +
    `${((user + system) / 1e6).toFixed(1)} s of CPU, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
);
await scheduler.stop();
await server.stop();

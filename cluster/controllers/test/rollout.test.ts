import { afterAll, beforeAll, expect, test } from 'vitest';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start();
});
afterAll(() => cluster.stop());

const revisions = async (namespace: string): Promise<Record<string, number>> => {
  const sets = await cluster.list(refs.replicaSets, namespace);
  return Object.fromEntries(
    sets.map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '', set.spec.replicas]),
  );
};

test('a deployment gets its pods, spread over the nodes, and a service its endpoints', async () => {
  const namespace = await cluster.namespace('spread');
  await cluster.client.create(refs.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  const pods = await cluster.list(refs.pods, namespace);
  expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(3);
  const ips = pods.map(({ status }) => status.podIP).sort();
  const addresses = async (): Promise<string[]> => {
    const endpoints = await cluster.find(refs.endpoints, namespace, 'web');
    return (endpoints?.subsets?.[0]?.addresses ?? []).map(({ ip }: { ip: string }) => ip).sort();
  };
  await eventually(addresses).toEqual(ips);
  const slices = async (): Promise<string[]> => {
    const all = await cluster.list(refs.endpointSlices, namespace);
    return all.flatMap((slice) => slice.endpoints.map((one: { addresses: string[] }) => one.addresses[0])).sort();
  };
  await eventually(slices).toEqual(ips);
});

test('a new image makes a revision; going back to the old one takes its replica set up again', async () => {
  const namespace = await cluster.namespace('back');
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  await cluster.setImage(namespace, 'web', 'web:2');
  await cluster.rolledOut(namespace, 'web');
  expect(await revisions(namespace)).toEqual({ 1: 0, 2: 3 });
  await cluster.setImage(namespace, 'web', 'web:1');
  await cluster.rolledOut(namespace, 'web');
  expect(await revisions(namespace)).toEqual({ 2: 0, 3: 3 });
});

test('a bad image never takes more pods away than the strategy allows, and misses its deadline', async () => {
  const namespace = await cluster.namespace('bad');
  await cluster.deployment(namespace, 'web', { replicas: 4, progressDeadlineSeconds: 1 });
  await cluster.rolledOut(namespace, 'web');
  await cluster.setImage(namespace, 'web', 'web:does-not-exist');
  await eventually(() => cluster.condition(refs.deployments, `${namespace}/web`, 'Progressing')).toBe(
    'ProgressDeadlineExceeded',
  );
  const { status } = await cluster.client.get(refs.deployments, namespace, 'web');
  expect(status).toMatchObject({ availableReplicas: 3, updatedReplicas: 2, unavailableReplicas: 2 });
  expect(await cluster.condition(refs.deployments, `${namespace}/web`, 'Available')).toBe('MinimumReplicasAvailable');
});

test('Recreate starts no new pod before the last old one is gone', async () => {
  const namespace = await cluster.namespace('recreate');
  await cluster.deployment(namespace, 'web', { strategy: { type: 'Recreate' } });
  await cluster.rolledOut(namespace, 'web');
  const mixed: boolean[] = [];
  const { resourceVersion } = await cluster.client.list(refs.pods);
  const live = new Map((await cluster.list(refs.pods, namespace)).map((pod) => [pod.metadata.uid, 'web:1']));
  const stop = cluster.client.watch(refs.pods, resourceVersion, ({ type, object }) => {
    if (object.metadata.namespace !== namespace) return;
    if (type === 'DELETED') live.delete(object.metadata.uid);
    else live.set(object.metadata.uid, object.spec.containers[0].image);
    mixed.push(new Set(live.values()).size > 1);
  });
  await cluster.setImage(namespace, 'web', 'web:2');
  await cluster.rolledOut(namespace, 'web');
  stop();
  expect(mixed.length).toBeGreaterThan(3);
  expect(mixed).not.toContain(true);
});

test('a paused deployment scales but does not roll', async () => {
  const namespace = await cluster.namespace('paused');
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  await cluster.client.patch(refs.deployments, namespace, 'web', {
    type: 'merge',
    body: { spec: { paused: true, replicas: 5 } },
  });
  await cluster.setImage(namespace, 'web', 'web:2');
  await eventually(() => revisions(namespace)).toEqual({ 1: 5 });
  await eventually(() => cluster.condition(refs.deployments, `${namespace}/web`, 'Progressing')).toBe(
    'DeploymentPaused',
  );
  await cluster.client.patch(refs.deployments, namespace, 'web', { type: 'merge', body: { spec: { paused: false } } });
  await cluster.rolledOut(namespace, 'web');
  expect(await revisions(namespace)).toEqual({ 1: 0, 2: 5 });
});

test('no more old replica sets are kept than the history limit says', async () => {
  const namespace = await cluster.namespace('history');
  await cluster.deployment(namespace, 'web', { replicas: 1, revisionHistoryLimit: 1 });
  for (const tag of ['2', '3', '4']) {
    await cluster.rolledOut(namespace, 'web');
    await cluster.setImage(namespace, 'web', `web:${tag}`);
  }
  await cluster.rolledOut(namespace, 'web');
  await eventually(() => revisions(namespace)).toEqual({ 3: 0, 4: 1 });
});

test('a deleted pod is replaced; a pod whose label goes is let go and replaced too', async () => {
  const namespace = await cluster.namespace('replace');
  await cluster.deployment(namespace, 'web', { replicas: 2 });
  await cluster.rolledOut(namespace, 'web');
  const [first, second] = await cluster.list(refs.pods, namespace);
  await cluster.client.delete(refs.pods, namespace, first?.metadata.name ?? '');
  const body = { metadata: { labels: { app: 'other' } } };
  await cluster.client.patch(refs.pods, namespace, second?.metadata.name ?? '', { type: 'merge', body });
  const owned = async (): Promise<number> =>
    (await cluster.list(refs.pods, namespace)).filter(({ metadata }) => metadata.ownerReferences?.length).length;
  await eventually(
    async () => (await cluster.find(refs.pods, namespace, second?.metadata.name ?? ''))?.metadata.ownerReferences,
  ).toBeUndefined();
  await eventually(owned).toBe(2);
  await cluster.rolledOut(namespace, 'web');
});

test('a pod that fits nowhere says why, and starts when room is made', async () => {
  const namespace = await cluster.namespace('room');
  const pod = (name: string, cpu: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'c', image: 'web:1', resources: { requests: { cpu } } }],
    },
  });
  for (const name of ['a', 'b', 'c']) await cluster.client.create(refs.pods, pod(name, '5'));
  await eventually(
    async () => (await cluster.list(refs.pods, namespace)).filter(({ status }) => status.phase === 'Running').length,
  ).toBe(3);
  await cluster.client.create(refs.pods, pod('d', '5'));
  await eventually(() => cluster.condition(refs.pods, `${namespace}/d`, 'PodScheduled')).toBe('Unschedulable');
  const events = async (): Promise<string[]> => {
    const all = await cluster.list(refs.events, namespace);
    return all.filter(({ reason }) => reason === 'FailedScheduling').map(({ message }) => message);
  };
  await eventually(events).toEqual([expect.stringContaining('0/3 nodes are available: 3 Insufficient cpu.')]);
  await cluster.client.delete(refs.pods, namespace, 'a');
  await eventually(async () => (await cluster.find(refs.pods, namespace, 'd'))?.status.phase).toBe('Running');
});

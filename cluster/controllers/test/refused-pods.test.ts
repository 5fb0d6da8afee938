import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(1);
});
afterAll(() => cluster.stop());

test('pods that are refused are told of by event and condition, and are made when nothing is in the way', async () => {
  const namespace = await cluster.namespace('refused');
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'web:1' }] },
  };
  await cluster.deployment(namespace, 'web', { template });
  await eventually(() => cluster.condition(refs.deployments, `${namespace}/web`, 'ReplicaFailure')).toBe(
    'FailedCreate',
  );
  const failure = async (): Promise<ClusterObject | undefined> =>
    (await cluster.list(refs.events, namespace)).find(({ reason }) => reason === 'FailedCreate');
  const reason = 'error looking up service account refused/robot: serviceaccount "robot" not found';
  await eventually(async () => (await failure())?.['message']).toMatch(
    /^Error creating: pods "web-[^"]*" is forbidden: /,
  );
  expect((await failure())?.['message']).toContain(reason);
  await eventually(async () => Number((await failure())?.['count'])).toBeGreaterThan(3);
  await cluster.client.create(refs.serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace },
  });
  await cluster.rolledOut(namespace, 'web');
  await eventually(() => cluster.condition(refs.deployments, `${namespace}/web`, 'ReplicaFailure')).toBeUndefined();
});

test('a replication controller keeps its pods, adopts and scales', async () => {
  const namespace = await cluster.namespace('replication');
  const labels = { app: 'old' };
  const spec = { containers: [{ name: 'c', image: 'web:1' }] };
  await cluster.client.create(refs.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'orphan', namespace, labels },
    spec,
  });
  await cluster.client.create(refs.replicationControllers, {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'old', namespace },
    spec: { replicas: 3, template: { metadata: { labels }, spec } },
  });
  const status = async (): Promise<unknown> =>
    (await cluster.client.get(refs.replicationControllers, namespace, 'old')).status;
  const all = { replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 };
  await eventually(status).toEqual(all);
  const owner = { kind: 'ReplicationController', name: 'old', controller: true };
  expect((await cluster.client.get(refs.pods, namespace, 'orphan')).metadata.ownerReferences).toMatchObject([owner]);
  const body = { spec: { replicas: 0 } };
  await cluster.client.patch(refs.replicationControllers, namespace, 'old', { type: 'merge', body }, 'scale');
  await eventually(() => cluster.list(refs.pods, namespace)).toEqual([]);
});

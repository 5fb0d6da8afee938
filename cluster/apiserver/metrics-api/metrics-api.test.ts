import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, RunningCluster } from '../../controllers/test/running-cluster.ts';
import { refs } from '../../reconcile/resource-refs.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(2);
});
afterAll(() => cluster.stop());

const nodes = { group: 'metrics.k8s.io', resource: 'nodes' };
const pods = { group: 'metrics.k8s.io', resource: 'pods' };

test('nodes and running pods tell what they use, with their own labels', async () => {
  const namespace = await cluster.namespace('measured');
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  const measured = async (labelSelector: string): Promise<number> =>
    (await cluster.client.list(pods, { namespace, labelSelector })).items.length;
  await eventually(() => measured('app=web')).toBe(3);
  expect(await measured('app=other')).toBe(0);
  const [pod] = await cluster.list(pods, namespace);
  expect(pod).toMatchObject({
    kind: 'PodMetrics',
    metadata: { namespace, labels: { app: 'web' } },
    window: expect.stringMatching(/^\d+s$/),
    containers: [
      { name: 'c', usage: { cpu: expect.stringMatching(/^\d+n$/), memory: expect.stringMatching(/^\d+Ki$/) } },
    ],
  });
  const [node] = await cluster.list(nodes);
  expect(node).toMatchObject({ kind: 'NodeMetrics', metadata: { name: 'node-1' }, usage: { cpu: expect.any(String) } });
  await expect(cluster.client.get(pods, namespace, 'nobody')).rejects.toThrow(
    'podmetrics.metrics.k8s.io "measured/nobody" not found',
  );
});

test('an autoscaler follows what pods use', async () => {
  const namespace = await cluster.namespace('scaled');
  const container = { name: 'c', image: 'web:1', resources: { requests: { memory: '1Ki' } } };
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
  await cluster.deployment(namespace, 'web', { replicas: 2, template });
  await cluster.rolledOut(namespace, 'web');
  await eventually(async () => (await cluster.list(pods, namespace)).length).toBe(2);
  const target = { type: 'Utilization', averageUtilization: 1 };
  await cluster.client.create(refs.autoscalers, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace },
    spec: {
      maxReplicas: 4,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [{ type: 'Resource', resource: { name: 'memory', target } }],
    },
  });
  // Its pods use far more than a hundredth of what they ask for.
  await eventually(async () => (await cluster.client.get(refs.deployments, namespace, 'web')).spec.replicas).toBe(4);
  const { status } = await cluster.client.get(refs.autoscalers, namespace, 'web');
  expect(status).toMatchObject({
    desiredReplicas: 4,
    currentMetrics: [{ type: 'Resource', resource: { name: 'memory' } }],
  });
  const conditions = (status as { conditions: { type: string; reason: string }[] }).conditions; // an autoscaler's status
  expect(Object.fromEntries(conditions.map(({ type, reason }) => [type, reason]))).toEqual({
    AbleToScale: 'SucceededRescale',
    ScalingActive: 'ValidMetricFound',
    ScalingLimited: 'TooManyReplicas',
  });
});

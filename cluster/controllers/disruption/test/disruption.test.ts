import { afterAll, beforeAll, expect, it } from 'vitest';
import { refs } from '../../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from '../../test/running-cluster.ts';
import { shareOf } from '../disruption-budget.ts';
import { demand } from '../budget-status.ts';

const budgets = { group: 'policy', resource: 'poddisruptionbudgets' };
let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await RunningCluster.start(2);
});
afterAll(() => cluster.stop());

it.each([
  [{ minAvailable: 2 }, 4, 2, 'a number of pods'],
  [{ minAvailable: '60%' }, 4, 3, 'a share is rounded up'],
  [{ maxUnavailable: '30%' }, 4, 2, 'a share of those that may be missing is rounded up too'],
  [{ maxUnavailable: 9 }, 4, 0, 'never less than none'],
])('%j of %i pods needs %i: %s', (...[spec, pods, healthy]) => {
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b' }, spec };
  expect(demand(budget, { pods, scale: pods }).desiredHealthy).toBe(healthy);
  expect(shareOf(10, '5%')).toBe(1);
});

it('lets as many pods go as its budget allows, and no more', async () => {
  const namespace = await cluster.namespace('disrupted');
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  await cluster.client.create(budgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace },
    spec: { minAvailable: 3, selector: { matchLabels: { app: 'web' } } },
  });
  const status = async (): Promise<unknown> => (await cluster.client.get(budgets, namespace, 'web')).status as unknown; // any JSON
  await eventually(status).toMatchObject({ currentHealthy: 3, desiredHealthy: 3, disruptionsAllowed: 0 });
  const [pod] = await cluster.list(refs.pods, namespace);
  const name = pod?.metadata.name ?? '';
  const evict = (): Promise<unknown> =>
    cluster.client.post(refs.pods, namespace, name, 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
    });
  await expect(evict()).rejects.toMatchObject({
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget web needs 3 healthy pods and has 3 currently',
        },
      ],
    },
  });
  const body = { spec: { minAvailable: 2 } };
  await cluster.client.patch(budgets, namespace, 'web', { type: 'merge', body });
  await eventually(status).toMatchObject({ observedGeneration: 2, disruptionsAllowed: 1 });
  await evict();
  await eventually(() => cluster.find(refs.pods, namespace, name)).toBeUndefined();
});

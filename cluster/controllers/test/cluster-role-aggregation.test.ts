import { afterAll, beforeAll, it } from 'vitest';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await RunningCluster.start(0);
});
afterAll(() => cluster.stop());

const rule = (resource: string): object => ({ apiGroups: ['shop.example.com'], resources: [resource], verbs: ['get'] });
const part = (name: string, resource: string): Promise<object> =>
  cluster.client.create(refs.clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { 'shop.example.com/gather': 'yes' } },
    rules: [rule(resource)],
  });
const rulesOf = async (name: string): Promise<unknown> =>
  (await cluster.find(refs.clusterRoles, undefined, name))?.['rules'];

it('a role gathers the rules of the roles it selects, as they come and go', async () => {
  await part('shop-b', 'orders');
  await cluster.client.create(refs.clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'shop' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'shop.example.com/gather': 'yes' } }] },
    rules: [],
  });
  await eventually(() => rulesOf('shop')).toEqual([rule('orders')]);
  await part('shop-a', 'baskets');
  await eventually(() => rulesOf('shop')).toEqual([rule('baskets'), rule('orders')]);
  await cluster.client.delete(refs.clusterRoles, undefined, 'shop-b');
  await eventually(() => rulesOf('shop')).toEqual([rule('baskets')]);
});

it('the built-in roles take in what carries their label', async () => {
  await cluster.client.create(refs.clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'shop-view', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [rule('orders')],
  });
  await eventually(() => rulesOf('view')).toContainEqual(rule('orders'));
});

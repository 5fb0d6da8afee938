import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refs } from '../../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from '../../../controllers/test/running-cluster.ts';

const quotas = { group: '', resource: 'resourcequotas' };
let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await RunningCluster.start(0);
});
afterAll(() => cluster.stop());

async function quota(namespace: string, hard: Record<string, string>): Promise<void> {
  const metadata = { name: 'limits', namespace };
  await cluster.client.create(quotas, { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } });
  await eventually(() => used(namespace)).toBeDefined();
}

async function used(namespace: string): Promise<Record<string, string> | undefined> {
  const quota = await cluster.client.get(quotas, namespace, 'limits');
  const { hard, used } = (quota.status ?? {}) as { hard?: object; used?: Record<string, string> }; // a ResourceQuota
  return hard && (used ?? {});
}

describe('a quota', () => {
  it('never grants more than it has, however many ask at once', async () => {
    const namespace = await cluster.namespace('many');
    await quota(namespace, { 'count/configmaps': '20' });
    const asked = Array.from({ length: 60 }, (_, index) => cluster.configMap(namespace, `one-${index}`));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter((one) => one.status === 'rejected');
    // The namespace has the certificate of the cluster as its first config map.
    const objects = await cluster.list(refs.configMaps, namespace);
    expect(objects).toHaveLength(20);
    expect(refused).toHaveLength(60 - (20 - 1));
    expect(String(refused[0]?.reason)).toContain(
      'exceeded quota: limits, requested: count/configmaps=1, used: count/configmaps=20, limited: count/configmaps=20',
    );
    expect(await used(namespace)).toEqual({ 'count/configmaps': '20' });
  });

  it('says at once what is used, and takes back what has gone', async () => {
    const namespace = await cluster.namespace('shrinking');
    await quota(namespace, { configmaps: '5' });
    await cluster.configMap(namespace, 'mine');
    expect(await used(namespace)).toEqual({ configmaps: '2' });
    await cluster.client.delete(refs.configMaps, namespace, 'mine');
    await eventually(() => used(namespace)).toEqual({ configmaps: '1' });
  });

  it('counts custom objects once their kind is there', async () => {
    const namespace = await cluster.namespace('custom');
    await quota(namespace, { 'count/widgets.quota.example.com': '1' });
    expect(await used(namespace)).toEqual({});
    const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
    const schema = { openAPIV3Schema: { type: 'object' } };
    await cluster.client.create(refs.definitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.quota.example.com' },
      spec: {
        group: 'quota.example.com',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await eventually(() => used(namespace)).toEqual({ 'count/widgets.quota.example.com': '0' });
    const widgets = { group: 'quota.example.com', resource: 'widgets' };
    const widget = (name: string) =>
      cluster.client.create(widgets, {
        apiVersion: 'quota.example.com/v1',
        kind: 'Widget',
        metadata: { name, namespace },
      });
    await widget('first');
    await expect(widget('second')).rejects.toThrow(/exceeded quota: limits/);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(3);
});
afterAll(() => cluster.stop());

const podNames = async (namespace: string): Promise<string[]> =>
  (await cluster.list(refs.pods, namespace)).map(({ metadata }) => metadata.name);

function template(name: string, more: object = {}): object {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'web:1' }], ...more } };
}

describe('stateful sets', () => {
  function statefulSet(namespace: string, spec: object): Promise<ClusterObject> {
    const metadata = { name: 'db', namespace };
    const all = {
      serviceName: 'db',
      replicas: 3,
      selector: { matchLabels: { app: 'db' } },
      template: template('db'),
      ...spec,
    };
    return cluster.client.create(refs.statefulSets, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: all,
    });
  }
  const setImage = (namespace: string, image: string) =>
    cluster.client.patch(refs.statefulSets, namespace, 'db', {
      type: 'strategic',
      body: { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } },
    });
  const images = async (namespace: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await cluster.list(refs.pods, namespace)).map((pod) => [pod.metadata.name, pod.spec.containers[0].image]),
    );
  const status = async (namespace: string): Promise<Record<string, unknown>> =>
    (await cluster.client.get(refs.statefulSets, namespace, 'db')).status;

  test('pods come in order, each after the one before is ready, with claims that outlive them', async () => {
    const namespace = await cluster.namespace('ordered');
    const created: string[] = [];
    const { resourceVersion } = await cluster.client.list(refs.pods);
    const stop = cluster.client.watch(refs.pods, resourceVersion, ({ type, object }) => {
      if (type === 'ADDED' && object.metadata.namespace === namespace) created.push(object.metadata.name);
    });
    const data = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await statefulSet(namespace, { volumeClaimTemplates: [data] });
    await eventually(() => status(namespace)).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
    stop();
    expect(created).toEqual(['db-0', 'db-1', 'db-2']);
    await cluster.client.patch(refs.statefulSets, namespace, 'db', { type: 'merge', body: { spec: { replicas: 1 } } });
    await eventually(() => podNames(namespace)).toEqual(['db-0']);
    const claims = await cluster.list({ group: '', resource: 'persistentvolumeclaims' }, namespace);
    expect(claims.map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
  });

  test('an update starts at the highest ordinal and stops at the partition, below which pods come back as they were', async () => {
    const namespace = await cluster.namespace('partition');
    await statefulSet(namespace, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    await eventually(() => status(namespace)).toMatchObject({ readyReplicas: 3 });
    await setImage(namespace, 'web:2');
    await eventually(() => images(namespace)).toEqual({ 'db-0': 'web:1', 'db-1': 'web:2', 'db-2': 'web:2' });
    const before = (await cluster.client.get(refs.pods, namespace, 'db-0')).metadata.uid;
    await cluster.client.delete(refs.pods, namespace, 'db-0');
    const uid = async (): Promise<string | undefined> =>
      (await cluster.find(refs.pods, namespace, 'db-0'))?.metadata.uid;
    await eventually(async () => [undefined, before].includes(await uid())).toBe(false);
    expect((await images(namespace))['db-0']).toBe('web:1');
  });

  test('a bad image can be mended by a good one', async () => {
    const namespace = await cluster.namespace('mended');
    await statefulSet(namespace, {
      replicas: 2,
      template: template('db', { containers: [{ name: 'c', image: 'web:does-not-exist' }] }),
    });
    await eventually(() => podNames(namespace)).toEqual(['db-0']);
    await setImage(namespace, 'web:2');
    await eventually(() => status(namespace)).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
  });
});

describe('daemon sets', () => {
  test('one pod a node, only where wanted, and renewed by an update', async () => {
    const namespace = await cluster.namespace('daemons');
    await cluster.client.create(refs.daemonSets, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
    });
    const nodes = async (): Promise<string[]> =>
      (await cluster.list(refs.pods, namespace)).map(({ spec }) => spec.nodeName).sort();
    await eventually(nodes).toEqual(['node-1', 'node-2', 'node-3']);
    const body = {
      spec: {
        template: {
          spec: { containers: [{ name: 'c', image: 'web:2' }], nodeSelector: { 'kubernetes.io/hostname': 'node-2' } },
        },
      },
    };
    await cluster.client.patch(refs.daemonSets, namespace, 'agent', { type: 'strategic', body });
    await eventually(nodes).toEqual(['node-2']);
    const status = async (): Promise<unknown> => (await cluster.client.get(refs.daemonSets, namespace, 'agent')).status;
    await eventually(status).toMatchObject({
      desiredNumberScheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
      observedGeneration: 2,
    });
  });
});

describe('jobs', () => {
  function job(namespace: string, command: string[], spec: object = {}): Promise<ClusterObject> {
    const containers = [{ name: 'c', image: 'web:1', command }];
    return cluster.client.create(refs.jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'work', namespace },
      spec: { template: { spec: { restartPolicy: 'Never', containers } }, ...spec },
    });
  }
  const status = async (namespace: string): Promise<Record<string, unknown>> =>
    (await cluster.client.get(refs.jobs, namespace, 'work')).status;

  test('it is complete when enough pods have succeeded, never more than it may run at once', async () => {
    const namespace = await cluster.namespace('complete');
    await job(namespace, ['true'], { completions: 5, parallelism: 2 });
    await eventually(() => cluster.condition(refs.jobs, `${namespace}/work`, 'Complete')).toBe('CompletionsReached');
    expect(await status(namespace)).toMatchObject({ succeeded: 5, uncountedTerminatedPods: {} });
    const pods = await cluster.list(refs.pods, namespace);
    expect(pods).toHaveLength(5);
    expect(pods.flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([]);
  });

  test('it fails when more pods failed than the limit allows', async () => {
    const namespace = await cluster.namespace('failing');
    await job(namespace, ['false'], { backoffLimit: 0 });
    await eventually(() => cluster.condition(refs.jobs, `${namespace}/work`, 'Failed')).toBe('BackoffLimitExceeded');
    expect(await status(namespace)).toMatchObject({ failed: 1 });
  });

  test('a suspended job has no pods; deleting a running one takes its pods along', async () => {
    const namespace = await cluster.namespace('suspended');
    await job(namespace, ['sleep', '600'], { suspend: true });
    await eventually(() => cluster.condition(refs.jobs, `${namespace}/work`, 'Suspended')).toBe('JobSuspended');
    expect(await podNames(namespace)).toEqual([]);
    await cluster.client.patch(refs.jobs, namespace, 'work', { type: 'merge', body: { spec: { suspend: false } } });
    await eventually(() => status(namespace)).toMatchObject({ active: 1, ready: 1 });
    await cluster.client.delete(refs.jobs, namespace, 'work', { propagationPolicy: 'Background' });
    await eventually(() => podNames(namespace)).toEqual([]);
  });
});

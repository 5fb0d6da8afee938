import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(1);
});
afterAll(() => cluster.stop());

const names = async (namespace: string): Promise<string[]> => {
  const all = await cluster.list(refs.configMaps, namespace);
  return all.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');
};

const widgets = { group: 'example.com', resource: 'widgets' };

async function defineWidgets(): Promise<void> {
  await cluster.client.create(refs.definitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  await eventually(() => cluster.client.resources().some(({ resource }) => resource === 'widgets')).toBe(true);
}

function widget(namespace: string, name: string, finalizers: string[] = []): Promise<ClusterObject> {
  return cluster.client.create(widgets, {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace, finalizers },
  });
}

test('every namespace has a default service account and the CA, and gets them back', async () => {
  const namespace = await cluster.namespace('furnished');
  await eventually(() => cluster.find(refs.serviceAccounts, namespace, 'default')).toBeDefined();
  await eventually(
    async () => (await cluster.find(refs.configMaps, namespace, 'kube-root-ca.crt'))?.data['ca.crt'],
  ).toContain('CERTIFICATE');
  const before = await cluster.client.get(refs.serviceAccounts, namespace, 'default');
  await cluster.client.delete(refs.serviceAccounts, namespace, 'default');
  const uid = async (): Promise<string | undefined> =>
    (await cluster.find(refs.serviceAccounts, namespace, 'default'))?.metadata.uid;
  await eventually(async () => [undefined, before.metadata.uid].includes(await uid())).toBe(false);
});

test('deleting in the background takes the dependents along, and theirs', async () => {
  const namespace = await cluster.namespace('background');
  const top = await cluster.configMap(namespace, 'top');
  const middle = await cluster.configMap(namespace, 'middle', top);
  await cluster.configMap(namespace, 'bottom', middle);
  await cluster.configMap(namespace, 'stranger');
  await cluster.client.delete(refs.configMaps, namespace, 'top', { propagationPolicy: 'Background' });
  await eventually(() => names(namespace)).toEqual(['stranger']);
});

test('deleting in the foreground removes the owner last', async () => {
  const namespace = await cluster.namespace('foreground');
  const owner = await cluster.configMap(namespace, 'owner');
  const gone: string[] = [];
  await cluster.configMap(namespace, 'a', owner);
  await cluster.configMap(namespace, 'b', owner);
  const { resourceVersion } = await cluster.client.list(refs.configMaps);
  const stop = cluster.client.watch(refs.configMaps, resourceVersion, ({ type, object }) => {
    if (type === 'DELETED' && object.metadata.namespace === namespace) gone.push(object.metadata.name);
  });
  await cluster.client.delete(refs.configMaps, namespace, 'owner', { propagationPolicy: 'Foreground' });
  await eventually(() => gone.length).toBe(3);
  stop();
  expect(gone.at(-1)).toBe('owner');
});

test('orphaning keeps the dependents and takes their reference away', async () => {
  const namespace = await cluster.namespace('orphan');
  const owner = await cluster.configMap(namespace, 'owner');
  await cluster.configMap(namespace, 'kept', owner);
  await cluster.client.delete(refs.configMaps, namespace, 'owner', { propagationPolicy: 'Orphan' });
  await eventually(() => names(namespace)).toEqual(['kept']);
  expect((await cluster.client.get(refs.configMaps, namespace, 'kept')).metadata.ownerReferences ?? []).toEqual([]);
});

test('an object of an owner that never was is removed; one of a kind nobody serves stays', async () => {
  const namespace = await cluster.namespace('absent');
  const ghost = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ghost', uid: 'ghost-uid' } };
  await cluster.configMap(namespace, 'unknown-kind', {
    apiVersion: 'nowhere.io/v1',
    kind: 'Thing',
    metadata: { name: 'x', uid: 'y' },
  });
  await cluster.configMap(namespace, 'haunted', ghost);
  await eventually(() => names(namespace)).toEqual(['unknown-kind']);
});

test('a namespace goes with all it holds, custom resources and running pods too', async () => {
  const namespace = await cluster.namespace('doomed');
  if (!cluster.client.resources().some(({ resource }) => resource === 'widgets')) await defineWidgets();
  await widget(namespace, 'held', ['example.com/hold']);
  await cluster.deployment(namespace, 'web', { replicas: 2 });
  await cluster.rolledOut(namespace, 'web');
  await cluster.client.delete(refs.namespaces, undefined, namespace);
  await eventually(() => cluster.condition(refs.namespaces, namespace, 'NamespaceFinalizersRemaining')).toBe(
    'SomeFinalizersRemain',
  );
  expect(await cluster.condition(refs.namespaces, namespace, 'NamespaceContentRemaining')).toBe('SomeResourcesRemain');
  await cluster.client.patch(widgets, namespace, 'held', { type: 'merge', body: { metadata: { finalizers: null } } });
  await eventually(() => cluster.find(refs.namespaces, undefined, namespace)).toBeUndefined();
  expect(await cluster.list(refs.pods, namespace)).toEqual([]);
});

test('a definition goes with all its instances', async () => {
  const namespace = await cluster.namespace('instances');
  if (!cluster.client.resources().some(({ resource }) => resource === 'widgets')) await defineWidgets();
  expect(await cluster.condition(refs.definitions, 'widgets.example.com', 'Established')).toBe('InitialNamesAccepted');
  await widget(namespace, 'one');
  await widget(namespace, 'held', ['example.com/hold']);
  await cluster.client.delete(refs.definitions, undefined, 'widgets.example.com');
  await eventually(() => cluster.condition(refs.definitions, 'widgets.example.com', 'Terminating')).toBe(
    'InstanceDeletionInProgress',
  );
  await eventually(async () => (await cluster.list(widgets)).map(({ metadata }) => metadata.name)).toEqual(['held']);
  await cluster.client.patch(widgets, namespace, 'held', { type: 'merge', body: { metadata: { finalizers: null } } });
  await eventually(() => cluster.find(refs.definitions, undefined, 'widgets.example.com')).toBeUndefined();
  await eventually(() => cluster.client.resources().some(({ resource }) => resource === 'widgets')).toBe(false);
});

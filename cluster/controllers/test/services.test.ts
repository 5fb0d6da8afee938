import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(1);
});
afterAll(() => cluster.stop());

const service = (namespace: string, name: string, spec: object): Promise<ClusterObject> =>
  cluster.client.create(refs.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ port: 80 }], ...spec },
  });
const slices = (namespace: string): Promise<ClusterObject[]> => cluster.list(refs.endpointSlices, namespace);

test('a service lists its pods, and one with none has an empty slice', async () => {
  const namespace = await cluster.namespace('selected');
  await service(namespace, 'web', { selector: { app: 'web' } });
  await cluster.deployment(namespace, 'web');
  await cluster.rolledOut(namespace, 'web');
  const ready = async (): Promise<number> =>
    (await slices(namespace))
      .flatMap((slice) => (slice['endpoints'] ?? []) as { conditions: { ready: boolean } }[]) // by its kind
      .filter(({ conditions }) => conditions.ready).length;
  await eventually(ready).toBe(3);
  const endpoints = await cluster.client.get(refs.endpoints, namespace, 'web');
  expect(endpoints).toMatchObject({ subsets: [{ addresses: [{}, {}, {}], ports: [{ port: 80, protocol: 'TCP' }] }] });
  await cluster.client.patch(refs.deployments, namespace, 'web', { type: 'merge', body: { spec: { replicas: 0 } } });
  await eventually(ready).toBe(0);
  expect(await slices(namespace)).toHaveLength(1);
});

test('endpoints kept by hand are mirrored until they go', async () => {
  const namespace = await cluster.namespace('mirrored');
  await service(namespace, 'manual', {});
  await cluster.client.create(refs.endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'manual', namespace, labels: { mine: 'yes' } },
    subsets: [{ addresses: [{ ip: '10.1.1.1' }], notReadyAddresses: [{ ip: '10.1.1.2' }], ports: [{ port: 8080 }] }],
  });
  await eventually(async () => (await slices(namespace))[0]).toMatchObject({
    metadata: {
      labels: {
        mine: 'yes',
        'kubernetes.io/service-name': 'manual',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
      ownerReferences: [{ kind: 'Endpoints', name: 'manual', controller: true }],
    },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.1.1.1'], conditions: { ready: true } },
      { addresses: ['10.1.1.2'], conditions: { ready: false } },
    ],
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
  });
  await cluster.client.delete(refs.endpoints, namespace, 'manual');
  await eventually(() => slices(namespace)).toEqual([]);
});

test('a secret of a service account gets a token that dies with it', async () => {
  const namespace = await cluster.namespace('token-secret');
  await cluster.client.create(refs.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'robot', namespace, annotations: { 'kubernetes.io/service-account.name': 'default' } },
    type: 'kubernetes.io/service-account-token',
  });
  const data = async (): Promise<Record<string, string>> =>
    ((await cluster.find(refs.secrets, namespace, 'robot'))?.['data'] ?? {}) as Record<string, string>; // a Secret's data
  await eventually(async () => Object.keys(await data()).sort()).toEqual(['ca.crt', 'namespace', 'token']);
  const token = Buffer.from((await data())['token'] ?? '', 'base64').toString();
  const reviews = { group: 'authentication.k8s.io', resource: 'tokenreviews' };
  const review = async (): Promise<unknown> => {
    const spec = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: { name: '' },
      spec: { token },
    };
    return (await cluster.client.create(reviews, spec)).status;
  };
  expect(await review()).toMatchObject({
    authenticated: true,
    user: { username: `system:serviceaccount:${namespace}:default` },
  });
  await cluster.client.delete(refs.secrets, namespace, 'robot');
  expect(await review()).not.toMatchObject({ authenticated: true });
});

test('pods leave a tainted node when their toleration ends', async () => {
  const namespace = await cluster.namespace('tainted');
  const toleration = { key: 'broken', operator: 'Exists', effect: 'NoExecute' };
  const pod = (name: string, tolerations: object[]): Promise<ClusterObject> =>
    cluster.client.create(refs.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { tolerations, containers: [{ name: 'c', image: 'web:1' }] },
    });
  await pod('stays', [toleration]);
  await pod('leaves', []);
  await pod('leaves-soon', [{ ...toleration, tolerationSeconds: 1 }]);
  const running = async (): Promise<string[]> =>
    (await cluster.list(refs.pods, namespace))
      .filter(({ status }) => (status as { phase?: string }).phase === 'Running') // a Pod's status
      .map(({ metadata }) => metadata.name);
  await eventually(running).toHaveLength(3);
  const taint = (taints: object[]): Promise<ClusterObject> =>
    cluster.client.patch(refs.nodes, undefined, 'node-1', { type: 'merge', body: { spec: { taints } } });
  await taint([{ key: 'broken', effect: 'NoExecute' }]);
  await eventually(running).toEqual(['stays']);
  await taint([]);
  const events = await cluster.list(refs.events, namespace);
  expect(events.filter(({ reason }) => reason === 'TaintManagerEviction').length).toBeGreaterThanOrEqual(2);
});

test('each cluster IP has an IPAddress, which goes with its service', async () => {
  const namespace = await cluster.namespace('addressed');
  const { metadata, spec } = await service(namespace, 'web', {});
  await service(namespace, 'headless', { clusterIP: 'None' });
  const ip = (spec as { clusterIP: string }).clusterIP; // a service has one
  const address = (): Promise<ClusterObject | undefined> => cluster.find(refs.ipAddresses, undefined, ip);
  await eventually(address).toMatchObject({
    metadata: {
      labels: {
        'ipaddress.kubernetes.io/ip-family': 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    spec: { parentRef: { resource: 'services', namespace, name: metadata.name } },
  });
  await cluster.client.delete(refs.ipAddresses, undefined, ip);
  await eventually(address).toBeDefined();
  await cluster.client.delete(refs.services, namespace, 'web');
  await eventually(address).toBeUndefined();
  expect(await cluster.list(refs.ipAddresses)).not.toContainEqual(
    expect.objectContaining({ metadata: expect.objectContaining({ name: 'None' }) as unknown }),
  );
});

test('an address that somebody has written down is given to no service', async () => {
  const namespace = await cluster.namespace('reserved');
  const ip = '10.96.200.200';
  await cluster.client.create(refs.ipAddresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: ip },
    spec: { parentRef: { resource: 'services', namespace, name: 'other' } },
  });
  await expect(service(namespace, 'web', { clusterIP: ip })).rejects.toThrow(
    'failed to allocate IP 10.96.200.200: provided IP is already allocated',
  );
  await cluster.client.delete(refs.ipAddresses, undefined, ip);
  await service(namespace, 'web', { clusterIP: ip });
});

test('a node that a client makes is told how long it may use what it knows', async () => {
  await cluster.client.create(refs.nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'own' } });
  await eventually(() => cluster.client.get(refs.nodes, undefined, 'own')).toMatchObject({
    metadata: { annotations: { 'node.alpha.kubernetes.io/ttl': '0' } },
  });
});

import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../start-cluster.ts';

let cluster: Cluster;
let api: CoreV1Api;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, podDelayScale: 0 });
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  api = config.makeApiClient(CoreV1Api);
});
afterAll(() => cluster.stop());

async function create(name: string, container: object, spec: object = {}): Promise<void> {
  const pod: ClusterObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { restartPolicy: 'Never', ...spec, containers: [{ name: 'main', image: 'busybox', ...container }] },
  };
  await vi.waitFor(() => cluster.client.create(refs.pods, pod), { timeout: 10_000 }); // its account comes soon
}

const get = (name: string): Promise<ClusterObject> => cluster.client.get(refs.pods, 'default', name);
const phase = (name: string) =>
  expect.poll(async () => (await get(name)).status?.phase as unknown, { timeout: 10_000 });
type LogQuery = Partial<Parameters<CoreV1Api['readNamespacedPodLog']>[0]>;
const logs = (name: string, query: LogQuery = {}): Promise<string> =>
  api.readNamespacedPodLog({ name, namespace: 'default', ...query });

test('a command the shell knows writes the log, and its exit code is the container’s', async () => {
  await create('told', {
    command: ['sh', '-c', 'echo "hi $HOSTNAME"; printf half; sleep 0.2; echo " done" >&2; exit 3'],
  });
  await phase('told').toBe('Failed');
  expect((await get('told')).status?.containerStatuses[0].state.terminated.exitCode).toBe(3);
  expect(await logs('told')).toBe('hi told\nhalf done\n');
  expect(await logs('told', { tailLines: 1 })).toBe('half done\n');
  expect(await logs('told', { limitBytes: 4 })).toBe('hi t');
  expect(await logs('told', { timestamps: true })).toMatch(/^\d{4}-\S+Z hi told\n\d{4}-\S+Z half done\n$/);
  await expect.poll(() => logs('told', { sinceSeconds: 1 }), { timeout: 5_000 }).toBe('');
});

test('a log is followed line by line until the container ends', async () => {
  await create('slow', { command: ['sh', '-c', 'for i in 1 2 3; do echo line $i; sleep 0.3; done; printf end'] });
  await phase('slow').toBe('Running');
  expect(await logs('slow', { follow: true })).toBe('line 1\nline 2\nline 3\nend');
});

test('the run before a restart keeps its own log', async () => {
  await create('again', { command: ['sh', '-c', 'date +%s%N; exit 1'] }, { restartPolicy: 'OnFailure' });
  const restarts = async (): Promise<unknown> =>
    (await get('again')).status?.containerStatuses?.[0]?.restartCount as unknown;
  await expect.poll(restarts, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => logs('again'), { timeout: 5_000 }).not.toBe('');
  const previous = await vi.waitFor(() => logs('again', { previous: true }), { timeout: 5_000 });
  expect(previous).not.toBe('');
});

test('commands that print nothing have an empty log; what nobody can run says that it is made up', async () => {
  await create('silent', { command: ['sleep', '60'] });
  await create('unknown', { command: ['nginx', '-g', 'daemon off;'] }, { restartPolicy: 'Always' });
  await phase('silent').toBe('Running');
  await phase('unknown').toBe('Running');
  expect(await logs('silent')).toBe('');
  expect(await logs('unknown')).toMatch(/no real process runs here/);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster } from '@cluster/embedded';
import { ApiError, ManualClock } from '@kit/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createKubeClient,
  createViews,
  kinds,
  readKubeconfig,
  type KubeClient,
  type KubeObject,
} from '../src/index.ts';

const times = { silenceMs: 60_000, firstRetryMs: 5, maxRetryMs: 50 };
const patience = { timeout: 15_000, interval: 20 };

let folder: string;
let cluster: Cluster;
let client: KubeClient;
const start = (port = 0): Promise<Cluster> => startCluster({ nodes: 0, dataDir: join(folder, 'cluster'), port });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kit-kube-'));
  cluster = await start();
  client = createKubeClient(readKubeconfig(cluster.kubeconfig));
}, 30_000);
afterAll(async () => {
  await client.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string): Promise<KubeObject> =>
  client.create(kinds.configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'tides.kit.test' },
  spec: {
    group: 'kit.test',
    scope: 'Namespaced',
    names: { kind: 'Tide', plural: 'tides', singular: 'tide', listKind: 'TideList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

describe('a view', () => {
  it('leaves a server alone for as long as that asks, and then goes on', async () => {
    const asked: number[] = [];
    const busy: KubeClient = {
      ...client,
      json: <T>(request: Parameters<KubeClient['json']>[0]): Promise<T> => {
        asked.push(performance.now());
        if (asked.length > 3) return client.json<T>(request);
        throw new ApiError('TooManyRequests', 'later', { details: { retryAfterSeconds: 1 } });
      },
    };
    const views = createViews(busy, { name: 'test', times: { ...times, maxRetryMs: 200 } });
    await views.of(kinds.configmaps).ready();
    const pauses = asked.slice(1).map((atMs, at) => atMs - (asked[at] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(150); // what it was asked for, as far as the longest pause goes
    await views.stop();
  });

  it('takes a jump of the clock for silence, and has what there is again', async () => {
    const clock = new ManualClock();
    const views = createViews(client, { name: 'test', clock, times });
    const view = views.of(kinds.configmaps);
    await view.ready();
    for (const name of ['before-jump', 'after-jump']) {
      clock.advance(24 * 3_600_000);
      await put(name);
      await expect
        .poll(() => {
          clock.advance(times.maxRetryMs);
          return view.get('default', name)?.name;
        }, patience)
        .toBe(name);
    }
    await views.stop();
  });

  it('follows a kind that comes, goes and comes back', async () => {
    const type = { group: 'kit.test', version: 'v1', kind: 'Tide', plural: 'tides', namespaced: true };
    const views = createViews(client, { name: 'test', times });
    const view = views.of(type);
    for (const round of ['first', 'second']) {
      await expect
        .poll(
          () =>
            client.create(kinds.customresourcedefinitions, definition).then(
              () => true,
              () => false,
            ),
          patience,
        )
        .toBe(true);
      await expect.poll(() => view.synced && view.served, patience).toBe(true);
      await client.create(type, {
        apiVersion: 'kit.test/v1',
        kind: 'Tide',
        metadata: { name: round, namespace: 'default' },
      });
      await expect.poll(() => [...view.rows()].map(({ name }) => name), patience).toEqual([round]);
      await client.delete(kinds.customresourcedefinitions, { name: definition.metadata.name });
      await expect.poll(() => [view.size, view.synced, view.served], patience).toEqual([0, false, false]);
    }
    await views.stop();
  }, 60_000);

  it('goes on where it was when the server comes back', async () => {
    const views = createViews(client, { name: 'test', times });
    const view = views.of(kinds.configmaps);
    await view.ready();
    const told: string[] = [];
    view.subscribe(({ type, row }) => told.push(`${type} ${row.name}`));
    await put('goes');
    await expect.poll(() => told, patience).toContain('added goes');
    const { port } = new URL(cluster.url);
    await cluster.stop();
    cluster = await start(Number(port));
    await client.delete(kinds.configmaps, { namespace: 'default', name: 'goes' });
    await put('comes');
    await expect.poll(() => told, patience).toEqual(expect.arrayContaining(['deleted goes', 'added comes']));
    expect(told.filter((one) => one === 'added goes')).toHaveLength(1);
    expect(view.get('default', 'before-jump')?.name).toBe('before-jump');
    await views.stop();
  }, 60_000);
});

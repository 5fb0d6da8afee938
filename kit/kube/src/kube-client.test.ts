import { isApiError } from '@kit/base';
import { startCluster } from '@cluster/embedded';
import type { Cluster } from '@cluster/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultyProxy } from '../testing/faulty-proxy.ts';
import type { KubeClient, KubeObject } from './index.ts';
import { createDiscovery, createKubeClient, kinds, readKubeconfig } from './index.ts';

let cluster: Cluster;
let client: KubeClient;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllers: false });
  client = createKubeClient(readKubeconfig(cluster.kubeconfig), { userAgent: 'kit-test' });
  await client.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' } });
});
afterAll(async () => {
  await client.close();
  await cluster.stop();
});

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'test' }, data };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the client', () => {
  it('creates, reads, replaces and deletes', async () => {
    const made = await client.create(kinds.configmaps, configMap('crud', { a: '1' }));
    const changed = await client.update(kinds.configmaps, { ...made, data: { a: '2' } });
    expect(await client.get(kinds.configmaps, made.metadata)).toEqual(changed);
    const stale = await failureOf(client.update(kinds.configmaps, { ...made, data: { a: '3' } }));
    expect(isApiError(stale, 'Conflict')).toBe(true);
    const other = await failureOf(
      client.delete(kinds.configmaps, made.metadata, { preconditions: { uid: 'another' } }),
    );
    expect(isApiError(other, 'Conflict')).toBe(true);
    await client.delete(kinds.configmaps, made.metadata);
    expect(await client.find(kinds.configmaps, made.metadata)).toBeUndefined();
    expect(isApiError(await failureOf(client.get(kinds.configmaps, made.metadata)), 'NotFound')).toBe(true);
  });

  it('patches in each of the four ways', async () => {
    const { metadata } = await client.create(kinds.configmaps, configMap('patched', { a: '1', b: '1' }));
    await client.patch(kinds.configmaps, metadata, { data: { a: null } }, { type: 'merge' });
    await client.patch(kinds.configmaps, metadata, { data: { c: '3' } }, { type: 'strategic' });
    await client.patch(kinds.configmaps, metadata, [{ op: 'replace', path: '/data/b', value: '2' }], { type: 'json' });
    const applied = await client.apply(kinds.configmaps, configMap('patched', { d: '4' }), { fieldManager: 'kit' });
    expect(applied.data).toEqual({ b: '2', c: '3', d: '4' });
  });

  it('refuses to take a field from another manager unless forced', async () => {
    await client.apply(kinds.configmaps, configMap('owned', { a: '1' }), { fieldManager: 'first' });
    const again = configMap('owned', { a: '2' });
    expect(
      isApiError(await failureOf(client.apply(kinds.configmaps, again, { fieldManager: 'second' })), 'Conflict'),
    ).toBe(true);
    expect((await client.apply(kinds.configmaps, again, { fieldManager: 'second', force: true })).data).toEqual({
      a: '2',
    });
  });

  it('stores nothing in a dry run', async () => {
    await client.create(kinds.configmaps, configMap('dry'), { dryRun: true });
    expect(await client.find(kinds.configmaps, { namespace: 'test', name: 'dry' })).toBeUndefined();
  });

  it('tells every field that is wrong', async () => {
    const failure = await failureOf(client.create(kinds.configmaps, configMap('Not A Name')));
    expect(isApiError(failure, 'Invalid')).toBe(true);
    expect(isApiError(failure) && failure.details?.causes?.[0]?.field).toBe('metadata.name');
  });

  it('lists more than a page, each item with its kind', async () => {
    await client.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'many' } });
    const names = Array.from({ length: 620 }, (_, at) => `item-${at}`);
    await Promise.all(
      names.map((name) =>
        client.create(kinds.configmaps, { ...configMap(name), metadata: { name, namespace: 'many' } }),
      ),
    );
    const { items } = await client.list(kinds.configmaps, { namespace: 'many' });
    expect(new Set(items.map((item) => item.metadata.name))).toEqual(new Set(names));
    expect(items.every((item) => item.kind === 'ConfigMap' && item.apiVersion === 'v1')).toBe(true);
  });

  it('watches from a version until it is told to stop', async () => {
    const { metadata } = await client.list(kinds.configmaps, { namespace: 'test' });
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      const options = { namespace: 'test', resourceVersion: metadata.resourceVersion, signal: stop.signal };
      for await (const event of client.watch(kinds.configmaps, options)) {
        if (event.type !== 'BOOKMARK') seen.push(`${event.type} ${event.object.metadata.name}`);
      }
    })();
    await client.create(kinds.configmaps, configMap('watched'));
    await client.delete(kinds.configmaps, { namespace: 'test', name: 'watched' });
    await expect.poll(() => seen).toEqual(['ADDED watched', 'DELETED watched']);
    stop.abort(new Error('enough'));
    await expect(watching).rejects.toThrow('enough');
  });

  it('passes a request through with its status and body', async () => {
    const response = await client.raw({ method: 'GET', path: '/api/v1/namespaces/test/configmaps/nope' });
    expect(response.status).toBe(404);
    expect(JSON.parse(await textOf(response.body))).toMatchObject({ kind: 'Status', reason: 'NotFound' });
  });

  it('puts its own credential over that of a request it passes on', async () => {
    const headers = { Authorization: 'Bearer forged', connection: 'close' };
    expect((await client.raw({ method: 'GET', path: '/api/v1/namespaces', headers })).status).toBe(200);
  });

  it('hands a refused upgrade over as the response it is', async () => {
    const headers = {
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    const result = await client.upgrade({ method: 'GET', path: '/api/v1/namespaces/test/pods/none/exec', headers });
    expect(result.upgraded).toBe(false);
    expect(!result.upgraded && result.response.status).toBeGreaterThanOrEqual(400);
  });

  it('finds a kind by what objects say of themselves', async () => {
    const discovery = createDiscovery(client);
    const found = await discovery.find('apps/v1', 'Deployment');
    expect(found).toMatchObject({ plural: 'deployments', namespaced: true, shortNames: ['deploy'] });
    expect(found?.verbs).toContain('watch');
    expect(await discovery.find('apps/v1', 'Nothing')).toBeUndefined();
  });
});

async function textOf(body: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of body) text += String(chunk);
  return text;
}

describe('a server that cannot be reached', () => {
  it('is named, with the reason', async () => {
    const gone = createKubeClient({ server: 'https://127.0.0.1:1' });
    const failure = await failureOf(gone.list(kinds.pods));
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
    expect((failure as Error).message).toBe(
      'the Kubernetes API server at https://127.0.0.1:1 cannot be reached: the connection was refused',
    );
    await gone.close();
  });

  it('is not trusted without its authority', async () => {
    const stranger = createKubeClient({ server: cluster.url });
    const failure = await failureOf(stranger.list(kinds.pods));
    expect((failure as Error).message).toContain('certificate is not from a known authority');
    await stranger.close();
  });

  it('costs a read no failure when only a kept connection broke', async () => {
    const url = new URL(cluster.url);
    const proxy = await startFaultyProxy({ host: url.hostname, port: Number(url.port) });
    const through = createKubeClient({
      ...readKubeconfig(cluster.kubeconfig),
      server: `https://127.0.0.1:${proxy.port}`,
    });
    await through.get(kinds.namespaces, { name: 'test' });
    proxy.reset();
    expect((await through.get(kinds.namespaces, { name: 'test' })).metadata.name).toBe('test');
    await through.close();
    await proxy.close();
  });
});

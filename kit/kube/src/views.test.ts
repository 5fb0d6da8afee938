import { startCluster } from '@cluster/embedded';
import type { Cluster } from '@cluster/embedded';
import { createLogger, isApiError } from '@kit/base';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultyProxy } from '../testing/faulty-proxy.ts';
import { startFaultyProxy } from '../testing/faulty-proxy.ts';
import type { KubeClient, KubeObject, ResourceType, View, ViewEvent, Views } from './index.ts';
import { createKubeClient, createViews, kinds, readKubeconfig } from './index.ts';

let cluster: Cluster;
let direct: KubeClient;
let proxy: FaultyProxy;
let through: KubeClient;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllers: false });
  direct = createKubeClient(readKubeconfig(cluster.kubeconfig));
  const url = new URL(cluster.url);
  proxy = await startFaultyProxy({ host: url.hostname, port: Number(url.port) });
  through = createKubeClient({ ...readKubeconfig(cluster.kubeconfig), server: `https://127.0.0.1:${proxy.port}` });
});
afterAll(async () => {
  await Promise.all([direct.close(), through.close()]);
  await proxy.close();
  await cluster.stop();
});

const opened: Views[] = [];
let spaces = 0;
function open(log?: (line: string) => void): Views {
  const times = { silenceMs: 500, firstRetryMs: 5, maxRetryMs: 50 };
  const views = createViews(through, { name: 'test', times, ...(log && { log: createLogger({ write: log }) }) });
  opened.push(views);
  return views;
}
afterEach(async () => {
  proxy.refuse(false);
  await Promise.all(opened.splice(0).map((views) => views.stop()));
});

async function makeNamespace(): Promise<string> {
  const name = `space-${++spaces}`;
  await direct.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

/** What a subscriber believes who only ever listens, and every event that contradicts what it was told before. */
function believer(view: View, namespace: string): { believes: Map<string, string>; contradictions: string[] } {
  const believes = new Map<string, string>();
  const contradictions: string[] = [];
  for (const row of view.rows(namespace)) believes.set(row.name, row.resourceVersion);
  view.subscribe(({ type, row }: ViewEvent) => {
    if (row.namespace !== namespace) return;
    const known = believes.get(row.name);
    if ((known === undefined) !== (type === 'added')) contradictions.push(`${type} ${row.name}, known at ${known}`);
    if (known !== undefined && Number(known) >= Number(row.resourceVersion) && type === 'modified') {
      contradictions.push(`${row.name} went from ${known} to ${row.resourceVersion}`);
    }
    if (type === 'deleted') believes.delete(row.name);
    else believes.set(row.name, row.resourceVersion);
  });
  return { believes, contradictions };
}

async function truth(namespace: string): Promise<Map<string, string>> {
  const { items } = await direct.list(kinds.configmaps, { namespace });
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? '']));
}

describe('a view', () => {
  it('has what there is, tells what changes, and knows its namespaces', async () => {
    const [one, two] = [await makeNamespace(), await makeNamespace()];
    await direct.create(kinds.configmaps, configMap(one, 'first', { k: 'v' }));
    const view = open().of(kinds.configmaps);
    expect(view.synced).toBe(false);
    await view.ready();
    expect(view.get(one, 'first')?.object()).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } });
    const { believes } = believer(view, two);
    await direct.create(kinds.configmaps, configMap(two, 'second'));
    await expect.poll(() => [...believes.keys()]).toEqual(['second']);
    expect([...view.rows(one)].map((row) => row.name)).toEqual(['first']);
    expect(Buffer.from(view.get(one, 'first')?.json ?? []).toString()).not.toContain('managedFields');
  });

  it('lists and watches a kind once, however many ask', () => {
    const views = open();
    expect(views.of(kinds.configmaps)).toBe(views.of({ ...kinds.configmaps }));
    expect(views.state()).toHaveLength(1);
  });

  it('goes on when a listener throws', async () => {
    const namespace = await makeNamespace();
    const lines: string[] = [];
    const view = open((line) => lines.push(line)).of(kinds.configmaps);
    await view.ready();
    view.subscribe(() => {
      throw new Error('not my day');
    });
    const { believes } = believer(view, namespace);
    await direct.create(kinds.configmaps, configMap(namespace, 'a'));
    await expect.poll(() => [...believes.keys()]).toEqual(['a']);
    expect(lines.some((line) => line.includes('not my day'))).toBe(true);
  });

  it('waits for a kind that is not there yet, and tells of its end', async () => {
    const type: ResourceType = { group: 'kit.test', version: 'v1', kind: 'Lamp', plural: 'lamps', namespaced: true };
    const withControllers = await startCluster({ nodes: 0 }); // one of them accepts the names of a new kind
    const client = createKubeClient(readKubeconfig(withControllers.kubeconfig));
    const lines: string[] = [];
    const log = createLogger({ write: (line) => lines.push(line) });
    const views = createViews(client, {
      name: 'test',
      log,
      times: { silenceMs: 500, firstRetryMs: 5, maxRetryMs: 50 },
    });
    const view = views.of(type);
    const { believes } = believer(view, 'default');
    await expect(view.ready(AbortSignal.timeout(100))).rejects.toThrow();
    await client.create(kinds.customresourcedefinitions, lampDefinition(type));
    await view.ready();
    await client.create(type, {
      apiVersion: 'kit.test/v1',
      kind: 'Lamp',
      metadata: { name: 'l', namespace: 'default' },
    });
    await expect.poll(() => believes.size).toBe(1);
    await client.delete(kinds.customresourcedefinitions, { name: 'lamps.kit.test' });
    await expect.poll(() => [believes.size, view.synced], { timeout: 10_000 }).toEqual([0, false]);
    expect(lines.filter((line) => line.includes('cannot follow'))).toEqual([]);
    await views.stop();
    await client.close();
    await withControllers.stop();
  });

  it('gives up waiting when it is stopped', async () => {
    const views = open();
    proxy.refuse(true);
    const waiting = expect(views.of(kinds.secrets).ready()).rejects.toThrow('stopped');
    await views.stop();
    await waiting;
  });
});

function lampDefinition({ group, version, kind, plural }: ResourceType): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: 'lamp', listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
}

interface Change {
  kind: 'create' | 'update' | 'delete';
  name: string;
}
type Fault = 'reset' | 'freeze' | 'refuse' | 'serve';

async function perform(act: Change | Fault, namespace: string, round: number): Promise<void> {
  if (act === 'reset') return proxy.reset();
  if (act === 'freeze') return proxy.freeze();
  if (typeof act === 'string') return proxy.refuse(act === 'refuse');
  const key = { namespace, name: act.name };
  const write = {
    create: () => direct.create(kinds.configmaps, configMap(namespace, act.name)),
    update: () => direct.patch(kinds.configmaps, key, { data: { round: String(round) } }, { type: 'merge' }),
    delete: () => direct.delete(kinds.configmaps, key),
  };
  await write[act.kind]().catch(() => undefined); // a name that is taken, or is not there, is no change
}

describe('a view behind a bad network', () => {
  it('never misses, doubles or reorders a change', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const change = fc.record<Change>({ kind: fc.constantFrom('create', 'update', 'delete'), name });
    const fault = fc.constantFrom<Fault>('reset', 'freeze', 'refuse', 'serve');
    const act = fc.oneof({ weight: 3, arbitrary: change }, { weight: 1, arbitrary: fault });
    const acts = fc.array<Change | Fault>(act, { minLength: 5, maxLength: 40 });
    const view = open().of(kinds.configmaps);
    await view.ready();
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const namespace = await makeNamespace();
        const { believes, contradictions } = believer(view, namespace);
        let round = 0;
        for (const act of all) await perform(act, namespace, ++round);
        proxy.refuse(false);
        const last = await direct.create(kinds.configmaps, configMap(namespace, 'last'));
        await expect.poll(() => believes.get('last'), { timeout: 10_000 }).toBe(last.metadata.resourceVersion);
        expect(believes).toEqual(await truth(namespace));
        expect(contradictions).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('notices a connection that stays open and carries nothing', async () => {
    const namespace = await makeNamespace();
    const view = open().of(kinds.configmaps);
    await view.ready();
    const { believes } = believer(view, namespace);
    await direct.create(kinds.configmaps, configMap(namespace, 'before'));
    await expect.poll(() => believes.size).toBe(1);
    proxy.freeze();
    await direct.create(kinds.configmaps, configMap(namespace, 'after'));
    await expect.poll(() => [...believes.keys()], { timeout: 5000 }).toEqual(['before', 'after']);
  });

  it.each([
    { why: 'its version has expired', until: isExpired },
    { why: 'the server hangs up on it for being too far behind', until: () => Promise.resolve(true) },
  ])('compares with a new list when $why, and tells what was deleted meanwhile', async ({ until }) => {
    const namespace = await makeNamespace();
    const view = open().of(kinds.configmaps);
    await view.ready();
    const { believes, contradictions } = believer(view, namespace);
    await direct.create(kinds.configmaps, configMap(namespace, 'goes'));
    await direct.create(kinds.configmaps, configMap(namespace, 'stays'));
    await expect.poll(() => believes.size).toBe(2);
    const { metadata } = await direct.list(kinds.configmaps);
    proxy.refuse(true);
    proxy.reset();
    await direct.delete(kinds.configmaps, { namespace, name: 'goes' });
    await direct.create(kinds.configmaps, configMap(namespace, 'big'));
    do await writeMuch(namespace);
    while (!(await until(metadata.resourceVersion)));
    proxy.refuse(false);
    await expect.poll(() => believes.has('goes'), { timeout: 10_000 }).toBe(false);
    await expect.poll(async () => believes.get('big') === (await truth(namespace)).get('big')).toBe(true);
    expect(believes).toEqual(await truth(namespace));
    expect(contradictions).toEqual([]);
  });
});

/** The server keeps a bounded history of superseded states; this is a good half of it. */
async function writeMuch(namespace: string): Promise<void> {
  for (let round = 0; round < 30; round++) {
    const patch = { data: { big: String(round % 10).repeat(900_000) } };
    await direct.patch(kinds.configmaps, { namespace, name: 'big' }, patch, { type: 'merge' });
  }
}

async function isExpired(resourceVersion: string): Promise<boolean> {
  try {
    const options = { resourceVersion, query: { timeoutSeconds: 1 } };
    for await (const event of direct.watch(kinds.configmaps, options)) if (event.type) return false;
    return false;
  } catch (error) {
    return isApiError(error, 'Expired');
  }
}

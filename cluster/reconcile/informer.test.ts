import { silentLogger, systemClock } from '@kit/base';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClusterClient, ClusterObject, ClusterWatchEvent } from '../client.ts';
import { type Cluster, startCluster } from '../start-cluster.ts';
import { type Change, Informer } from './informer.ts';
import { refs } from './resource-refs.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ controllers: false });
});
afterAll(() => cluster.stop());

const configMap = (name: string, data: Record<string, string> = {}): ClusterObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels: { group: name.slice(0, 1) } },
  data,
});

/** The real client, with a hand on the watch: events can be held back, and the watch can be broken off. */
function handled(client: ClusterClient): { client: ClusterClient; hold(): void; flow(): void; breakOff(): void } {
  let held: (() => void)[] | undefined;
  let current: (event: ClusterWatchEvent) => void = () => undefined;
  const watch: ClusterClient['watch'] = (ref, revision, onEvent) => {
    current = onEvent;
    return client.watch(ref, revision, (event) => (held ? held.push(() => onEvent(event)) : onEvent(event)));
  };
  return {
    client: { list: client.list.bind(client), watch } as ClusterClient, // an informer uses no more than these
    hold: () => (held = []),
    flow: () => {
      const events = held ?? [];
      held = undefined;
      for (const release of events) release();
    },
    breakOff: () =>
      current({ type: 'ERROR', object: { apiVersion: 'v1', kind: 'Status', metadata: { name: '' }, code: 410 } }),
  };
}

function informerOf(client: ClusterClient): Informer {
  return new Informer({ client, ref: refs.configMaps, clock: systemClock, log: silentLogger });
}

test('it knows what is there, follows what happens, and finds by index', async () => {
  await cluster.client.create(refs.configMaps, configMap('a-1'));
  const informer = informerOf(cluster.client).addIndex('group', ({ metadata }) => [metadata.labels?.['group'] ?? '']);
  await informer.start();
  expect(informer.get('default', 'a-1')).toBeDefined();
  await cluster.client.create(refs.configMaps, configMap('a-2'));
  const group = (): string[] =>
    informer
      .byIndex('group', 'a')
      .map(({ metadata }) => metadata.name)
      .sort();
  await vi.waitFor(() => expect(group()).toEqual(['a-1', 'a-2']));
  const body = { metadata: { labels: { group: 'z' } } };
  await cluster.client.patch(refs.configMaps, 'default', 'a-1', { type: 'merge', body });
  await vi.waitFor(() => expect(group()).toEqual(['a-2']));
  await cluster.client.delete(refs.configMaps, 'default', 'a-2');
  await vi.waitFor(() => expect(group()).toEqual([]));
  informer.stop();
});

test('after the watch broke off it lists again and tells what it has missed', async () => {
  const hand = handled(cluster.client);
  await cluster.client.create(refs.configMaps, configMap('b-gone'));
  const informer = informerOf(hand.client);
  const changes: string[] = [];
  await informer.start();
  informer.onChange(({ before, after }: Change) =>
    changes.push(`${before ? 'had' : 'new'} ${(after ?? before)?.metadata.name} ${after ? '' : 'gone'}`.trim()),
  );
  hand.hold();
  await cluster.client.delete(refs.configMaps, 'default', 'b-gone');
  await cluster.client.create(refs.configMaps, configMap('b-missed'));
  hand.breakOff();
  await vi.waitFor(() => expect(changes).toEqual(expect.arrayContaining(['had b-gone gone', 'new b-missed'])));
  informer.stop();
});

test('a handler that throws keeps neither the others nor the next event from coming', async () => {
  const informer = informerOf(cluster.client);
  await informer.start();
  const seen: string[] = [];
  informer.onChange(() => {
    throw new Error('broken');
  });
  informer.onChange(({ after }) => seen.push(after?.metadata.name ?? ''));
  await cluster.client.create(refs.configMaps, configMap('c-1'));
  await cluster.client.create(refs.configMaps, configMap('c-2'));
  await vi.waitFor(() => expect(seen).toEqual(['c-1', 'c-2']));
  informer.stop();
});

test('a write of ours counts before the watch brings it, and never after it is gone again', async () => {
  const hand = handled(cluster.client);
  const informer = informerOf(hand.client);
  await informer.start();
  hand.hold();
  const created = await cluster.client.create(refs.configMaps, configMap('d-1'));
  informer.observe(structuredClone(created));
  expect(informer.get('default', 'd-1')).toBeDefined();
  await cluster.client.delete(refs.configMaps, 'default', 'd-1');
  hand.flow();
  await vi.waitFor(() => expect(informer.get('default', 'd-1')).toBeUndefined());
  informer.observe(structuredClone(created));
  expect(informer.get('default', 'd-1')).toBeUndefined();
  informer.stop();
});

test('what we have deleted counts as going, even when an older event about it comes late', async () => {
  const hand = handled(cluster.client);
  const held = configMap('e-1');
  held.metadata.finalizers = ['example.com/hold'];
  await cluster.client.create(refs.configMaps, held);
  const informer = informerOf(hand.client);
  await informer.start();
  hand.hold();
  await cluster.client.patch(refs.configMaps, 'default', 'e-1', { type: 'merge', body: { data: { late: 'yes' } } });
  const known = informer.get('default', 'e-1');
  if (!known) throw new Error('e-1 was listed');
  informer.expectDeletion(known);
  hand.flow();
  await vi.waitFor(() => expect(informer.get('default', 'e-1')?.data).toEqual({ late: 'yes' }));
  expect(informer.get('default', 'e-1')?.metadata.deletionTimestamp).toBeDefined();
  informer.stop();
});

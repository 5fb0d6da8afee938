import { ManualClock, silentLogger } from '@kit/base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClusterObject } from '../client.ts';
import { type Cluster, startCluster } from '../start-cluster.ts';
import { EventRecorder } from './event-recorder.ts';
import { refs } from './resource-refs.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ controllers: false });
});
afterAll(() => cluster.stop());

const about = (name: string): ClusterObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: `uid-${name}` },
});
const eventsOf = async (name: string): Promise<ClusterObject[]> =>
  (await cluster.client.list(refs.events, { namespace: 'default' })).items.filter(
    ({ involvedObject }) => involvedObject.name === name,
  );
const recorder = (clock = new ManualClock()) =>
  new EventRecorder({ client: cluster.client, clock, log: silentLogger, component: 'tester', host: 'node-1' });

test('the same thing said again raises the count and the time of the first event', async () => {
  const clock = new ManualClock();
  const events = recorder(clock);
  for (let i = 0; i < 3; i++) {
    events.record(about('a'), {
      type: 'Warning',
      reason: 'BackOff',
      message: 'again',
      fieldPath: 'spec.containers{c}',
    });
    clock.advance(1_000);
  }
  events.record(about('a'), { type: 'Warning', reason: 'BackOff', message: 'something else' });
  await events.flush();
  const [first, second] = await eventsOf('a');
  expect(first).toMatchObject({
    count: 3,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:02Z',
    reportingComponent: 'tester',
    source: { component: 'tester', host: 'node-1' },
  });
  expect(second).toMatchObject({ count: 1, message: 'something else' });
});

test('an event that is gone is written anew, and goes on counting', async () => {
  const events = recorder();
  events.record(about('b'), { type: 'Normal', reason: 'Seen', message: 'x' });
  await events.flush();
  const [first] = await eventsOf('b');
  await cluster.client.delete(refs.events, 'default', first?.metadata.name ?? '');
  events.record(about('b'), { type: 'Normal', reason: 'Seen', message: 'x' });
  await events.flush();
  expect((await eventsOf('b')).map(({ count }) => count)).toEqual([2]);
});

test('the tenth message of one reason begins an event for all that follow', async () => {
  const events = recorder();
  for (let i = 1; i <= 12; i++) events.record(about('f'), { type: 'Normal', reason: 'Made', message: `Made ${i}` });
  await events.flush();
  const found = await eventsOf('f');
  expect(found).toHaveLength(10);
  expect(found.at(-1)).toMatchObject({ count: 3, message: '(combined from similar events): Made 12' });
});

test('of a flood about one object the first 25 are written, then one each five minutes', async () => {
  const clock = new ManualClock();
  const events = recorder(clock);
  const say = (): void => events.record(about('g'), { type: 'Normal', reason: 'Again', message: 'x' });
  for (let i = 0; i < 40; i++) say();
  await events.flush();
  expect((await eventsOf('g')).map(({ count }) => count)).toEqual([40]);
  say();
  await events.flush();
  expect((await eventsOf('g')).map(({ count }) => count)).toEqual([40]);
  clock.advance(5 * 60_000);
  say();
  await events.flush();
  expect((await eventsOf('g')).map(({ count }) => count)).toEqual([42]);
});

test('one with an action is written in the newer form, and repeats are a series', async () => {
  const events = recorder();
  for (let i = 0; i < 2; i++)
    events.record(about('c'), { type: 'Warning', reason: 'FailedScheduling', message: 'no', action: 'Scheduling' });
  await events.flush();
  expect((await eventsOf('c'))[0]).toMatchObject({
    eventTime: '2026-01-01T00:00:00.000000Z',
    action: 'Scheduling',
    series: { count: 2 },
  });
});

test('events of one millisecond are listed in the order they were said', async () => {
  const events = recorder();
  const reasons = ['Pulling', 'Pulled', 'Created', 'Started'];
  for (const reason of reasons) events.record(about('d'), { type: 'Normal', reason, message: reason });
  await events.flush();
  expect((await eventsOf('d')).map(({ reason }) => reason)).toEqual(reasons);
});

test('what cannot be written is dropped, and the recorder goes on', async () => {
  const events = recorder();
  const nowhere = about('e');
  nowhere.metadata.namespace = 'no-such-namespace';
  events.record(nowhere, { type: 'Normal', reason: 'Lost', message: 'x' });
  events.record(about('e'), { type: 'Normal', reason: 'Kept', message: 'x' });
  await events.flush();
  expect((await eventsOf('e')).map(({ reason }) => reason)).toEqual(['Kept']);
});

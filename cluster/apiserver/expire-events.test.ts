import { ManualClock, silentLogger } from '@kit/base';
import { expect, it } from 'vitest';
import { expireEvents, lastSeenMs } from './expire-events.ts';
import { Storage } from './storage/storage.ts';
import type { ObjectKey } from './storage/version.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const minuteMs = 60_000;
const key = (name: string): ObjectKey => ({ resource: '/events', namespace: 'default', name });
const event = (name: string, lastTimestamp: string) => (revision: number) =>
  JSON.stringify({ metadata: { name, uid: name, resourceVersion: String(revision) }, lastTimestamp });

it('an event goes an hour after it was last written, and none that was written anew', async () => {
  const clock = new ManualClock(startMs);
  const storage = await Storage.open();
  await storage.put(key('old'), undefined, event('old', '2025-12-31T23:30:00Z'));
  const stop = expireEvents({ storage, clock, log: silentLogger });
  const once = await storage.put(key('once'), undefined, event('once', '2026-01-01T00:00:00Z'));
  await storage.put(key('again'), undefined, event('again', '2026-01-01T00:00:00Z'));
  const names = (): string[] => storage.list('/events').map((version) => version.key.name);
  const pass = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute++) {
      clock.advance(minuteMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  await pass(20);
  expect(names()).toEqual(['again', 'old', 'once']);
  await storage.put(key('again'), storage.get(key('again')), event('again', '2026-01-01T00:20:00Z'));
  await pass(15);
  await expect.poll(names).toEqual(['again', 'once']);
  const gone: string[] = [];
  storage.watch('/events', storage.revision, ({ type, version }) => gone.push(`${type} ${version.key.name}`));
  await pass(27);
  await expect.poll(names).toEqual(['again']);
  expect(gone).toEqual(['DELETED once']);
  expect(storage.revision).toBeGreaterThan(once.revision);
  await pass(20);
  await expect.poll(names).toEqual([]);
  stop();
});

it.each([
  {
    why: 'a series tells when it was last observed',
    times: { eventTime: '2026-01-01T00:00:00.000000Z', series: { lastObservedTime: '2026-01-01T00:05:00.000000Z' } },
    seen: '2026-01-01T00:05:00Z',
  },
  {
    why: 'the older form counts itself',
    times: { eventTime: null, lastTimestamp: '2026-01-01T00:03:00Z' },
    seen: '2026-01-01T00:03:00Z',
  },
  { why: 'an event may say nothing else', times: {}, seen: '2025-12-31T00:00:00Z' },
])('$why', ({ times, seen }) => {
  const metadata = { creationTimestamp: '2025-12-31T00:00:00Z' };
  expect(lastSeenMs({ ...times, metadata })).toBe(Date.parse(seen));
});

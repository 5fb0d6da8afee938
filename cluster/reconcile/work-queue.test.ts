import { ApiError, ManualClock, silentLogger } from '@kit/base';
import { expect, test, vi } from 'vitest';
import { WorkQueue } from './work-queue.ts';

const base = () => ({ name: 'test', clock: new ManualClock(), log: silentLogger });

test('a key added many times is worked on once, and once more when it is added meanwhile', async () => {
  const worked: string[] = [];
  let release = (): void => undefined;
  const work = async (key: string): Promise<void> => {
    worked.push(key);
    if (worked.length === 1) await new Promise<void>((resolve) => (release = resolve));
  };
  const queue = new WorkQueue({ ...base(), work });
  for (let i = 0; i < 5; i++) queue.add('a');
  await vi.waitFor(() => expect(worked).toEqual(['a']));
  queue.add('a');
  queue.add('a');
  release();
  await vi.waitFor(() => expect(worked).toEqual(['a', 'a']));
  await vi.waitFor(() => expect(queue.idle).toBe(true));
});

test('one key is never worked on twice at once, others run beside it', async () => {
  let running = 0;
  let most = 0;
  const perKey = new Map<string, number>();
  const work = async (key: string): Promise<void> => {
    perKey.set(key, (perKey.get(key) ?? 0) + 1);
    expect(perKey.get(key)).toBe(1);
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    perKey.set(key, 0);
  };
  const queue = new WorkQueue({ ...base(), workers: 2, work });
  for (const key of ['a', 'b', 'c', 'a']) queue.add(key);
  await vi.waitFor(() => expect(queue.idle).toBe(true));
  expect(most).toBe(2);
});

test('work that throws is tried again, later each time, and forgets its failures when it succeeds', async () => {
  const { clock, ...rest } = base();
  let attempts = 0;
  const work = (): Promise<void> =>
    ++attempts < 3 ? Promise.reject(new ApiError('Conflict', 'newer')) : Promise.resolve();
  const queue = new WorkQueue({ ...rest, clock, work });
  queue.add('a');
  await vi.waitFor(() => expect(attempts).toBe(1));
  await vi.waitFor(() => {
    clock.advance(5);
    expect(attempts).toBe(2);
  });
  await vi.waitFor(() => {
    clock.advance(10);
    expect(attempts).toBe(3);
  });
});

test('of two delays for a key the shorter counts', async () => {
  const { clock, ...rest } = base();
  const worked: number[] = [];
  const queue = new WorkQueue({ ...rest, clock, work: () => Promise.resolve(void worked.push(clock.now())) });
  const startMs = clock.now();
  queue.addAfter('a', 1_000);
  queue.addAfter('a', 100);
  queue.addAfter('a', 5_000);
  clock.advance(100);
  await vi.waitFor(() => expect(worked).toEqual([startMs + 100]));
  clock.advance(10_000);
  await vi.waitFor(() => expect(queue.idle).toBe(true));
  expect(worked).toHaveLength(1);
});

test('stop waits for what runs and takes no more', async () => {
  let done = 0;
  const queue = new WorkQueue({
    ...base(),
    workers: 1,
    work: () => new Promise<void>((resolve) => setImmediate(() => resolve(void done++))),
  });
  queue.add('a');
  queue.add('b');
  await vi.waitFor(() => expect(queue.idle).toBe(false));
  await queue.stop();
  queue.add('c');
  expect(queue.idle).toBe(true);
  expect(done).toBeLessThanOrEqual(1);
});

import { ManualClock } from '@kit/base';
import { describe, expect, it, vi } from 'vitest';
import { WorkQueue } from './work-queue.ts';
import type { WorkQueueOptions } from './work-queue.ts';

interface Job {
  readonly key: string;
  readonly end: (result?: { againMs?: number }) => void;
  readonly fail: () => void;
}

/** A queue whose work ends when the test says so. */
function setup(options: Partial<WorkQueueOptions> = {}): {
  queue: WorkQueue;
  clock: ManualClock;
  jobs: Job[];
  begun: () => string[];
} {
  const clock = new ManualClock();
  const jobs: Job[] = [];
  const work = (key: string): Promise<{ againMs?: number } | void> =>
    new Promise((resolve, reject) => {
      jobs.push({ key, end: (result) => resolve(result), fail: () => reject(new Error('no')) });
    });
  return {
    queue: new WorkQueue({ clock, concurrency: 2, work, ...options }),
    clock,
    jobs,
    begun: () => jobs.map((job) => job.key),
  };
}

describe('WorkQueue', () => {
  it('works on an item once, however often it is added while it waits', async () => {
    const { queue, jobs, begun } = setup({ concurrency: 1 });
    for (const key of ['a', 'b', 'b', 'b']) queue.add(key);
    await expect.poll(begun).toEqual(['a']);
    jobs[0]?.end();
    await expect.poll(begun).toEqual(['a', 'b']);
    jobs[1]?.end();
    await queue.stop();
    expect(begun()).toEqual(['a', 'b']);
  });

  it('never works on one item twice at a time, and again when it changed meanwhile', async () => {
    const { queue, jobs, begun } = setup();
    queue.add('a');
    await expect.poll(begun).toEqual(['a']);
    queue.add('a');
    queue.add('b');
    await expect.poll(begun).toEqual(['a', 'b']);
    jobs[0]?.end();
    await expect.poll(begun).toEqual(['a', 'b', 'a']);
  });

  it('works on no more at once than it may', async () => {
    const { queue, jobs, begun } = setup({ concurrency: 2 });
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await expect.poll(begun).toEqual(['a', 'b']);
    jobs[1]?.end();
    await expect.poll(begun).toEqual(['a', 'b', 'c']);
  });

  it('waits longer after each failure, and starts over after a success', async () => {
    const { queue, clock, jobs, begun } = setup({ firstRetryMs: 100, maxRetryMs: 10_000 });
    queue.add('a');
    for (const [failures, longestMs] of [100, 200, 400].entries()) {
      await expect.poll(() => jobs.length).toBe(failures + 1);
      jobs[failures]?.fail();
      await settled();
      clock.advance(longestMs / 2 - 1);
      await settled();
      expect(jobs).toHaveLength(failures + 1);
      clock.advance(longestMs / 2 + 1);
    }
    await expect.poll(() => jobs.length).toBe(4);
    jobs[3]?.end();
    await settled();
    queue.add('a');
    await expect.poll(() => jobs.length).toBe(5);
    jobs[4]?.fail();
    await settled();
    clock.advance(100);
    await expect.poll(begun).toHaveLength(6);
  });

  it('comes back when the work asks for it, sooner when there is an event', async () => {
    const { queue, clock, jobs, begun } = setup();
    queue.add('a');
    await expect.poll(() => jobs.length).toBe(1);
    jobs[0]?.end({ againMs: 30_000 });
    await settled();
    queue.add('a');
    await expect.poll(() => jobs.length).toBe(2);
    jobs[1]?.end();
    await settled();
    clock.advance(60_000);
    await settled();
    expect(begun()).toHaveLength(2);
  });

  it('begins no more in a second than it may, but all in the end', async () => {
    const { queue, clock, jobs, begun } = setup({ concurrency: 10, rate: { perSecond: 10, burst: 2 } });
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    await settled();
    expect(begun()).toEqual(['a', 'b']);
    clock.advance(100);
    await settled();
    expect(begun()).toEqual(['a', 'b', 'c']);
    clock.advance(100);
    await expect.poll(() => jobs.length).toBe(4);
  });

  it('lets what has begun end when it stops, and begins nothing more', async () => {
    const { queue, jobs } = setup({ concurrency: 1 });
    queue.add('a');
    queue.add('b');
    await expect.poll(() => jobs.length).toBe(1);
    const stopped = vi.fn();
    const stopping = queue.stop().then(stopped);
    await settled();
    expect(stopped).not.toHaveBeenCalled();
    jobs[0]?.end();
    await stopping;
    queue.add('c');
    expect(jobs).toHaveLength(1);
  });
});

/** After everything that could happen without time passing has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

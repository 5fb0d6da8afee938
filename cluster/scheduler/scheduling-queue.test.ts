import { ManualClock } from '@kit/base';
import { expect, test } from 'vitest';
import type { ChangeKind } from './cluster-change.ts';
import type { SchedulablePod } from './placed-pod.ts';
import { podInfo } from './pod-info.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

const pod = (name: string, priority = 0): ReturnType<typeof podInfo> => {
  const metadata = { name, namespace: 'shop', uid: name };
  const made: SchedulablePod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { priority, containers: [] } };
  return podInfo(made);
};
const kinds = (...some: ChangeKind[]): ReadonlySet<ChangeKind> => new Set(some);
const next = (queue: SchedulingQueue): string | undefined => queue.next()?.info.uid;

function parked(queue: SchedulingQueue): void {
  const waiting = queue.next();
  if (waiting) queue.park(waiting, kinds('pod removed'));
}

test('the most important pod goes first, then the one that has waited longest', () => {
  const clock = new ManualClock();
  const queue = new SchedulingQueue(clock);
  for (const [name, priority] of [
    ['old', 0],
    ['new', 0],
    ['urgent', 10],
  ] as const) {
    queue.add(pod(name, priority));
    clock.advance(1);
  }
  expect([next(queue), next(queue), next(queue), next(queue)]).toEqual(['urgent', 'old', 'new', undefined]);
});

test('a pod no node could take waits for a change that may help, and not for others', () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.add(pod('big'));
  parked(queue);
  queue.changed(kinds('node labels'));
  expect(next(queue)).toBeUndefined();
  queue.changed(kinds('pod removed'));
  expect(next(queue)).toBe('big');
});

test('what has been parked for five minutes is looked at again', () => {
  const clock = new ManualClock();
  const queue = new SchedulingQueue(clock);
  queue.add(pod('big'));
  parked(queue);
  clock.advance(299_000);
  expect(next(queue)).toBeUndefined();
  clock.advance(1_000);
  expect(next(queue)).toBe('big');
});

test('a pod that could not be written waits longer each time, even when there is nothing else to do', () => {
  const clock = new ManualClock();
  const queue = new SchedulingQueue(clock);
  queue.add(pod('unlucky'));
  const delaysMs = [1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
  for (const delayMs of delaysMs) {
    const waiting = queue.next();
    expect(waiting?.info.uid).toBe('unlucky');
    if (waiting) queue.retryLater(waiting);
    clock.advance(delayMs - 100);
    expect(next(queue)).toBeUndefined();
    clock.advance(100);
  }
});

test('a pod that is gone is not placed', () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.add(pod('gone'));
  queue.remove('gone');
  expect(next(queue)).toBeUndefined();
});

test('a parked pod that asks for something else is tried at once, one that only reports is not', () => {
  const queue = new SchedulingQueue(new ManualClock());
  queue.add(pod('changing'));
  parked(queue);
  queue.update(pod('changing'), false);
  expect(next(queue)).toBeUndefined();
  queue.update(pod('changing'), true);
  expect(next(queue)).toBe('changing');
});

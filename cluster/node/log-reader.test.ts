import { ManualClock } from '@kit/base';
import { describe, expect, test } from 'vitest';
import type { Pod, PodStatus } from '../reconcile/pod.ts';
import { lineCount, lineOf } from './log-lines.ts';
import { loggedRun } from './log-reader.ts';

const startedAt = '2026-01-01T00:00:00Z';
const startMs = Date.parse(startedAt);

function pod(container: Partial<NonNullable<PodStatus['containerStatuses']>[number]>, nodeName = 'node-1'): Pod {
  const status = {
    name: 'c',
    state: {},
    lastState: {},
    ready: false,
    restartCount: 0,
    image: '',
    imageID: '',
    ...container,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
    spec: { nodeName, containers: [{ name: 'c' }] },
    status: { containerStatuses: [status] },
  };
}

const terminated = { exitCode: 2, reason: 'Error', startedAt, finishedAt: '2026-01-01T00:00:12Z' };

describe('which run a request means', () => {
  test('a running container', () => {
    expect(loggedRun(pod({ state: { running: { startedAt } } }), { container: 'c' })).toMatchObject({
      startedMs: startMs,
      endedMs: undefined,
    });
  });

  test('a container that waits to restart shows its last run', () => {
    const waiting = { reason: 'CrashLoopBackOff' };
    const run = loggedRun(pod({ state: { waiting }, lastState: { terminated }, restartCount: 1 }), { container: 'c' });
    expect(run).toMatchObject({ endedMs: startMs + 12_000, exitCode: 2 });
  });

  test('a pod without a node has no log yet', () => {
    expect(loggedRun(pod({}, ''), { container: 'c' })).toBeUndefined();
  });

  test.each([
    { why: 'starting', state: {}, text: 'container "c" in pod "web" is waiting to start: ContainerCreating' },
    {
      why: 'no image',
      state: { waiting: { reason: 'ImagePullBackOff' } },
      text: 'container "c" in pod "web" is waiting to start: trying and failing to pull image',
    },
  ])('none to read, $why', ({ state, text }) => {
    expect(() => loggedRun(pod({ state }), { container: 'c' })).toThrow(text);
  });

  test('no earlier run', () => {
    const running = pod({ state: { running: { startedAt } } });
    expect(() => loggedRun(running, { container: 'c', previous: true })).toThrow(
      'previous terminated container "c" in pod "web" not found',
    );
  });
});

describe('lines', () => {
  const running = {
    podUid: 'u1',
    podName: 'web',
    container: 'c',
    node: 'node-1',
    restartCount: 0,
    startedMs: startMs,
    endedMs: undefined,
    exitCode: undefined,
  };

  test('the first says that all is made up, and every other is marked', () => {
    expect(lineOf(running, 0).text).toMatch(/simulated.*no real process/);
    for (let i = 1; i < 50; i++) expect(lineOf(running, i).text).toMatch(/^\[simulated\] /);
  });

  test('a line is the same whenever it is read, and another in another run', () => {
    expect(lineOf(running, 7)).toEqual(lineOf(running, 7));
    expect(Array.from({ length: 9 }, (_, i) => lineOf({ ...running, restartCount: 1 }, i + 1).text)).not.toEqual(
      Array.from({ length: 9 }, (_, i) => lineOf(running, i + 1).text),
    );
  });

  test('they come with time, and end with the exit code', () => {
    const clock = new ManualClock(startMs);
    expect(lineCount(running, clock.now())).toBe(1);
    clock.advance(10_000);
    expect(lineCount(running, clock.now())).toBe(3);
    const over = { ...running, endedMs: startMs + 12_000, exitCode: 2 };
    expect(lineCount(over, startMs + 60_000)).toBe(4);
    expect(lineOf(over, 3)).toEqual({ atMs: startMs + 12_000, text: '[simulated] exited with code 2' });
  });
});

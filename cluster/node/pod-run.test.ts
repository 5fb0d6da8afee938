import { expect, test } from 'vitest';
import type { ContainerSpec, Pod, PodSpec } from '../reconcile/pod.ts';
import type { RunSetting } from './container-run.ts';
import { acceptPod, adoptEphemeral, advancePod, nextDueMs } from './pod-run.ts';
import { noProblems, type PodProblems } from './pod-problems.ts';
import { podStatus } from './pod-status.ts';
import { simulationWishes } from './simulation-wishes.ts';
import { stageDelays } from './stage-delays.ts';

const startMs = Date.UTC(2026, 0, 1);

/** A pod on a node, with a clock that jumps to whatever happens next. */
class Scene {
  nowMs = startMs;
  readonly said: string[] = [];
  problems: PodProblems = noProblems;
  readonly pod: Pod;
  readonly #images = new Set<string>();
  readonly #scale: number;
  #run;

  constructor(containers: Partial<ContainerSpec>[], spec: Partial<PodSpec> = {}, scale = 1) {
    this.#scale = scale;
    const filled = containers.map((container, i) => ({ name: `c${i}`, image: 'web:1', ...container }));
    this.pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', uid: 'u1', generation: 1 },
      spec: { restartPolicy: 'Always', containers: filled, ...spec },
    };
    this.#run = acceptPod(this.pod, '10.244.0.2', this.#setting());
  }

  #setting(): RunSetting & { hostIP: string } {
    const pod = { uid: 'u1', name: 'web', namespace: 'shop', restartPolicy: this.pod.spec.restartPolicy ?? 'Always' };
    const own = { wishes: simulationWishes(this.pod.metadata.annotations), problems: this.problems };
    return {
      nowMs: this.nowMs,
      pod,
      delays: stageDelays(this.#scale),
      images: this.#images,
      hostIP: '172.20.0.1',
      ...own,
    };
  }

  /** Goes on until nothing is due within `durationMs`. */
  advance(durationMs: number): this {
    const endMs = this.nowMs + durationMs;
    for (let dueMs: number | undefined = this.nowMs; dueMs !== undefined && dueMs <= endMs;) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      adoptEphemeral(this.#run, this.pod, this.#setting());
      this.said.push(...advancePod(this.#run, this.#setting()).map(({ reason }) => reason));
      this.pod.status = podStatus(this.pod, this.#run, this.#setting());
      dueMs = nextDueMs(this.#run, this.nowMs);
    }
    this.nowMs = endMs;
    return this;
  }

  restartAgent(): this {
    this.#run = acceptPod(this.pod, '10.244.0.2', this.#setting());
    return this;
  }

  get state() {
    return this.pod.status?.containerStatuses?.[0];
  }

  condition(type: string): string | undefined {
    return this.pod.status?.conditions?.find((one) => one.type === type)?.status;
  }
}

test('an image that must not be pulled is there already', () => {
  const scene = new Scene([{ image: 'nobody/has:this', imagePullPolicy: 'Never' }], {}, 0).advance(0);
  expect(scene.said).toEqual(['Pulled', 'Created', 'Started']);
  expect(scene.condition('Ready')).toBe('True');
});

test('without delays a pod is ready at once, and says all that a slow one says', () => {
  const scene = new Scene([{}], {}, 0).advance(0);
  expect(scene.said).toEqual(['Pulling', 'Pulled', 'Created', 'Started']);
  expect(scene.pod.status).toMatchObject({ phase: 'Running', podIP: '10.244.0.2', hostIP: '172.20.0.1' });
  expect(scene.condition('Ready')).toBe('True');
});

test('with delays it is seen on its way', () => {
  const scene = new Scene([{}]).advance(0);
  expect(scene.pod.status).toMatchObject({ phase: 'Pending' });
  expect(scene.pod.status?.podIP).toBeUndefined();
  expect(scene.state?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  scene.advance(20_000);
  expect(scene.pod.status?.phase).toBe('Running');
});

test('init containers run one after the other before the others start', () => {
  const initContainers = [
    { name: 'i0', image: 'web:1', command: ['sleep', '10'] },
    { name: 'i1', image: 'web:1', command: ['true'] },
  ];
  const scene = new Scene([{}], { initContainers }, 0).advance(5_000);
  expect(scene.pod.status?.phase).toBe('Pending');
  expect(scene.state?.state.waiting?.reason).toBe('PodInitializing');
  expect(scene.condition('Initialized')).toBe('False');
  scene.advance(10_000);
  expect(scene.pod.status?.phase).toBe('Running');
  expect(scene.condition('Initialized')).toBe('True');
});

test('a failing init container of a pod that never restarts fails the pod', () => {
  const initContainers = [{ name: 'i0', image: 'web:1', command: ['false'] }];
  const scene = new Scene([{}], { initContainers, restartPolicy: 'Never' }, 0).advance(60_000);
  expect(scene.pod.status?.phase).toBe('Failed');
});

test('a crashing container restarts soon once, then with growing pauses', () => {
  const scene = new Scene([{ command: ['false'] }], {}, 0).advance(5_000);
  expect(scene.state).toMatchObject({
    restartCount: 1,
    ready: false,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
  });
  expect(scene.state?.lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  expect(scene.said).toContain('BackOff');
  scene.advance(10_000);
  expect(scene.state?.restartCount).toBe(2);
  scene.advance(10_000);
  expect(scene.state?.restartCount).toBe(2);
  expect(scene.pod.status?.phase).toBe('Running');
});

test('an image that does not exist ends in back-off, and is tried again', () => {
  const scene = new Scene([{ image: 'web:does-not-exist' }], {}, 0).advance(1_000);
  expect(scene.state?.state.waiting?.reason).toBe('ImagePullBackOff');
  expect(scene.said).toEqual(['Pulling', 'Failed', 'Failed', 'BackOff', 'Failed']);
  expect(scene.pod.status?.phase).toBe('Pending');
  scene.advance(10_000);
  expect(scene.said.filter((reason) => reason === 'Pulling')).toHaveLength(2);
});

test.each([
  { why: 'all succeed', commands: [['true'], ['sleep', '0']], policy: 'Never', phase: 'Succeeded' },
  { why: 'one fails', commands: [['true'], ['false']], policy: 'Never', phase: 'Failed' },
  { why: 'one runs on', commands: [['true'], ['sleep', 'inf']], policy: 'Never', phase: 'Running' },
  { why: 'a failed one is tried again', commands: [['false']], policy: 'OnFailure', phase: 'Running' },
])('restartPolicy $policy, $why: $phase', ({ commands, policy, phase }) => {
  const scene = new Scene(
    commands.map((command) => ({ command })),
    { restartPolicy: policy },
    0,
  ).advance(5_000);
  expect(scene.pod.status?.phase).toBe(phase);
});

test('a restarted agent lets running containers run on and keeps their counts', () => {
  const scene = new Scene([{ command: ['sleep', '60'] }], {}, 0).advance(30_000);
  const before = structuredClone(scene.state);
  scene.restartAgent().advance(1_000);
  expect(scene.state).toEqual(before);
  scene.advance(40_000);
  expect(scene.state?.restartCount).toBe(1);
});

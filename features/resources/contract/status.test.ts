import { describe, expect, it } from 'vitest';
import { podReason } from './pod-status.ts';
import type { Fields } from './state.ts';
import { hasStatus, matchesStatus, statusOf } from './status.ts';

interface Row {
  readonly kind: string;
  readonly object: Fields;
  readonly state: string;
  readonly word: string;
  readonly why: string;
}

const deployment = (wanted: number, ready: number, conditions: readonly Fields[] = []): Fields => ({
  metadata: { generation: 2 },
  spec: { replicas: wanted },
  status: { observedGeneration: 2, readyReplicas: ready, conditions },
});
const progressing = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' };
const complete = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
const tooLate = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' };

const workloads: readonly Row[] = [
  { kind: 'deployments', object: deployment(3, 3, [complete]), state: 'running', word: 'running', why: 'all ready' },
  { kind: 'deployments', object: deployment(0, 0), state: 'stopped', word: 'stopped', why: 'none wanted' },
  { kind: 'deployments', object: deployment(0, 2), state: 'starting', word: 'updating', why: 'scaling down' },
  { kind: 'deployments', object: deployment(3, 1, [progressing]), state: 'starting', word: 'updating', why: 'rolling' },
  { kind: 'deployments', object: deployment(3, 2, [complete]), state: 'degraded', word: 'updating', why: 'lost one' },
  { kind: 'deployments', object: deployment(3, 0, [complete]), state: 'failing', word: 'updating', why: 'lost all' },
  {
    kind: 'deployments',
    object: deployment(3, 0, [tooLate]),
    state: 'failing',
    word: 'updating',
    why: 'past deadline',
  },
  {
    kind: 'deployments',
    object: deployment(3, 2, [tooLate]),
    state: 'degraded',
    word: 'updating',
    why: 'old pods serve',
  },
  {
    kind: 'deployments',
    object: deployment(3, 0, [refused]),
    state: 'failing',
    word: 'updating',
    why: 'quota or admission',
  },
  {
    kind: 'deployments',
    object: {
      metadata: { generation: 3 },
      spec: { replicas: 2 },
      status: { observedGeneration: 2, readyReplicas: 1, conditions: [complete] },
    },
    state: 'starting',
    word: 'updating',
    why: 'the controller has not seen the last change: its conditions are about the past',
  },
  {
    kind: 'statefulsets',
    object: { spec: { replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } },
    state: 'starting',
    word: 'updating',
    why: 'pods are made one after the other',
  },
  {
    kind: 'statefulsets',
    object: {
      spec: { replicas: 3 },
      status: { replicas: 3, readyReplicas: 2, currentRevision: 'a', updateRevision: 'a' },
    },
    state: 'degraded',
    word: 'updating',
    why: 'all there, one not ready',
  },
  {
    kind: 'daemonsets',
    object: { status: { desiredNumberScheduled: 0, numberReady: 0 } },
    state: 'stopped',
    word: 'stopped',
    why: 'no node fits',
  },
  {
    kind: 'daemonsets',
    object: { status: { desiredNumberScheduled: 3, numberReady: 2, updatedNumberScheduled: 3 } },
    state: 'degraded',
    word: 'updating',
    why: 'one node without',
  },
  {
    kind: 'jobs',
    object: { status: { conditions: [{ type: 'Complete', status: 'True' }] } },
    state: 'completed',
    word: 'completed',
    why: 'done',
  },
  {
    kind: 'jobs',
    object: { status: { conditions: [{ type: 'Failed', status: 'True' }] } },
    state: 'failing',
    word: 'failed',
    why: 'gave up',
  },
  { kind: 'jobs', object: { status: { active: 1 } }, state: 'running', word: 'running', why: 'at work' },
  { kind: 'jobs', object: { spec: { suspend: true } }, state: 'suspended', word: 'running', why: 'held' },
];

const readyCondition = { type: 'Ready', status: 'True' };
const pod = (phase: string, containerStatuses: readonly Fields[] = [], conditions: readonly Fields[] = []): Fields => ({
  metadata: {},
  status: { phase, containerStatuses, conditions },
});
const waiting = (reason: string): Fields => ({ name: 'c', state: { waiting: { reason } } });
const ended = (exitCode: number, reason = ''): Fields => ({ name: 'c', state: { terminated: { exitCode, reason } } });
const up: Fields = { name: 'c', ready: true, state: { running: {} } };

const pods: readonly (Omit<Row, 'kind'> & { readonly reason: string })[] = [
  {
    object: pod('Running', [up], [readyCondition]),
    state: 'running',
    word: 'Running',
    reason: 'Running',
    why: 'ready',
  },
  { object: pod('Pending'), state: 'starting', word: 'Waiting', reason: 'Pending', why: 'not yet on a node' },
  {
    object: pod('Pending', [waiting('ContainerCreating')]),
    state: 'starting',
    word: 'Waiting',
    reason: 'ContainerCreating',
    why: 'on its way',
  },
  {
    object: pod('Pending', [waiting('ImagePullBackOff')]),
    state: 'failing',
    word: 'Waiting',
    reason: 'ImagePullBackOff',
    why: 'cannot get its image',
  },
  {
    object: pod('Running', [waiting('CrashLoopBackOff')]),
    state: 'failing',
    word: 'Error',
    reason: 'CrashLoopBackOff',
    why: 'exits again and again',
  },
  {
    object: pod('Pending', [], [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]),
    state: 'failing',
    word: 'Waiting',
    reason: 'Pending',
    why: 'no node takes it',
  },
  {
    object: pod('Succeeded', [ended(0, 'Completed')]),
    state: 'completed',
    word: 'Completed',
    reason: 'Completed',
    why: 'done',
  },
  { object: pod('Failed', [ended(1, 'Error')]), state: 'failing', word: 'Error', reason: 'Error', why: 'failed' },
  {
    object: pod('Failed', [ended(3)]),
    state: 'failing',
    word: 'Error',
    reason: 'ExitCode:3',
    why: 'no reason but a code',
  },
  {
    object: { ...pod('Running', [up], [readyCondition]), metadata: { deletionTimestamp: 'x' } },
    state: 'terminating',
    word: 'Waiting',
    reason: 'Terminating',
    why: 'being deleted',
  },
  {
    object: { status: { phase: 'Pending', initContainerStatuses: [waiting('PodInitializing'), waiting('')] } },
    state: 'starting',
    word: 'Waiting',
    reason: 'Init:0/2',
    why: 'init containers come first',
  },
  {
    object: { status: { phase: 'Pending', initContainerStatuses: [ended(7)] } },
    state: 'starting',
    word: 'Waiting',
    reason: 'Init:ExitCode:7',
    why: 'an init container failed and will be tried again',
  },
  { object: pod('Unknown'), state: 'unknown', word: 'Waiting', reason: 'Unknown', why: 'its node is gone' },
];

describe('statusOf', () => {
  it.each(workloads)('$kind $state: $why', ({ kind, object, state, word }) => {
    expect(statusOf(kind, object)).toEqual({ state, word });
  });

  it.each(pods)('pods $state: $why', ({ object, state, word, reason }) => {
    expect(statusOf('pods', object)).toEqual({ state, word });
    expect(podReason(object)).toBe(reason);
  });

  it('has no word for what is merely there', () => {
    expect(hasStatus('configmaps')).toBe(false);
    expect(statusOf('configmaps', {})).toBeUndefined();
  });

  it.each([
    ['running', true],
    ['Running', true],
    ['failing', false],
  ])('a filter by %s fits a running pod: %s', (wanted, fits) => {
    expect(matchesStatus({ state: 'running', word: 'Running' }, wanted)).toBe(fits);
  });
});

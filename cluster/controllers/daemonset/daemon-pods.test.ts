import { describe, expect, test } from 'vitest';
import type { Pod } from '../../reconcile/pod.ts';
import { daemonHashLabel, type DaemonMoment, daemonMoves, daemonStatus } from './daemon-pods.ts';

interface Facts {
  hash?: string;
  ready?: boolean;
  phase?: string;
  going?: boolean;
}

const since = '2026-01-01T00:00:00Z';

function pod(name: string, node: string, { hash = 'new', ready = true, phase = 'Running', going }: Facts = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { [daemonHashLabel]: hash }, ...(going && { deletionTimestamp: since }) },
    spec: { nodeName: node, containers: [] },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }] },
  };
}

function moment(pods: readonly Pod[], updateStrategy: object = {}, nodeNames = ['n1', 'n2', 'n3']): DaemonMoment {
  const template = { spec: { containers: [{ name: 'c' }] } };
  return {
    set: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template, updateStrategy },
    },
    nodes: nodeNames.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} })),
    pods,
    hash: 'new',
    nowMs: Date.parse('2026-01-01T01:00:00Z'),
  };
}

const old = { hash: 'old' };
const all = [pod('a', 'n1', old), pod('b', 'n2', old), pod('c', 'n3', old)];
const surge = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

describe('what a daemon set does next', () => {
  test.each([
    { why: 'a pod on each node', pods: [pod('a', 'n1')], strategy: {}, create: ['n2', 'n3'], remove: [] },
    {
      why: 'none where it is not wanted',
      pods: [pod('a', 'gone')],
      strategy: {},
      create: ['n1', 'n2', 'n3'],
      remove: ['a'],
    },
    {
      why: 'a finished one makes room',
      pods: [pod('a', 'n1', { phase: 'Failed' }), pod('b', 'n2'), pod('c', 'n3')],
      strategy: {},
      create: [],
      remove: ['a'],
    },
    { why: 'an update takes one away at a time', pods: all, strategy: {}, create: [], remove: ['a'] },
    {
      why: 'and waits for its successor',
      pods: [pod('a', 'n1', { ready: false }), ...all.slice(1)],
      strategy: {},
      create: [],
      remove: [],
    },
    {
      why: 'what does not work goes at once',
      pods: [pod('a', 'n1', { ...old, ready: false }), pod('b', 'n2', { ...old, ready: false }), pod('c', 'n3', old)],
      strategy: {},
      create: [],
      remove: ['a', 'b'],
    },
    { why: 'OnDelete leaves old pods', pods: all, strategy: { type: 'OnDelete' }, create: [], remove: [] },
    { why: 'with a surge the new pod comes first', pods: all, strategy: surge, create: ['n1'], remove: [] },
    {
      why: 'only so many at once',
      pods: [...all, pod('a2', 'n1', { ready: false })],
      strategy: surge,
      create: [],
      remove: [],
    },
    { why: 'and then the old one goes', pods: [...all, pod('a2', 'n1')], strategy: surge, create: [], remove: ['a'] },
  ])('$why', ({ pods, strategy, create, remove }) => {
    const moves = daemonMoves(moment(pods, strategy));
    expect({ create: moves.create, remove: moves.delete.map(({ metadata }) => metadata.name) }).toEqual({
      create,
      remove,
    });
  });
});

test('two pods on a node count once', () => {
  expect(daemonStatus(moment([...all, pod('a2', 'n1')], surge))).toMatchObject({
    currentNumberScheduled: 3,
    numberReady: 3,
    numberAvailable: 3,
    updatedNumberScheduled: 1,
  });
});

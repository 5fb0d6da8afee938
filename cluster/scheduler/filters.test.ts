import { describe, expect, test } from 'vitest';
import type { Pod, PodSpec } from '../reconcile/pod.ts';
import { reject, rejectionMessage, tolerates } from './filters.ts';
import { NodeUsage, type SchedulableNode } from './node-usage.ts';
import { podRequest } from './pod-request.ts';
import { chooseNode } from './scoring.ts';

const container = (requests: Record<string, string>, more: object = {}) => ({
  name: 'c',
  resources: { requests },
  ...more,
});

function pod(spec: Partial<PodSpec> = {}, uid = 'p', owner?: string): Pod {
  const ownerReferences = owner
    ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }]
    : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: uid, namespace: 'shop', uid, ownerReferences },
    spec: { containers: [container({})], ...spec },
  };
}

function node(
  spec: SchedulableNode['spec'] = {},
  name = 'node-1',
  labels: Record<string, string> = { zone: 'a' },
): SchedulableNode {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec,
    status: { allocatable: { cpu: '2', memory: '4Gi', pods: '3' } },
  };
}

const affinity = (key: string, operator: string, values?: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }],
      },
    },
  },
});
const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

describe('reject', () => {
  test.each([
    { why: 'an empty node takes a small pod', pod: pod(), node: node(), reason: undefined },
    { why: 'cordoned', pod: pod(), node: node({ unschedulable: true }), reason: 'node(s) were unschedulable' },
    {
      why: 'cordoned, but the pod tolerates it as daemons do',
      pod: pod({ tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] }),
      node: node({ unschedulable: true }),
      reason: undefined,
    },
    { why: 'tainted', pod: pod(), node: node({ taints: [taint] }), reason: 'node(s) had untolerated taint(s)' },
    {
      why: 'a preference is no taint to fail on',
      pod: pod(),
      node: node({ taints: [{ ...taint, effect: 'PreferNoSchedule' }] }),
      reason: undefined,
    },
    {
      why: 'label missing',
      pod: pod({ nodeSelector: { zone: 'b' } }),
      node: node(),
      reason: "node(s) didn't match Pod's node affinity/selector",
    },
    { why: 'affinity met', pod: pod(affinity('zone', 'In', ['a', 'b'])), node: node(), reason: undefined },
    {
      why: 'affinity not met',
      pod: pod(affinity('zone', 'NotIn', ['a'])),
      node: node(),
      reason: "node(s) didn't match Pod's node affinity/selector",
    },
    {
      why: 'greater-than compares numbers',
      pod: pod(affinity('cores', 'Gt', ['9'])),
      node: node({}, 'n', { cores: '10' }),
      reason: undefined,
    },
    {
      why: 'more than the node has',
      pod: pod({ containers: [container({ cpu: '2500m' })] }),
      node: node(),
      reason: 'Insufficient cpu',
    },
    {
      why: 'a resource the node does not know',
      pod: pod({ containers: [container({ 'example.com/gpu': '1' })] }),
      node: node(),
      reason: 'Insufficient example.com/gpu',
    },
  ])('$why', ({ pod, node, reason }) => {
    expect(reject(pod, { node, usage: new NodeUsage().of(node.metadata.name) })?.reasons[0]).toBe(reason);
  });

  test('what is placed counts, what is removed does not', () => {
    const usage = new NodeUsage();
    const half = (uid: string) =>
      pod(
        { containers: [container({ cpu: '1' }, { ports: [{ containerPort: 80, hostPort: uid === 'a' ? 80 : 0 }] })] },
        uid,
      );
    usage.place(half('a'), 'node-1');
    usage.place(half('a'), 'node-1');
    expect(reject(half('b'), { node: node(), usage: usage.of('node-1') })).toBeUndefined();
    usage.place(half('b'), 'node-1');
    expect(reject(half('c'), { node: node(), usage: usage.of('node-1') })?.reasons).toEqual(['Insufficient cpu']);
    const wantsPort = pod({ containers: [container({}, { ports: [{ containerPort: 1, hostPort: 80 }] })] }, 'd');
    expect(reject(wantsPort, { node: node(), usage: usage.of('node-1') })?.reasons[0]).toMatch(/free ports/);
    usage.remove('a');
    expect(reject(wantsPort, { node: node(), usage: usage.of('node-1') })).toBeUndefined();
  });

  test('no more pods than the node allows', () => {
    const usage = new NodeUsage();
    for (const uid of ['a', 'b', 'c']) usage.place(pod({}, uid), 'node-1');
    expect(reject(pod({}, 'd'), { node: node(), usage: usage.of('node-1') })?.reasons).toEqual(['Too many pods']);
  });
});

test.each([
  { why: 'any taint', toleration: { operator: 'Exists' }, is: true },
  { why: 'same key and value', toleration: { key: 'gpu', value: 'yes' }, is: true },
  { why: 'another value', toleration: { key: 'gpu', value: 'no' }, is: false },
  { why: 'another effect', toleration: { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, is: false },
])('tolerates: $why', ({ toleration, is }) => {
  expect(tolerates([toleration], taint)).toBe(is);
});

test('the message counts reasons as kubectl users know them', () => {
  const cpu = { reasons: ['Insufficient cpu'], final: false };
  const selector = { reasons: ["node(s) didn't match Pod's node affinity/selector"], final: true };
  expect(rejectionMessage([cpu, selector, cpu])).toBe(
    "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 2 Insufficient cpu. no new claims to deallocate, " +
      'preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  );
  expect(rejectionMessage([])).toBe('no nodes available to schedule pods');
});

test('a pod asks for the sum of its containers, or for its hungriest init step with the sidecars that stay', () => {
  const request = podRequest(
    pod({
      initContainers: [container({ cpu: '100m' }, { restartPolicy: 'Always' }), container({ cpu: '3', memory: '1Gi' })],
      containers: [container({ cpu: '1' }), container({ cpu: '500m', memory: '2Gi' })],
    }),
  );
  expect(request).toEqual({ cpu: 3.1, memory: 2 * 2 ** 30 });
});

describe('chooseNode', () => {
  const candidates = (usage: NodeUsage) =>
    ['node-1', 'node-2'].map((name) => ({ node: node({}, name), usage: usage.of(name) }));

  test('siblings go to different nodes even when one has less room', () => {
    const usage = new NodeUsage();
    usage.place(pod({}, 'a', 'set'), 'node-1');
    usage.place(pod({ containers: [container({ cpu: '1' })] }, 'x'), 'node-2');
    expect(chooseNode(pod({}, 'b', 'set'), candidates(usage))?.node.metadata.name).toBe('node-2');
  });

  test('strangers go where there is more room', () => {
    const usage = new NodeUsage();
    usage.place(pod({ containers: [container({ cpu: '1' })] }, 'x'), 'node-1');
    expect(chooseNode(pod({}, 'b'), candidates(usage))?.node.metadata.name).toBe('node-2');
  });
});

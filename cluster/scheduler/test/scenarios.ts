import { node, pod, type PodOptions, type Scenario } from './scenario.ts';
import { neighbourScenarios } from './scenarios-of-neighbours.ts';
import { roomScenarios, storageScenarios } from './scenarios-of-room-and-storage.ts';

const three = [node('a', { zone: 'x' }), node('b', { zone: 'x' }), node('c', { zone: 'y' })];
const zone = 'topology.kubernetes.io/zone';
const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

const needs = (...nodeSelectorTerms: object[]): PodOptions => ({
  spec: { affinity: { nodeAffinity: { [required]: { nodeSelectorTerms } } } },
});
const label = (key: string, operator: string, ...values: string[]): object => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});
const named = (...values: string[]): object => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values }] });
const hostPort = (port: number, more: object = {}): object => ({
  ports: [{ containerPort: 80, hostPort: port, ...more }],
});

const resources: Scenario[] = [
  { why: 'no nodes at all', nodes: [], pods: [pod('p')] },
  { why: 'more CPU than any node has', nodes: three, pods: [pod('p', { cpu: '5' })] },
  { why: 'CPU and memory both short', nodes: three, pods: [pod('p', { cpu: '5', memory: '9Gi' })] },
  {
    why: 'the least used node',
    nodes: three,
    there: [pod('x', { on: 'a', cpu: '1' }), pod('y', { on: 'c', cpu: '1' })],
    pods: [pod('p', { cpu: '1' })],
  },
  {
    why: 'only one node has room',
    nodes: three,
    there: [pod('x', { on: 'a', cpu: '3' }), pod('y', { on: 'c', cpu: '3' })],
    pods: [pod('p', { cpu: '2' })],
  },
  {
    why: 'short by what others use',
    nodes: three,
    there: [pod('x', { on: 'a', cpu: '3' }), pod('y', { on: 'b', cpu: '3' }), pod('z', { on: 'c', memory: '7Gi' })],
    pods: [pod('p', { cpu: '2', memory: '2Gi' })],
  },
  {
    why: 'too many pods',
    nodes: [node('a', { has: { pods: '1' } })],
    there: [pod('x', { on: 'a' })],
    pods: [pod('p')],
  },
  {
    why: 'an extended resource that one node has',
    nodes: [node('a'), node('b', { has: { 'example.com/gpu': '2' } })],
    pods: [pod('p', { container: { resources: { limits: { 'example.com/gpu': '1' } } } })],
  },
  {
    why: 'an extended resource that no node has',
    nodes: three,
    pods: [pod('p', { container: { resources: { limits: { 'example.com/gpu': '1' } } } })],
  },
  {
    why: 'ephemeral storage',
    nodes: [node('a', { has: { 'ephemeral-storage': '1Gi' } })],
    pods: [pod('p', { container: { resources: { requests: { 'ephemeral-storage': '2Gi' } } } })],
  },
  {
    why: 'the hungriest init container counts',
    nodes: three,
    pods: [
      pod('p', {
        cpu: '1',
        spec: { initContainers: [{ name: 'i', image: 'i:1', resources: { requests: { cpu: '5' } } }] },
      }),
    ],
  },
  {
    why: 'sidecars count with the containers',
    nodes: three,
    pods: [
      pod('p', {
        cpu: '3',
        spec: {
          initContainers: [{ name: 'i', image: 'i:1', restartPolicy: 'Always', resources: { requests: { cpu: '2' } } }],
        },
      }),
    ],
  },
  {
    why: 'the size of the pod as a whole counts',
    nodes: three,
    pods: [pod('p', { cpu: '1', spec: { resources: { requests: { cpu: '5' } } } })],
  },
  {
    why: 'a balanced node is better',
    nodes: [node('a'), node('b')],
    there: [pod('x', { on: 'a', cpu: '2', memory: '1Gi' }), pod('y', { on: 'b', cpu: '1', memory: '3Gi' })],
    pods: [pod('p', { cpu: '1', memory: '500Mi' })],
  },
];

const nodes: Scenario[] = [
  {
    why: 'all cordoned',
    nodes: [node('a', { unschedulable: true }), node('b', { unschedulable: true })],
    pods: [pod('p')],
  },
  {
    why: 'cordoned, but tolerated',
    nodes: [node('a', { unschedulable: true })],
    pods: [pod('p', { spec: { tolerations: [{ operator: 'Exists' }] } })],
  },
  { why: 'tainted', nodes: [node('a', { taints: [gpu] }), node('b', { unschedulable: true })], pods: [pod('p')] },
  {
    why: 'one taint tolerated, another not',
    nodes: [node('a', { taints: [gpu, { key: 'x', effect: 'NoExecute' }] })],
    pods: [pod('p', { spec: { tolerations: [{ key: 'gpu', operator: 'Exists' }] } })],
  },
  {
    why: 'a taint only advises against the node',
    nodes: [node('a', { taints: [{ ...gpu, effect: 'PreferNoSchedule' }] }), node('b')],
    there: [pod('x', { on: 'b', cpu: '1' })],
    pods: [pod('p')],
  },
  { why: 'no node has the label', nodes: three, pods: [pod('p', { spec: { nodeSelector: { disk: 'ssd' } } })] },
  {
    why: 'label, taint and room all in the way',
    nodes: [node('a', { taints: [gpu] }), node('b', { labels: { disk: 'ssd' } }), node('c')],
    there: [pod('x', { on: 'b', cpu: '4' })],
    pods: [pod('p', { cpu: '1', spec: { nodeSelector: { disk: 'ssd' } } })],
  },
  {
    why: 'affinity: terms are alternatives',
    nodes: three,
    pods: [pod('p', needs(label('none', 'Exists'), label(zone, 'In', 'y')))],
  },
  {
    why: 'affinity: compares whole numbers',
    nodes: [node('a', { labels: { cores: '9' } }), node('b', { labels: { cores: '10' } })],
    pods: [pod('p', needs(label('cores', 'Gt', '9')))],
  },
  { why: 'affinity: a node by its name', nodes: three, pods: [pod('p', needs(named('b')))] },
  { why: 'affinity: a node that is not there', nodes: three, pods: [pod('p', needs(named('nowhere')))] },
  {
    why: 'affinity: the named node has no room',
    nodes: three,
    there: [pod('x', { on: 'b', cpu: '4' })],
    pods: [pod('p', { cpu: '1', ...needs(named('b')) })],
  },
  {
    why: 'affinity: a preference',
    nodes: three,
    pods: [
      pod('p', {
        spec: { affinity: { nodeAffinity: { [preferred]: [{ weight: 10, preference: label(zone, 'In', 'y') }] } } },
      }),
    ],
  },
  {
    why: 'a host port taken',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', container: hostPort(80) })],
    pods: [pod('p', { container: hostPort(80) })],
  },
  {
    why: 'a host port taken on another address',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', container: hostPort(80, { hostIP: '10.0.0.1' }) })],
    pods: [pod('p', { container: hostPort(80, { hostIP: '10.0.0.2' }) })],
  },
  {
    why: 'a host port of another protocol',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', container: hostPort(80) })],
    pods: [pod('p', { container: hostPort(80, { protocol: 'UDP' }) })],
  },
  {
    why: 'the image is there already',
    nodes: [node('a'), node('b', { images: [{ names: ['web:1'], sizeBytes: 900_000_000 }] }), node('c')],
    pods: [pod('p')],
  },
  { why: 'gated', nodes: three, pods: [pod('p', { spec: { schedulingGates: [{ name: 'example.com/wait' }] } })] },
  { why: "another scheduler's pod", nodes: three, pods: [pod('p', { spec: { schedulerName: 'other' } })] },
];

/** Decisions and refusals of every rule, to be compared with those of a real scheduler. */
export const scenarios: readonly Scenario[] = [
  ...resources,
  ...nodes,
  ...neighbourScenarios,
  ...roomScenarios,
  ...storageScenarios,
];

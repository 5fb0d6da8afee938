import { claim, node, pod, type Scenario, storageClass, volume } from './scenario.ts';
import type { ClusterObject } from '../../client.ts';

const three = [node('a', { zone: 'x' }), node('b', { zone: 'x' }), node('c', { zone: 'y' })];
const zone = 'topology.kubernetes.io/zone';
const web = { app: 'web' };
const ofWeb = { matchLabels: web };
const rivals = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: ofWeb }],
    },
  },
};
const spread = {
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule', labelSelector: ofWeb },
  ],
};
const uses = (...claims: string[]): object => ({
  volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
});
const budget = (minAvailable: number): ClusterObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { minAvailable, selector: ofWeb },
});

/** Making room for more important pods. */
export const roomScenarios: readonly Scenario[] = [
  {
    why: 'room: the less important pod goes',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', cpu: '3', priority: 'low' })],
    pods: [pod('p', { cpu: '2', priority: 'high' })],
  },
  {
    why: 'room: not for equals',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', cpu: '3', priority: 'high' })],
    pods: [pod('p', { cpu: '2', priority: 'high' })],
  },
  {
    why: 'room: not by a polite pod',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', cpu: '3', priority: 'low' })],
    pods: [pod('p', { cpu: '2', priority: 'polite' })],
  },
  {
    why: 'room: no more go than must',
    nodes: [node('a')],
    there: [
      pod('x', { on: 'a', cpu: '1', priority: 'low' }),
      pod('y', { on: 'a', cpu: '1', priority: 'middle' }),
      pod('z', { on: 'a', cpu: '2', priority: 'low' }),
    ],
    pods: [pod('p', { cpu: '2', priority: 'high' })],
  },
  {
    why: 'room: the node with the least important pods',
    nodes: [node('a'), node('b')],
    there: [pod('x', { on: 'a', cpu: '4', priority: 'middle' }), pod('y', { on: 'b', cpu: '4', priority: 'low' })],
    pods: [pod('p', { cpu: '2', priority: 'high' })],
  },
  {
    why: 'room: the node with fewer pods to go',
    nodes: [node('a'), node('b')],
    there: [
      pod('x', { on: 'a', cpu: '2', priority: 'low' }),
      pod('y', { on: 'a', cpu: '2', priority: 'low' }),
      pod('z', { on: 'b', cpu: '4', priority: 'low' }),
    ],
    pods: [pod('p', { cpu: '4', priority: 'high' })],
  },
  {
    why: 'room: budgets are kept when they can be',
    nodes: [node('a'), node('b')],
    there: [
      budget(1),
      pod('x', { on: 'a', cpu: '4', priority: 'low', labels: web }),
      pod('y', { on: 'b', cpu: '4', priority: 'low' }),
    ],
    pods: [pod('p', { cpu: '2', priority: 'high' })],
  },
  {
    why: 'room: even without any pod there would be none',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', cpu: '1', priority: 'low' })],
    pods: [pod('p', { cpu: '5', priority: 'high' })],
  },
  {
    why: 'room: a rival goes',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', labels: web, priority: 'low' })],
    pods: [pod('p', { priority: 'high', spec: rivals })],
  },
  {
    why: 'room: a spread that eviction cannot mend',
    nodes: [node('a', { zone: 'x' }), node('b', { zone: 'y', unschedulable: true })],
    there: [pod('x', { on: 'a', labels: web, priority: 'high' })],
    pods: [pod('p', { labels: web, priority: 'high', spec: spread })],
  },
  {
    why: 'room: the more important one comes first',
    nodes: [node('a')],
    there: [pod('x', { on: 'a', cpu: '3' })],
    pods: [pod('p', { cpu: '2', priority: 'low' }), pod('q', { cpu: '2', priority: 'high' })],
  },
];

const delayed = storageClass('scenario-local', 'kubernetes.io/no-provisioner');
/** Pods with claims. */
export const storageScenarios: readonly Scenario[] = [
  { why: 'claim: not there', nodes: three, pods: [pod('p', { spec: uses('data') })] },
  {
    why: 'claim: unbound, and nothing waits for the pod',
    nodes: three,
    there: [
      storageClass('scenario-now', 'example.com/none', { volumeBindingMode: 'Immediate' }),
      claim('data', 'scenario-now'),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: its volume is on one node',
    nodes: three,
    there: [delayed, volume('scenario-b', 'scenario-local', { at: 'b' }), claim('data', 'scenario-local')],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: no volume anywhere',
    nodes: three,
    there: [delayed, claim('data', 'scenario-local')],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: the volume is too small',
    nodes: three,
    there: [
      delayed,
      volume('scenario-b', 'scenario-local', { at: 'b', spec: { capacity: { storage: '500Mi' } } }),
      claim('data', 'scenario-local'),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: the smallest volume that is large enough',
    nodes: [node('a')],
    there: [
      delayed,
      volume('scenario-big', 'scenario-local', { at: 'a', spec: { capacity: { storage: '5Gi' } } }),
      volume('scenario-small', 'scenario-local', { at: 'a', spec: { capacity: { storage: '2Gi' } } }),
      claim('data', 'scenario-local'),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: two claims, their volumes on two nodes',
    nodes: three,
    there: [
      delayed,
      volume('scenario-a', 'scenario-local', { at: 'a' }),
      volume('scenario-b', 'scenario-local', { at: 'b' }),
      claim('data', 'scenario-local'),
      claim('logs', 'scenario-local'),
    ],
    pods: [pod('p', { spec: uses('data', 'logs') })],
  },
  {
    why: 'claim: bound to a volume of a node that is full',
    nodes: three,
    there: [
      delayed,
      volume('scenario-b', 'scenario-local', { at: 'b' }),
      claim('data', 'scenario-local', { spec: { volumeName: 'scenario-b' } }),
      pod('x', { on: 'b', cpu: '4' }),
    ],
    pods: [pod('p', { cpu: '1', spec: uses('data') })],
  },
  {
    why: 'claim: only in zones the class allows',
    nodes: three,
    there: [
      storageClass('scenario-zone', 'example.com/none', {
        allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: ['nowhere'] }] }],
      }),
      claim('data', 'scenario-zone'),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: the volume is in another zone than the node',
    nodes: [node('a', { zone: 'x' }), node('b', { zone: 'x' })],
    there: [
      storageClass('scenario-now', 'kubernetes.io/no-provisioner', { volumeBindingMode: 'Immediate' }),
      { ...volume('scenario-y', 'scenario-now'), metadata: { name: 'scenario-y', labels: { [zone]: 'y' } } },
      claim('data', 'scenario-now', { spec: { volumeName: 'scenario-y' } }),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: for one pod only, and another has it',
    nodes: three,
    there: [
      storageClass('scenario-now', 'kubernetes.io/no-provisioner', { volumeBindingMode: 'Immediate' }),
      volume('scenario-one', 'scenario-now', { spec: { accessModes: ['ReadWriteOncePod'] } }),
      claim('data', 'scenario-now', { spec: { accessModes: ['ReadWriteOncePod'] } }),
      pod('x', { on: 'a', spec: uses('data') }),
    ],
    pods: [pod('p', { spec: uses('data') })],
  },
  {
    why: 'claim: made for the pod by nobody yet',
    nodes: three,
    pods: [
      pod('p', {
        spec: {
          volumes: [
            {
              name: 'data',
              ephemeral: {
                volumeClaimTemplate: {
                  spec: {
                    accessModes: ['ReadWriteOnce'],
                    storageClassName: 'none',
                    resources: { requests: { storage: '1Gi' } },
                  },
                },
              },
            },
          ],
        },
      }),
    ],
  },
];

/** Decisions and refusals of every rule, to be compared with those of a real scheduler. */

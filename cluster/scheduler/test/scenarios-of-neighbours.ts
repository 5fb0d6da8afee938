import { node, pod, type Scenario } from './scenario.ts';

const three = [node('a', { zone: 'x' }), node('b', { zone: 'x' }), node('c', { zone: 'y' })];
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
const web = { app: 'web' };
const ofWeb = { matchLabels: web };
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const near = (topologyKey: string, more: object = {}): object => ({
  affinity: { podAffinity: { [required]: [{ topologyKey, labelSelector: ofWeb, ...more }] } },
});
const away = (topologyKey: string, more: object = {}): object => ({
  affinity: { podAntiAffinity: { [required]: [{ topologyKey, labelSelector: ofWeb, ...more }] } },
});
const spread = (more: object = {}): object => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule', labelSelector: ofWeb, ...more },
  ],
});

/** Pods that care for other pods. */
export const neighbourScenarios: readonly Scenario[] = [
  {
    why: 'near: the zone of the others',
    nodes: three,
    there: [pod('w', { on: 'c', labels: web })],
    pods: [pod('p', { spec: near(zone) })],
  },
  { why: 'near: nobody is there', nodes: three, pods: [pod('p', { spec: near(zone) })] },
  {
    why: 'near: the first of a group that keeps together',
    nodes: [node('a', { zone: 'x' })],
    pods: [pod('p', { labels: web, spec: near(zone) })],
  },
  {
    why: 'near: only in its own namespace',
    nodes: three,
    there: [pod('w', { on: 'c', labels: web })],
    pods: [pod('p', { spec: near(zone, { namespaces: ['default'] }) })],
  },
  {
    why: 'near: in any namespace',
    nodes: three,
    there: [pod('w', { on: 'c', labels: web })],
    pods: [pod('p', { spec: near(zone, { namespaceSelector: {} }) })],
  },
  {
    why: 'near: of the same version',
    nodes: three,
    there: [pod('v1', { on: 'a', labels: { ...web, v: '1' } }), pod('v2', { on: 'c', labels: { ...web, v: '2' } })],
    pods: [pod('p', { labels: { v: '2' }, spec: near(zone, { matchLabelKeys: ['v'] }) })],
  },
  {
    why: 'near: nodes without the label are no place',
    nodes: [node('a'), node('b')],
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { spec: near('rack') })],
  },
  {
    why: 'away: the only zone left',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { spec: away(zone) })],
  },
  {
    why: 'away: no node left',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web }), pod('v', { on: 'c', labels: web })],
    pods: [pod('p', { spec: away(zone) })],
  },
  {
    why: 'away: the others want it too',
    nodes: [node('a'), node('b')],
    there: [pod('w', { on: 'a', spec: away(hostname) }), pod('v', { on: 'b', spec: away(hostname) })],
    pods: [pod('p', { labels: web })],
  },
  {
    why: 'away: one a node, one too many',
    nodes: three,
    pods: ['1', '2', '3', '4'].map((name) => pod(`p${name}`, { labels: web, spec: away(hostname) })),
    anyNode: true,
  },
  {
    why: 'would like to be near',
    nodes: three,
    there: [pod('w', { on: 'c', labels: web })],
    pods: [
      pod('p', {
        spec: {
          affinity: {
            podAffinity: {
              [preferred]: [{ weight: 50, podAffinityTerm: { topologyKey: zone, labelSelector: ofWeb } }],
            },
          },
        },
      }),
    ],
  },
  {
    why: 'would like to be away',
    nodes: [node('a'), node('b')],
    there: [pod('w', { on: 'a', labels: web }), pod('x', { on: 'b', cpu: '2' })],
    pods: [
      pod('p', {
        spec: {
          affinity: {
            podAntiAffinity: {
              [preferred]: [{ weight: 100, podAffinityTerm: { topologyKey: hostname, labelSelector: ofWeb } }],
            },
          },
        },
      }),
    ],
  },
  {
    why: 'spread: the emptier zone',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: spread() })],
  },
  {
    why: 'spread: the emptier zone has no room',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web }), pod('x', { on: 'c', cpu: '4' })],
    pods: [pod('p', { cpu: '1', labels: web, spec: spread() })],
  },
  {
    why: 'spread: nodes without the label are out',
    nodes: [node('a'), node('b')],
    pods: [pod('p', { labels: web, spec: spread() })],
  },
  {
    why: 'spread: fewer domains than asked for',
    nodes: [node('a', { zone: 'x' })],
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: spread({ minDomains: 2 }) })],
  },
  {
    why: 'spread: nodes it may not use do not count',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: { ...spread(), nodeSelector: { [zone]: 'x' } } })],
    anyNode: true,
  },
  {
    why: 'spread: nodes it may not use count when told so',
    nodes: three,
    there: [pod('w', { on: 'a', labels: web })],
    pods: [
      pod('p', { labels: web, spec: { ...spread({ nodeAffinityPolicy: 'Ignore' }), nodeSelector: { [zone]: 'x' } } }),
    ],
  },
  {
    why: 'spread: tainted nodes count unless told otherwise',
    nodes: [node('a', { zone: 'x' }), node('b', { zone: 'y', taints: [gpu] })],
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: spread() })],
  },
  {
    why: 'spread: tainted nodes do not count when told so',
    nodes: [node('a', { zone: 'x' }), node('b', { zone: 'y', taints: [gpu] })],
    there: [pod('w', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: spread({ nodeTaintsPolicy: 'Honor' }) })],
  },
  {
    why: 'spread: each version by itself',
    nodes: [node('a', { zone: 'x' }), node('b', { zone: 'y' })],
    there: [pod('w', { on: 'a', labels: { ...web, v: '1' } }), pod('x', { on: 'b', labels: { ...web, v: '2' } })],
    pods: [pod('p', { labels: { ...web, v: '2' }, spec: spread({ matchLabelKeys: ['v'] }) })],
  },
  {
    why: 'spread: as far as it goes',
    nodes: three,
    there: [pod('w', { on: 'c', labels: web }), pod('v', { on: 'a', labels: web }), pod('u', { on: 'a', labels: web })],
    pods: [pod('p', { labels: web, spec: spread({ whenUnsatisfiable: 'ScheduleAnyway' }) })],
  },
];

import { describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../../../client.ts';
import { kindBehind, objectUsage, resourcesOf } from '../object-usage.ts';
import { unspecified } from '../pod-usage.ts';
import { isInScope } from '../quota-scopes.ts';
import type { ScopedQuota } from '../quota-scopes.ts';
import { listText } from '../resource-list.ts';

const pods = { group: '', resource: 'pods' };
const nowMs = Date.parse('2026-01-01T00:00:00Z');

function object(spec: object, rest: object = {}): ClusterObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x', namespace: 'n' }, spec, ...rest };
}

const container = (requests: object = {}, limits: object = {}, rest: object = {}): object => ({
  name: 'c',
  resources: { requests, limits },
  ...rest,
});

describe('what objects use', () => {
  it.each([
    ['a bare pod', pods, object({ containers: [container()] }), 'count/pods=1,pods=1'],
    [
      'requests count twice, limits once',
      pods,
      object({ containers: [container({ cpu: '1' }, { cpu: '2' })] }),
      'count/pods=1,cpu=1,limits.cpu=2,pods=1,requests.cpu=1',
    ],
    [
      'containers add up, the largest init container counts alone',
      pods,
      object({
        containers: [container({ cpu: '1' }), container({ cpu: '1' })],
        initContainers: [container({ cpu: '3' }), container({ cpu: '1' })],
      }),
      'count/pods=1,cpu=3,pods=1,requests.cpu=3',
    ],
    [
      'a sidecar counts with all that start after it',
      pods,
      object({
        containers: [container({ cpu: '1' })],
        initContainers: [container({ cpu: '1' }, {}, { restartPolicy: 'Always' }), container({ cpu: '2' })],
      }),
      'count/pods=1,cpu=3,pods=1,requests.cpu=3',
    ],
    [
      'what the runtime adds counts',
      pods,
      object({ containers: [container({ cpu: '1' })], overhead: { cpu: '250m' } }),
      'count/pods=1,cpu=1250m,pods=1,requests.cpu=1250m',
    ],
    [
      'devices are only counted as requests',
      pods,
      object({ containers: [container({ 'nvidia.com/gpu': '2' })] }),
      'count/pods=1,pods=1,requests.nvidia.com/gpu=2',
    ],
    [
      'a finished pod holds nothing but its place',
      pods,
      object({ containers: [container({ cpu: '1' })] }, { status: { phase: 'Succeeded' } }),
      'count/pods=1',
    ],
    [
      'a load balancer takes a node port for each port',
      { group: '', resource: 'services' },
      object({ type: 'LoadBalancer', ports: [{}, {}] }),
      'count/services=1,services=1,services.loadbalancers=1,services.nodeports=2',
    ],
    [
      'unless it wants none',
      { group: '', resource: 'services' },
      object({ type: 'LoadBalancer', ports: [{}, { nodePort: 30_000 }], allocateLoadBalancerNodePorts: false }),
      'count/services=1,services=1,services.loadbalancers=1,services.nodeports=1',
    ],
    [
      'a claim counts for its class too',
      { group: '', resource: 'persistentvolumeclaims' },
      object({ storageClassName: 'gold', resources: { requests: { storage: '5Gi' } } }),
      'count/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=5Gi,persistentvolumeclaims=1,requests.storage=5Gi',
    ],
    ['an old kind has two names', { group: '', resource: 'secrets' }, object({}), 'count/secrets=1,secrets=1'],
    [
      'any kind can be counted',
      { group: 'example.com', resource: 'widgets' },
      object({}),
      'count/widgets.example.com=1',
    ],
  ] as const)('%s', (...[, kind, counted, usage]) => {
    expect(listText(objectUsage(kind, counted, nowMs))).toBe(usage);
  });

  it.each([
    ['requests.nvidia.com/gpu', '/pods'],
    ['hugepages-2Mi', '/pods'],
    ['services.nodeports', '/services'],
    ['gold.storageclass.storage.k8s.io/requests.storage', '/persistentvolumeclaims'],
    ['count/widgets.example.com', 'example.com/widgets'],
    ['configmaps', '/configmaps'],
  ])('%s is used by %s', (name, place) => {
    const kind = kindBehind(name);
    expect(kind && `${kind.group}/${kind.resource}`).toBe(place);
    expect(kind && resourcesOf(kind, [name, 'nothing'])).toEqual([name]);
  });
});

describe('what a quota demands of pods', () => {
  const cases: { why: string; names: string[]; containers: object[]; missing?: string }[] = [
    { why: 'it is said', names: ['cpu'], containers: [container({ cpu: '1' })] },
    { why: 'a number of pods demands nothing', names: ['pods'], containers: [container()] },
    { why: 'only CPU and memory are demanded', names: ['requests.ephemeral-storage'], containers: [container()] },
    {
      why: 'each, in order',
      names: ['memory', 'limits.cpu'],
      containers: [container()],
      missing: 'must specify limits.cpu for: c; memory for: c',
    },
  ];
  it.each(cases)('$names: $why', ({ names, containers, missing }) => {
    expect(unspecified(object({ containers }), names)).toBe(missing);
  });
});

describe('scopes', () => {
  const bare = { containers: [container()] };
  const ofClass = (operator: string): ScopedQuota => ({
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values: ['high'] }] },
  });
  const elsewhere = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['other'] }] } };
  const cases: { why: string; quota: ScopedQuota; spec: object; fits: boolean }[] = [
    { why: 'asks for nothing', quota: { scopes: ['BestEffort'] }, spec: bare, fits: true },
    { why: 'asks for nothing', quota: { scopes: ['NotBestEffort'] }, spec: bare, fits: false },
    {
      why: 'has a deadline',
      quota: { scopes: ['Terminating'] },
      spec: { ...bare, activeDeadlineSeconds: 5 },
      fits: true,
    },
    { why: 'has no deadline', quota: { scopes: ['NotTerminating'] }, spec: bare, fits: true },
    { why: 'all scopes must fit', quota: { scopes: ['NotTerminating', 'NotBestEffort'] }, spec: bare, fits: false },
    { why: 'is of the class', quota: ofClass('In'), spec: { ...bare, priorityClassName: 'high' }, fits: true },
    { why: 'no class is not that class', quota: ofClass('NotIn'), spec: bare, fits: true },
    {
      why: 'looks at pods elsewhere',
      quota: { scopes: ['CrossNamespacePodAffinity'] },
      spec: { ...bare, affinity: elsewhere },
      fits: true,
    },
  ];
  it.each(cases)('$why: $fits', ({ quota, spec, fits }) => {
    expect(isInScope(quota, pods, object(spec))).toBe(fits);
    expect(isInScope(quota, { group: '', resource: 'services' }, object(spec))).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../../client.ts';
import { kindBehind, objectUsage, resourcesOf } from './object-usage.ts';
import { unspecified } from './pod-usage.ts';
import { isInScope } from './quota-scopes.ts';
import { listText } from './resource-list.ts';

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
  ])('%s', (_why, kind, counted, usage) => {
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
  it.each([
    [['cpu'], [container({ cpu: '1' })], undefined, 'it is said'],
    [['pods'], [container()], undefined, 'a number of pods demands nothing'],
    [['requests.ephemeral-storage'], [container()], undefined, 'only CPU and memory are demanded'],
    [['memory', 'limits.cpu'], [container()], 'must specify limits.cpu for: c; memory for: c', 'both, in order'],
  ])('%s: %#', (names, containers, missing) => {
    expect(unspecified(object({ containers }), names)).toBe(missing);
  });
});

describe('scopes', () => {
  const bare = { containers: [container()] };
  it.each([
    [{ scopes: ['BestEffort'] }, bare, true, 'asks for nothing'],
    [{ scopes: ['NotBestEffort'] }, bare, false, 'asks for nothing'],
    [{ scopes: ['Terminating'] }, { ...bare, activeDeadlineSeconds: 5 }, true, 'has a deadline'],
    [{ scopes: ['NotTerminating'] }, bare, true, 'has none'],
    [{ scopes: ['NotTerminating', 'NotBestEffort'] }, bare, false, 'all scopes must fit'],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } },
      { ...bare, priorityClassName: 'high' },
      true,
      'is of the class',
    ],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['high'] }] } },
      bare,
      true,
      'no class is not that class',
    ],
    [
      { scopes: ['CrossNamespacePodAffinity'] },
      {
        ...bare,
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['other'] }] } },
      },
      true,
      'looks at pods elsewhere',
    ],
  ])('%j of %j: %s, %s', (quota, spec, fits) => {
    expect(isInScope(quota, pods, object(spec))).toBe(fits);
    expect(isInScope(quota, { group: '', resource: 'services' }, object(spec))).toBe(false);
  });
});

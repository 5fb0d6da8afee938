import { expect, test } from 'vitest';
import { enoughNodes } from './place-pod.ts';
import type { PlacementSpec, SchedulablePod } from './placed-pod.ts';
import { assumedRequest, podRequest, portsClash } from './pod-request.ts';
import { tolerates } from './tolerations.ts';

const asks = (requests: Record<string, string>, more: object = {}): { name: string } => ({
  name: 'c',
  ...more,
  ...{ resources: { requests } },
});
const pod = (spec: PlacementSpec): SchedulablePod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
const always = { restartPolicy: 'Always' };

test.each([
  {
    why: 'the sum of the containers',
    spec: { containers: [asks({ cpu: '1' }), asks({ cpu: '500m', memory: '1Ki' })] },
    is: { cpu: 1500, memory: 1024 },
  },
  {
    why: 'the hungriest init container, when that is more',
    spec: { initContainers: [asks({ cpu: '3' })], containers: [asks({ cpu: '1' })] },
    is: { cpu: 3000 },
  },
  {
    why: 'an init container with the sidecars before it',
    spec: { initContainers: [asks({ cpu: '100m' }, always), asks({ cpu: '3' })], containers: [asks({ cpu: '1' })] },
    is: { cpu: 3100 },
  },
  {
    why: 'the containers with all sidecars',
    spec: { initContainers: [asks({ cpu: '2' }), asks({ cpu: '1' }, always)], containers: [asks({ cpu: '2' })] },
    is: { cpu: 3000 },
  },
  {
    why: 'the overhead on top',
    spec: { overhead: { cpu: '250m' }, containers: [asks({ cpu: '1' })] },
    is: { cpu: 1250 },
  },
  {
    why: 'what is asked for the pod as a whole goes before its containers',
    spec: { resources: { requests: { cpu: '4' } }, containers: [asks({ cpu: '1', 'example.com/gpu': '2' })] },
    is: { cpu: 4000, 'example.com/gpu': 2 },
  },
  { why: 'parts of a thousandth round up', spec: { containers: [asks({ cpu: '1u' })] }, is: { cpu: 1 } },
] as const)('a pod asks for $why', ({ spec, is }) => {
  expect(podRequest(pod(spec as unknown as PlacementSpec))).toEqual(is); // a literal is narrower than the type
});

test('a pod that says nothing is compared as if it used a little', () => {
  expect(assumedRequest(pod({ containers: [asks({})] }))).toEqual({ cpu: 100, memory: 200 * 2 ** 20 });
});

test.each([
  { why: 'the same', other: {}, is: true },
  { why: 'another port', other: { port: 81 }, is: false },
  { why: 'another protocol', other: { protocol: 'UDP' }, is: false },
  { why: 'another address', other: { ip: '10.0.0.2' }, is: false },
  { why: 'every address', other: { ip: '0.0.0.0' }, is: true },
])('host ports clash: $why', ({ other, is }) => {
  const port = { ip: '10.0.0.1', protocol: 'TCP', port: 80 };
  expect(portsClash(port, { ...port, ...other })).toBe(is);
});

const taint = { key: 'gpu', value: '5', effect: 'NoSchedule' };
test.each([
  { why: 'any taint', toleration: { operator: 'Exists' }, is: true },
  { why: 'same key and value', toleration: { key: 'gpu', value: '5' }, is: true },
  { why: 'another value', toleration: { key: 'gpu', value: '6' }, is: false },
  { why: 'another effect', toleration: { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, is: false },
  { why: 'no key tolerates nothing without Exists', toleration: { value: '5' }, is: false },
])('tolerates: $why', ({ toleration, is }) => {
  expect(tolerates([toleration], taint)).toBe(is);
});

test.each([
  { nodes: 3, enough: 3, why: 'all of a small cluster' },
  { nodes: 100, enough: 100, why: 'never fewer than 100' },
  { nodes: 1_000, enough: 420, why: 'a smaller share the larger the cluster' },
  { nodes: 10_000, enough: 500, why: 'but 5 % at least' },
])('how many nodes are enough to choose from: $why', ({ nodes, enough }) => {
  expect(enoughNodes(nodes)).toBe(enough);
});

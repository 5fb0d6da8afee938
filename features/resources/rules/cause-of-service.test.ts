import { describe, expect, test } from 'vitest';
import { causeOfService, endpointsOf } from './cause-of-service.ts';
import type { EndpointSlice, Pod, Service } from './workload-types.ts';

const service = (spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec,
});
const pod = (labels: Record<string, string>, portName?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', labels },
  spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, ...(portName ? { name: portName } : {}) }] }] },
});
const slice = (ready: boolean | undefined): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-x' },
  endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready }, targetRef: { kind: 'Pod', name: 'web-1' } }],
  ports: [{ port: 80 }],
});
const selector = { app: 'web' };

const rows = [
  {
    why: 'a ready address answers',
    service: service({ selector }),
    slices: [slice(true)],
    pods: [pod(selector)],
    expected: undefined,
  },
  {
    why: 'readiness unsaid counts as ready',
    service: service({ selector }),
    slices: [slice(undefined)],
    pods: [pod(selector)],
    expected: undefined,
  },
  {
    why: 'an external name has no endpoints by intent',
    service: service({ type: 'ExternalName', externalName: 'example.org' }),
    slices: [],
    pods: [],
    expected: undefined,
  },
  {
    why: 'no pod has the labels',
    service: service({ selector }),
    slices: [],
    pods: [pod({ app: 'other' })],
    expected: { code: 'selectorMatchesNothing', params: { selector: 'app=web' } },
  },
  {
    why: 'pods are there, none is ready',
    service: service({ selector }),
    slices: [slice(false)],
    pods: [pod(selector)],
    expected: { code: 'noReadyEndpoint', params: { pods: 1 }, pods: ['web-1'] },
  },
  {
    why: 'it sends to a port name that no container opens',
    service: service({ selector, ports: [{ port: 80, targetPort: 'http' }] }),
    slices: [],
    pods: [pod(selector, 'web')],
    expected: { code: 'portNotOpen', params: { port: 'http' } },
  },
  {
    why: 'without a selector somebody else must give it addresses',
    service: service({}),
    slices: [],
    pods: [],
    expected: { code: 'noReadyEndpoint', params: { pods: 0 } },
  },
];

describe('causeOfService', () => {
  test.each(rows)('$why', ({ expected, ...facts }) => {
    const found = causeOfService(facts);
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });
});

test('an endpoint names its pod and ports', () => {
  expect(endpointsOf([slice(true)])).toEqual([
    { address: '10.0.0.1', ready: true, pod: 'web-1', ports: [{ port: 80 }] },
  ]);
});

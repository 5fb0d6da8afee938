import { describe, expect, test } from 'vitest';
import { cause } from './cause.ts';
import { deploymentState } from './deployment-state.ts';
import type { Deployment } from './workload-types.ts';

const short: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 3 },
  status: { readyReplicas: 1, conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] },
};

describe('a deployment that has less than it wants', () => {
  test.each([
    {
      why: 'was scaled up: the others are on their way',
      causes: [cause('creating', { passing: true })],
      state: 'starting',
    },
    {
      why: 'has lost a pod to a crash',
      causes: [cause('creating', { passing: true }), cause('containerExit')],
      state: 'degraded',
    },
    { why: 'is short for reasons nobody knows', causes: [], state: 'degraded' },
  ])('$why', ({ causes, state }) => expect(deploymentState(short, causes)).toBe(state));
});

describe('a deployment that is rolling out', () => {
  const rolling = (readyReplicas: number): Deployment => ({
    ...short,
    status: { readyReplicas, conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }] },
  });
  test.each([
    {
      why: 'is starting while its pods are on their way',
      ready: 0,
      causes: [cause('pulling', { passing: true })],
      state: 'starting',
    },
    {
      why: 'fails before its deadline when no pod can start',
      ready: 0,
      causes: [cause('imagePull')],
      state: 'failing',
    },
    { why: 'is degraded when the old pods still serve', ready: 2, causes: [cause('imagePull')], state: 'degraded' },
    {
      why: 'is starting when a pod has come back',
      ready: 1,
      causes: [{ ...cause('containerExit'), recovered: true }],
      state: 'starting',
    },
  ])('$why', ({ ready, causes, state }) => expect(deploymentState(rolling(ready), causes)).toBe(state));
});

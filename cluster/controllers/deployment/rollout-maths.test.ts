import { describe, expect, test } from 'vitest';
import type { ReplicaSet } from '../replicaset/replicaset.ts';
import type { Deployment } from './deployment.ts';
import { isScalingEvent, newSetSize, oldSetSizes, proportionalSizes, rolloutBounds } from './rollout-maths.ts';

type Strategy = Deployment['spec']['strategy'];

function deployment(replicas: number, strategy?: Strategy): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas, strategy, selector: { matchLabels: { app: 'web' } }, template: { spec: { containers: [] } } },
  };
}

const noted = { 'deployment.kubernetes.io/max-replicas': '10' };

function set(name: string, replicas: number, available = replicas): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, namespace: 'shop', annotations: noted, creationTimestamp: `2026-01-01T00:00:0${name.length}Z` },
    spec: { replicas, selector: {}, template: { spec: { containers: [] } } },
    status: { replicas, availableReplicas: available },
  };
}

const rolling = (maxSurge: number | string, maxUnavailable: number | string): Strategy => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge, maxUnavailable },
});

describe('rolloutBounds', () => {
  test.each([
    { why: 'surge rounds up, unavailable down', of: deployment(10, rolling('25%', '25%')), surge: 3, unavailable: 2 },
    { why: 'a rollout with neither could never move', of: deployment(1, rolling(0, 0)), surge: 0, unavailable: 1 },
    {
      why: 'a share too small for one pod leaves none unavailable',
      of: deployment(2, rolling('25%', '25%')),
      surge: 1,
      unavailable: 0,
    },
    { why: 'no more than all can be missing', of: deployment(2, rolling(1, 5)), surge: 1, unavailable: 2 },
    { why: 'Recreate takes all away and adds none', of: deployment(4, { type: 'Recreate' }), surge: 0, unavailable: 4 },
    { why: 'a quarter each where nothing is said', of: deployment(4), surge: 1, unavailable: 1 },
  ])('$why', ({ of, surge, unavailable }) => {
    expect(rolloutBounds(of)).toMatchObject({ maxSurge: surge, maxUnavailable: unavailable });
  });
});

describe('newSetSize', () => {
  const bounds = { desired: 4, maxSurge: 1, maxUnavailable: 1 };
  test.each([
    { why: 'a first rollout takes all at once', newSet: undefined, old: [], size: 4 },
    { why: 'beside a full old set only the surge is free', newSet: undefined, old: [set('a', 4)], size: 1 },
    { why: 'it grows by what the old set gave up', newSet: set('b', 1), old: [set('a', 3)], size: 2 },
    { why: 'no room, no growth', newSet: set('b', 1), old: [set('a', 4)], size: 1 },
    { why: 'it shrinks to the desired number at once', newSet: set('b', 6), old: [], size: 4 },
  ])('$why', ({ newSet, old, size }) => {
    expect(newSetSize(bounds, newSet, newSet ? [...old, newSet] : old)).toBe(size);
  });
});

describe('oldSetSizes', () => {
  const sizes = (
    bounds: { desired: number; maxSurge: number; maxUnavailable: number },
    newSet: ReplicaSet,
    old: ReplicaSet[],
  ) => Object.fromEntries([...oldSetSizes(bounds, newSet, old)].map(([one, size]) => [one.metadata.name, size]));
  const bounds = { desired: 4, maxSurge: 1, maxUnavailable: 1 };

  test.each([
    {
      why: 'before the new pods work, only maxUnavailable goes',
      newSet: set('new', 1, 0),
      old: [set('a', 4)],
      after: { a: 3 },
    },
    {
      why: 'each available new pod lets one old pod go',
      newSet: set('new', 2, 2),
      old: [set('a', 3)],
      after: { a: 1 },
    },
    { why: 'enough unavailable already: nothing goes', newSet: set('new', 2, 0), old: [set('a', 3)], after: {} },
    {
      why: 'broken old pods go before working ones',
      newSet: set('new', 1, 1),
      old: [set('a', 2, 0), set('bb', 2)],
      after: { a: 0 },
    },
    {
      why: 'the oldest set shrinks first',
      newSet: set('new', 3, 3),
      old: [set('a', 1), set('bb', 1)],
      after: { a: 0, bb: 0 },
    },
  ])('$why', ({ newSet, old, after }) => {
    expect(sizes(bounds, newSet, old)).toEqual(after);
  });

  test('never fewer available than the bounds allow, from any state', () => {
    for (let newAvailable = 0; newAvailable <= 4; newAvailable++) {
      for (let oldAvailable = 0; oldAvailable <= 4; oldAvailable++) {
        const newSet = set('new', 4, newAvailable);
        const old = set('a', 4, oldAvailable);
        const size = oldSetSizes(bounds, newSet, [old]).get(old) ?? 4;
        const availableAfter = newAvailable + Math.min(oldAvailable, size);
        expect(availableAfter).toBeGreaterThanOrEqual(Math.min(3, newAvailable + oldAvailable));
      }
    }
  });
});

test('a scale-up in the middle of a rollout is shared out in proportion, the larger set first', () => {
  const [a, b] = [set('a', 6), set('bb', 4)];
  const sizes = proportionalSizes({ desired: 20, maxSurge: 0, maxUnavailable: 0 }, [a, b]);
  expect([sizes.get(a), sizes.get(b)]).toEqual([12, 8]);
});

test('a scale-down in the middle of a rollout never leaves a set below zero and meets the total', () => {
  const [a, b] = [set('a', 6), set('bb', 4)];
  const sizes = proportionalSizes({ desired: 3, maxSurge: 0, maxUnavailable: 0 }, [a, b]);
  expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBe(3);
});

test.each([
  { why: 'the noted count differs', noted: '3', is: true },
  { why: 'the noted count is the present one', noted: '4', is: false },
])('isScalingEvent: $why', ({ noted, is }) => {
  const active = set('a', 3);
  active.metadata.annotations = { 'deployment.kubernetes.io/desired-replicas': noted };
  expect(isScalingEvent(deployment(4), [active])).toBe(is);
});

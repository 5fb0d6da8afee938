import { describe, expect, test } from 'vitest';
import type { Autoscaler } from './autoscaler.ts';
import { limitRate, rememberChange, type ScalingMemory, stabilize } from './scaling-limits.ts';

const nowMs = 10_000_000;
type Behavior = Autoscaler['spec']['behavior'];

function autoscaler(behavior?: Behavior, bounds = { minReplicas: 1, maxReplicas: 100 }): Autoscaler {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, ...bounds, ...(behavior && { behavior }) },
  };
}

const memory = (recommendations: [replicas: number, agoSeconds: number][] = []): ScalingMemory => ({
  recommendations: recommendations.map(([replicas, ago]) => ({ replicas, atMs: nowMs - ago * 1000 })),
  changes: [],
});

describe('stabilization', () => {
  const down = { scaleDown: { stabilizationWindowSeconds: 60 } };
  const up = { scaleUp: { stabilizationWindowSeconds: 60 } };
  test.each([
    {
      why: 'growth is taken at once',
      behavior: undefined,
      past: [[2, 10]],
      current: 2,
      desired: 8,
      to: 8,
      reason: 'ReadyForNewScale',
    },
    {
      why: 'shrinking waits for the highest of five minutes',
      behavior: undefined,
      past: [
        [6, 200],
        [9, 400],
      ],
      current: 6,
      desired: 2,
      to: 6,
      reason: 'ScaleDownStabilized',
    },
    {
      why: 'older recommendations count no more',
      behavior: undefined,
      past: [[9, 301]],
      current: 9,
      desired: 2,
      to: 2,
      reason: 'ReadyForNewScale',
    },
    {
      why: 'the window can be shorter',
      behavior: down,
      past: [[9, 61]],
      current: 9,
      desired: 2,
      to: 2,
      reason: 'ReadyForNewScale',
    },
    {
      why: 'a window for growth takes the lowest',
      behavior: up,
      past: [[3, 30]],
      current: 2,
      desired: 8,
      to: 3,
      reason: 'ScaleUpStabilized',
    },
    {
      why: 'between both it stays',
      behavior: { ...up, ...down },
      past: [
        [9, 30],
        [2, 20],
      ],
      current: 5,
      desired: 4,
      to: 5,
      reason: 'ScaleDownStabilized',
    },
  ] as const)('$why', ({ behavior, past, current, desired, to, reason }) => {
    const moment = {
      autoscaler: autoscaler(behavior),
      current,
      desired,
      memory: memory(past.map(([a, b]) => [a, b])),
      nowMs,
    };
    expect(stabilize(moment)).toMatchObject({ replicas: to, reason });
  });
});

describe('the rate of change', () => {
  const pods = (value: number) => ({ type: 'Pods', value, periodSeconds: 60 }) as const; // literal types
  const percent = (value: number) => ({ type: 'Percent', value, periodSeconds: 60 }) as const; // literal types
  test.each([
    { why: 'within the bounds', behavior: undefined, current: 4, desired: 6, to: 6, reason: 'DesiredWithinRange' },
    { why: 'a small one may grow to 4', behavior: undefined, current: 1, desired: 9, to: 4, reason: 'ScaleUpLimit' },
    { why: 'a larger one may double', behavior: undefined, current: 10, desired: 50, to: 20, reason: 'ScaleUpLimit' },
    {
      why: 'never above the maximum',
      behavior: undefined,
      current: 80,
      desired: 150,
      to: 100,
      reason: 'TooManyReplicas',
    },
    { why: 'never below the minimum', behavior: undefined, current: 3, desired: 0, to: 1, reason: 'TooFewReplicas' },
    {
      why: 'so many pods a minute',
      behavior: { scaleUp: { policies: [pods(3)] } },
      current: 4,
      desired: 20,
      to: 7,
      reason: 'ScaleUpLimit',
    },
    {
      why: 'the most generous policy counts',
      behavior: { scaleUp: { policies: [pods(3), percent(100)] } },
      current: 4,
      desired: 20,
      to: 8,
      reason: 'ScaleUpLimit',
    },
    {
      why: 'unless the strictest is chosen',
      behavior: { scaleUp: { selectPolicy: 'Min', policies: [pods(3), percent(100)] } },
      current: 4,
      desired: 20,
      to: 7,
      reason: 'ScaleUpLimit',
    },
    {
      why: 'growth can be switched off',
      behavior: { scaleUp: { selectPolicy: 'Disabled', policies: [pods(3)] } },
      current: 4,
      desired: 20,
      to: 4,
      reason: 'ScaleUpLimit',
    },
    {
      why: 'a tenth a minute downwards',
      behavior: { scaleDown: { policies: [percent(10)] } },
      current: 20,
      desired: 2,
      to: 18,
      reason: 'ScaleDownLimit',
    },
    {
      why: 'downwards the farthest policy counts',
      behavior: { scaleDown: { policies: [percent(10), pods(5)] } },
      current: 20,
      desired: 2,
      to: 15,
      reason: 'ScaleDownLimit',
    },
  ] as const)('$why', ({ behavior, current, desired, to, reason }) => {
    const moment = { autoscaler: autoscaler(behavior), current, desired, memory: memory(), nowMs };
    expect(limitRate(moment)).toMatchObject({ replicas: to, reason });
  });

  test('what was added within the period is part of it', () => {
    const past = memory();
    rememberChange(past, 2, nowMs - 30_000);
    const rules = autoscaler({ scaleUp: { policies: [pods(3)] } });
    expect(limitRate({ autoscaler: rules, current: 6, desired: 20, memory: past, nowMs })).toMatchObject({
      replicas: 7,
    });
    expect(
      limitRate({ autoscaler: rules, current: 6, desired: 20, memory: past, nowMs: nowMs + 31_000 }),
    ).toMatchObject({ replicas: 9 });
  });
});

import { describe, expect, test } from 'vitest';
import type { Pod } from '../../reconcile/pod.ts';
import { milliText } from './milli-text.ts';
import { replicasForAverage, replicasForUtilization, type UsageQuestion } from './pod-usage.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const longAgo = '2026-01-01T00:00:00Z';

interface Facts {
  phase?: string;
  ready?: 'True' | 'False';
  started?: string;
  request?: string | null;
}

function pod(name: string, { phase = 'Running', ready = 'True', started = longAgo, request = '1' }: Facts = {}): Pod {
  const resources = request === null ? {} : { requests: { cpu: request } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', resources }] },
    status: { phase, startTime: started, conditions: [{ type: 'Ready', status: ready, lastTransitionTime: started }] },
  };
}

/** `usage` in thousandths of a core by pod. */
function question(pods: readonly Pod[], usage: Record<string, number | undefined>): UsageQuestion {
  const measured = new Map(
    Object.entries(usage).map(([name, milli = 0]) => [name, { milli, atMs: nowMs, windowMs: 10_000 }]),
  );
  const isTolerable = (ratio: number): boolean => ratio >= 0.9 && ratio <= 1.1;
  return { pods, measured, resource: 'cpu', current: pods.length, isTolerable, nowMs };
}

const fresh = '2026-01-01T11:59:00Z';
const two = [pod('a'), pod('b')];

describe('replicas for a utilization of 50 %', () => {
  test.each([
    {
      why: 'twice the target needs twice the pods',
      pods: two,
      usage: { a: 1000, b: 1000 },
      replicas: 4,
      utilization: 100,
    },
    { why: 'a fraction is rounded up', pods: two, usage: { a: 600, b: 700 }, replicas: 3, utilization: 65 },
    { why: 'a tenth above is tolerated', pods: two, usage: { a: 550, b: 550 }, replicas: 2, utilization: 55 },
    { why: 'little use needs fewer', pods: two, usage: { a: 100, b: 100 }, replicas: 1, utilization: 10 },
    {
      why: 'a pod without a sample counts as fully used when it would shrink',
      pods: [...two, pod('c'), pod('d')],
      usage: { a: 100, b: 100, c: 100 },
      replicas: 3,
      utilization: 10,
    },
    {
      why: 'and as idle when it would grow',
      pods: [...two, pod('c')],
      usage: { a: 900, b: 900 },
      replicas: 4,
      utilization: 90,
    },
    {
      why: 'what is unsure never turns the direction',
      pods: [...two, pod('c'), pod('d')],
      usage: { a: 600, b: 600 },
      replicas: 4,
      utilization: 60,
    },
    {
      why: 'a pod that just started tells nothing',
      pods: [...two, pod('c', { started: fresh, ready: 'False' })],
      usage: { a: 500, b: 500, c: 1000 },
      replicas: 3,
      utilization: 50,
    },
    {
      why: 'a pending one is idle when it would grow',
      pods: [...two, pod('c', { phase: 'Pending' })],
      usage: { a: 1000, b: 1000 },
      replicas: 4,
      utilization: 100,
    },
  ])('$why', ({ pods, usage, replicas, utilization }) => {
    expect(replicasForUtilization(question(pods, usage), 50)).toMatchObject({ replicas, utilization });
  });
});

test.each([
  { why: 'no pods', pods: [], usage: {}, message: 'no pods returned by selector while calculating replica count' },
  {
    why: 'no sample',
    pods: two,
    usage: {},
    message: 'did not receive metrics for targeted pods (pods might be unready)',
  },
  {
    why: 'no request',
    pods: [pod('a', { request: null })],
    usage: { a: 1 },
    message: 'missing request for cpu in container c of Pod a',
  },
])('it cannot tell: $why', ({ pods, usage, message }) => {
  expect(() => replicasForUtilization(question(pods, usage), 50)).toThrow(message);
});

test('a mean per pod needs no request', () => {
  const pods = [pod('a', { request: null }), pod('b', { request: null })];
  expect(replicasForAverage(question(pods, { a: 300, b: 500 }), 100)).toEqual({ replicas: 8, averageMilli: 400 });
});

test.each([
  [0, '0'],
  [250, '250m'],
  [1500, '1500m'],
  [2000, '2'],
  [3_000_000, '3k'],
  [12_345_000, '12345'],
])('%d thousandths are written %s', (milli, text) => {
  expect(milliText(milli)).toBe(text);
});

import { expect, test } from 'vitest';
import type { Pod } from '../../reconcile/pod.ts';
import { rankForDeletion } from './deletion-ranking.ts';

interface Facts {
  node?: string;
  phase?: string;
  readySince?: string;
  cost?: string;
  restarts?: number;
  created?: string;
}

function pod(name: string, facts: Facts): Pod {
  const { node = 'n1', phase = 'Running', readySince, cost, restarts = 0, created = '2026-01-01T00:00:00Z' } = facts;
  const status = { name: 'c', state: {}, lastState: {}, ready: true, restartCount: restarts, image: '', imageID: '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      creationTimestamp: created,
      ...(cost && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { nodeName: node, containers: [] },
    status: {
      phase,
      containerStatuses: [status],
      conditions: readySince ? [{ type: 'Ready', status: 'True', lastTransitionTime: readySince }] : [],
    },
  };
}

const early = '2026-01-01T00:00:01Z';
const late = '2026-01-01T09:00:00Z';

test.each([
  { why: 'without a node before with one', goes: pod('goes', { node: '' }), stays: pod('stays', {}) },
  { why: 'pending before running', goes: pod('goes', { phase: 'Pending' }), stays: pod('stays', {}) },
  { why: 'not ready before ready', goes: pod('goes', {}), stays: pod('stays', { readySince: early }) },
  {
    why: 'cheap before dear, whatever else',
    goes: pod('goes', { readySince: early, cost: '-5' }),
    stays: pod('stays', { readySince: late }),
  },
  {
    why: 'ready for a short time before long',
    goes: pod('goes', { readySince: late }),
    stays: pod('stays', { readySince: early }),
  },
  { why: 'restarted often before never', goes: pod('goes', { restarts: 3 }), stays: pod('stays', {}) },
  { why: 'young before old', goes: pod('goes', { created: late }), stays: pod('stays', { created: early }) },
])('$why', ({ goes, stays }) => {
  expect(rankForDeletion([stays, goes]).map(({ metadata }) => metadata.name)).toEqual(['goes', 'stays']);
});

test('crowded nodes give up pods first', () => {
  const pods = [pod('lonely', { node: 'n1', readySince: early }), pod('crowded', { node: 'n2', readySince: early })];
  const ranked = rankForDeletion(pods, ({ spec }) => (spec.nodeName === 'n2' ? 2 : 1));
  expect(ranked[0]?.metadata.name).toBe('crowded');
});

import { describe, expect, test } from 'vitest';
import { readSchedulingAnswer } from './scheduling-answer.ts';

const rows = [
  {
    why: 'one ground, and talk about preemption after it',
    message:
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    expected: { nodes: 1, refusals: [{ ground: 'cpu', nodes: 1 }] },
  },
  {
    why: 'several grounds, a taint with its key and value',
    message:
      "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector. preemption: none",
    expected: {
      nodes: 5,
      refusals: [
        { ground: 'taint', nodes: 1, subject: 'node-role.kubernetes.io/control-plane' },
        { ground: 'memory', nodes: 2 },
        { ground: 'selector', nodes: 2 },
      ],
    },
  },
  {
    why: 'a device that is short',
    message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.',
    expected: { nodes: 3, refusals: [{ ground: 'resource', nodes: 3, subject: 'nvidia.com/gpu' }] },
  },
  {
    why: 'cordoned nodes',
    message: '0/2 nodes are available: 2 node(s) were unschedulable.',
    expected: { nodes: 2, refusals: [{ ground: 'cordoned', nodes: 2 }] },
  },
  {
    why: 'words of a later release stay as they are',
    message: '0/2 nodes are available: 2 node(s) had a bad day.',
    expected: { nodes: 2, refusals: [{ ground: 'other', nodes: 2, subject: 'node(s) had a bad day' }] },
  },
  { why: 'another scheduler says it its own way', message: 'pod group is not ready', expected: undefined },
];

describe('readSchedulingAnswer', () => {
  test.each(rows)('$why', ({ message, expected }) => {
    const answer = readSchedulingAnswer(message);
    if (expected) expect(answer).toMatchObject(expected);
    else expect(answer).toBeUndefined();
  });
});

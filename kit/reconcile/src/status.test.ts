import { ApiError } from '@kit/base';
import type { KubeObject } from '@kit/kube';
import { describe, expect, it } from 'vitest';
import { readyStatus } from './status.ts';
import { done, stalled, waiting } from './step.ts';
import type { Outcome } from './step.ts';

function lamp(ready?: { status: string; lastTransitionTime: string }): KubeObject {
  const status = ready && { conditions: [{ type: 'Ready', ...ready }] };
  return { apiVersion: 'v1', kind: 'Lamp', metadata: { name: 'l', generation: 3 }, ...(status && { status }) };
}

const outcomes: { why: string; outcome: Outcome; expected: object | undefined }[] = [
  { why: 'all steps are done', outcome: done, expected: { status: 'True', reason: 'Ready', message: '' } },
  {
    why: 'a user can see what is missing',
    outcome: waiting('workspace/acme', 30),
    expected: { status: 'False', reason: 'Waiting', message: 'waiting for workspace/acme' },
  },
  {
    why: 'a step says itself why it cannot go on',
    outcome: stalled('NoSuchRole', 'role "x" does not exist'),
    expected: { status: 'False', reason: 'NoSuchRole', message: 'role "x" does not exist' },
  },
  {
    why: 'a refusal of the API server is in the user’s words',
    outcome: { kind: 'failed', error: new ApiError('Forbidden', 'quota') },
    expected: { status: 'False', reason: 'Failed', message: 'quota' },
  },
  {
    why: 'what broke inside stays in the log',
    outcome: { kind: 'failed', error: new TypeError('x is undefined') },
    expected: { status: 'False', reason: 'Failed', message: 'internal error' },
  },
  {
    why: 'a conflict passes by itself',
    outcome: { kind: 'failed', error: new ApiError('Conflict', 'modified') },
    expected: undefined,
  },
  {
    why: 'so does a server that cannot be reached',
    outcome: { kind: 'failed', error: new ApiError('ServiceUnavailable', 'refused') },
    expected: undefined,
  },
];

describe('readyStatus', () => {
  it.each(outcomes)('$why', ({ outcome, expected }) => {
    const status = readyStatus(lamp(), outcome, 0) as { conditions: object[] } | undefined;
    if (!expected) return expect(status).toBeUndefined();
    expect(status?.conditions).toEqual([
      { type: 'Ready', ...expected, lastTransitionTime: '1970-01-01T00:00:00Z', observedGeneration: 3 },
    ]);
  });

  const times: { why: string; before: string; expected: string }[] = [
    { why: 'stays while the status stays', before: 'True', expected: '2020-01-01T00:00:00Z' },
    { why: 'moves with the status', before: 'False', expected: '1970-01-01T00:00:00Z' },
  ];
  it.each(times)('lastTransitionTime $why', ({ before, expected }) => {
    const object = lamp({ status: before, lastTransitionTime: '2020-01-01T00:00:00Z' });
    expect(readyStatus(object, done, 0)).toMatchObject({ conditions: [{ lastTransitionTime: expected }] });
  });
});

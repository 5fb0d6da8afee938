import { describe, expect, test } from 'vitest';
import type { Pod } from '../../reconcile/pod.ts';
import { formatIndexes, parseIndexes } from './index-set.ts';
import { jobProgress } from './job-progress.ts';
import { indexAnnotations, type Job, type JobStatus, trackingFinalizer } from './job.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const startTime = '2026-01-01T11:00:00Z';

function job(spec: Partial<Job['spec']>, status: JobStatus = {}): Job {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c' }] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, template, ...spec },
    status: { startTime, ...status },
  };
}

interface Facts {
  phase?: string;
  index?: number;
  exitCode?: number;
  failures?: number;
  going?: boolean;
  tracked?: boolean;
  ended?: string;
}

function notesOf({ index, failures }: Facts): Record<string, string> {
  return {
    ...(index !== undefined && { [indexAnnotations.index]: String(index) }),
    ...(failures !== undefined && { [indexAnnotations.failures]: String(failures) }),
  };
}

function stateOf({ phase = 'Running', exitCode = phase === 'Failed' ? 1 : 0, ended = startTime }: Facts): object {
  if (phase === 'Running') return {};
  return { terminated: { exitCode, reason: 'x', startedAt: ended, finishedAt: ended } };
}

function pod(name: string, facts: Facts = {}): Pod {
  const status = { name: 'c', lastState: {}, ready: false, restartCount: 0, image: '', imageID: '' };
  const metadata = { name, namespace: 'shop', uid: name, annotations: notesOf(facts) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      ...(facts.tracked !== false && { finalizers: [trackingFinalizer] }),
      ...(facts.going && { deletionTimestamp: startTime }),
    },
    spec: { containers: [] },
    status: { phase: facts.phase ?? 'Running', containerStatuses: [{ ...status, state: stateOf(facts) }] },
  };
}

const names = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.name);
const types = (status: JobStatus): string[] => (status.conditions ?? []).map(({ type }) => type);

describe('a job without indexes', () => {
  test('a finished pod is first noted, then released, then counted', () => {
    const done = pod('a', { phase: 'Succeeded' });
    const first = jobProgress(job({}), [done], nowMs);
    expect(first.status).toMatchObject({ uncountedTerminatedPods: { succeeded: ['a'] } });
    expect(first.status.succeeded).toBeUndefined();
    expect(names(first.release)).toEqual(['a']);
    expect(types(first.status)).toEqual(['SuccessCriteriaMet']);
    const second = jobProgress(job({}, first.status), [pod('a', { phase: 'Succeeded', tracked: false })], nowMs);
    expect(second.status).toMatchObject({
      succeeded: 1,
      uncountedTerminatedPods: {},
      completionTime: expect.any(String),
    });
    expect(types(second.status)).toEqual(['SuccessCriteriaMet', 'Complete']);
  });

  test('a failure is followed by a new pod, later each time', () => {
    const failed = pod('a', { phase: 'Failed', ended: '2026-01-01T11:59:55Z' });
    expect(jobProgress(job({}), [failed], nowMs)).toMatchObject({ wanted: 0, wakeMs: nowMs + 5_000 });
    expect(jobProgress(job({}), [failed], nowMs + 5_000)).toMatchObject({ wanted: 1 });
  });

  test('a job that takes too long fails, and counts the pods it takes down', () => {
    const { status, wanted, release } = jobProgress(job({ activeDeadlineSeconds: 60 }), [pod('a')], nowMs);
    expect(status).toMatchObject({
      conditions: [{ type: 'FailureTarget', reason: 'DeadlineExceeded' }],
      uncountedTerminatedPods: { failed: ['a'] },
    });
    expect({ wanted, release: names(release) }).toEqual({ wanted: -1, release: ['a'] });
  });

  test.each([
    { why: 'a deleted pod has failed', policy: 'TerminatingOrFailed', failed: ['a'], wanted: 0 },
    { why: 'unless the job waits for its end', policy: 'Failed', failed: undefined, wanted: 0 },
  ] as const)('$why', ({ policy, failed, wanted }) => {
    const found = jobProgress(
      job({ podReplacementPolicy: policy }),
      [pod('a', { going: true })],
      Date.parse(startTime),
    );
    expect(found.status.uncountedTerminatedPods?.failed).toEqual(failed);
    expect(found).toMatchObject({ wanted, status: { terminating: 1 } });
  });

  test.each([
    {
      why: 'an exit code ends the job',
      rule: { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
      reason: 'PodFailurePolicy',
      counted: ['a'],
    },
    {
      why: 'a failure can be ignored',
      rule: { action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [1] } },
      reason: undefined,
      counted: undefined,
    },
    {
      why: 'a rule for another container says nothing',
      rule: { action: 'FailJob', onExitCodes: { containerName: 'x', operator: 'In', values: [42] } },
      reason: undefined,
      counted: ['a'],
    },
  ] as const)('$why', ({ rule, reason, counted }) => {
    const { status } = jobProgress(
      job({ podFailurePolicy: { rules: [rule] } }),
      [pod('a', { phase: 'Failed', exitCode: 42 })],
      nowMs,
    );
    expect(status.conditions?.[0]?.reason).toBe(reason);
    expect(status.uncountedTerminatedPods?.failed).toEqual(counted);
    if (reason)
      expect(status.conditions?.[0]?.message).toBe(
        'Container c for pod shop/a failed with exit code 42 matching FailJob rule at index 0',
      );
  });
});

describe('an indexed job', () => {
  const indexed = { completionMode: 'Indexed', completions: 4, parallelism: 2 } as const; // literal types

  test('each index is worked on once, the lowest first', () => {
    const pods = [pod('a', { phase: 'Succeeded', index: 0 }), pod('b', { index: 2 })];
    const { status, indexes } = jobProgress(job(indexed), pods, nowMs);
    expect(status).toMatchObject({ completedIndexes: '0', succeeded: 1, active: 1 });
    expect(indexes).toEqual([{ index: 1, replaces: undefined }]);
  });

  test('some indexes can be enough', () => {
    const rules = [{ succeededIndexes: '1-3', succeededCount: 2 }];
    const pods = [
      pod('a', { phase: 'Succeeded', index: 1 }),
      pod('b', { phase: 'Succeeded', index: 3 }),
      pod('c', { index: 2 }),
    ];
    const found = jobProgress(job({ ...indexed, successPolicy: { rules } }), pods, nowMs);
    expect(found.status.conditions).toMatchObject([
      { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: 'Matched rules at index 0' },
    ]);
    expect(found.wanted).toBe(-1);
  });

  test('an index has failures of its own, which its next pod goes on counting', () => {
    const failed = pod('a', { phase: 'Failed', index: 0, failures: 0 });
    const { indexes, release, status } = jobProgress(job({ ...indexed, backoffLimitPerIndex: 1 }), [failed], nowMs);
    expect(indexes).toMatchObject([
      { index: 0, replaces: failed },
      { index: 1, replaces: undefined },
    ]);
    expect(names(release)).toEqual([]);
    expect(status).toMatchObject({ failedIndexes: '' });
  });

  test('an index that failed too often is given up, and the job with it once the others are done', () => {
    const limits = { ...indexed, completions: 2, backoffLimitPerIndex: 1 };
    const pods = [pod('a', { phase: 'Failed', index: 0, failures: 1 }), pod('b', { phase: 'Succeeded', index: 1 })];
    const { status } = jobProgress(job(limits), pods, nowMs);
    expect(status).toMatchObject({
      failedIndexes: '0',
      completedIndexes: '1',
      conditions: [{ type: 'FailureTarget', reason: 'FailedIndexes' }],
    });
    const first = jobProgress(job({ ...limits, maxFailedIndexes: 0 }), pods.slice(0, 1), nowMs);
    expect(first.status.conditions).toMatchObject([{ reason: 'MaxFailedIndexesExceeded' }]);
  });
});

test.each([
  ['0,2-4,7', [0, 2, 3, 4, 7]],
  ['1,2', [1, 2]],
  ['', []],
])('indexes %s', (text, numbers) => {
  expect([...parseIndexes(text)]).toEqual(numbers);
  expect(formatIndexes(numbers)).toBe(text);
});

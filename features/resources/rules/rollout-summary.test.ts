import { describe, expect, test } from 'vitest';
import { changedImages, imagePatch, revisionsOf, rollBackPatch, rolloutSummary } from './rollout-summary.ts';
import type { Deployment, ReplicaSet } from './workload-types.ts';

const mark = 'deployment.kubernetes.io/revision';
const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'd', generation: 7, annotations: { [mark]: '10' } },
  spec: { replicas: 3 },
  status: {
    readyReplicas: 2,
    updatedReplicas: 1,
    conditions: [{ type: 'Progressing', status: 'True', lastUpdateTime: '2026-11-21T14:00:00Z' }],
  },
};
const set = (number: string, image: string): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${number}`,
    annotations: { [mark]: number },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true }],
  },
  spec: {
    template: {
      metadata: { labels: { app: 'web', 'pod-template-hash': 'abc' } },
      spec: { containers: [{ name: 'c', image }] },
    },
  },
});

describe('revisions', () => {
  const revisions = revisionsOf(deployment, [set('9', 'web:1'), set('10', 'web:2'), set('2', 'web:0')]);
  test('come newest first, by number and not by text', () =>
    expect(revisions.map(({ number }) => number)).toEqual([10, 9, 2]));
  test('know which one runs', () =>
    expect(revisions.filter(({ isCurrent }) => isCurrent).map(({ number }) => number)).toEqual([10]));
  test('give the template without the hash, so that rolling back makes no third replica set', () => {
    expect(revisions[1]?.template.metadata?.labels).toEqual({ app: 'web' });
  });
  test('rolling back is refused by the server when the deployment has changed meanwhile', () => {
    const [guard, change] = rollBackPatch(deployment, revisions[1]!) as { op: string; path: string; value: unknown }[]; // reason: three revisions were given above
    expect(guard).toEqual({ op: 'test', path: '/metadata/generation', value: 7 });
    expect(change).toMatchObject({ path: '/spec/template', value: { spec: { containers: [{ image: 'web:1' }] } } });
  });
});

test('the summary counts what is wanted, ready and new', () => {
  expect(rolloutSummary(deployment)).toEqual({
    wanted: 3,
    ready: 2,
    updated: 1,
    revision: 10,
    paused: false,
    changed: '2026-11-21T14:00:00Z',
  });
});

test('only images that really differ are written, spaces around them left out', () => {
  const containers = [
    { name: 'a', image: 'x:1' },
    { name: 'b', image: 'y:1' },
  ];
  expect(changedImages(containers, { a: ' x:2 ', b: 'y:1 ', c: 'z:1' })).toEqual({ a: 'x:2' });
});

test('an image is only replaced where it still is what the user saw', () => {
  const containers = [{ name: 'a', image: 'x:1' }, { name: 'b', image: 'y:1' }];
  expect(imagePatch({ ...deployment, spec: { template: { spec: { containers } } } }, { b: 'y:2' })).toEqual([
    { op: 'test', path: '/spec/template/spec/containers/1/name', value: 'b' },
    { op: 'test', path: '/spec/template/spec/containers/1/image', value: 'y:1' },
    { op: 'replace', path: '/spec/template/spec/containers/1/image', value: 'y:2' },
  ]);
});

import { expect, test } from 'vitest';
import { changedImages, imagePatch, rollBackPatch, rolloutSummary } from './rollout-summary.ts';
import type { Deployment } from './workload-types.ts';

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
test('rolling back is refused by the server when the spec has changed meanwhile', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'web:1' }] } };
  const revision = {
    revision: 9,
    isCurrent: false,
    replicaSet: 'web-9',
    createdAt: '',
    replicas: 0,
    readyReplicas: 0,
    images: {},
    template,
  };
  expect(rollBackPatch(deployment, revision)).toEqual([
    { op: 'test', path: '/metadata/generation', value: 7 },
    { op: 'replace', path: '/spec/template', value: template },
  ]);
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
  const containers = [
    { name: 'a', image: 'x:1' },
    { name: 'b', image: 'y:1' },
  ];
  expect(imagePatch({ ...deployment, spec: { template: { spec: { containers } } } }, { b: 'y:2' })).toEqual([
    { op: 'test', path: '/spec/template/spec/containers/1/name', value: 'b' },
    { op: 'test', path: '/spec/template/spec/containers/1/image', value: 'y:1' },
    { op: 'replace', path: '/spec/template/spec/containers/1/image', value: 'y:2' },
  ]);
});

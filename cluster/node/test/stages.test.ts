import { systemClock } from '@kit/base';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../start-cluster.ts';

const stage = (name: string, spec: object): ClusterObject => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: { resourceRef: { apiGroup: 'v1', kind: 'Pod' }, ...spec },
});

const labelled = (value: string) => ({ matchLabels: { stage: value } });
const runningTemplate = `
phase: Running
podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  state: { running: { startedAt: {{ Now | Quote }} } }
{{ end }}`;

/** A whole life, in our own words: it runs, gets a finalizer and an event, and loses the finalizer when it is deleted. */
const lives = [
  stage('starts', {
    selector: { ...labelled('lives'), matchExpressions: [{ key: '.status.podIP', operator: 'DoesNotExist' }] },
    next: {
      event: { type: 'Normal', reason: 'Staged', message: 'a stage was played' },
      finalizers: { add: [{ value: 'example.com/held' }] },
      statusTemplate: runningTemplate,
    },
  }),
  stage('ends', {
    selector: { ...labelled('lives'), matchExpressions: [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }] },
    steps: [{ finalizers: { empty: true } }, { delete: true }],
  }),
];

/** Only fails pods that are told to, and leaves the rest of their life to the node. */
const fails = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: fails
spec:
  resourceRef: { kind: Pod }
  selector:
    matchLabels: { stage: fails }
    matchExpressions:
    - cel: { expression: "self.status.phase == 'Running'" }
  delay:
    durationMilliseconds: 60000
    durationFrom: { expressionFrom: '.metadata.annotations["after"]' }
  next:
    statusTemplate: |
      phase: Failed
      reason: Staged
`;

let cluster: Cluster;
const definition: ClusterObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'stages.kwok.x-k8s.io' },
  spec: {
    group: 'kwok.x-k8s.io',
    scope: 'Cluster',
    names: { kind: 'Stage', listKind: 'StageList', plural: 'stages', singular: 'stage' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
const stageRef = { group: 'kwok.x-k8s.io', resource: 'stages' };

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, podDelayScale: 0, stages: [...lives, fails], clock: systemClock });
});
afterAll(() => cluster.stop());

async function create(name: string, labels: Record<string, string>, annotations = {}): Promise<void> {
  const pod: ClusterObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels, annotations },
    spec: { containers: [{ name: 'app', image: 'nginx' }] },
  };
  await vi.waitFor(() => cluster.client.create(refs.pods, pod), { timeout: 10_000 }); // its account comes soon
}

const get = (name: string): Promise<ClusterObject> => cluster.client.get(refs.pods, 'default', name);
const phaseOf = async (name: string): Promise<unknown> => (await get(name)).status?.phase;

test('stages take the pods they select through their life', async () => {
  await create('staged', { stage: 'lives' });
  await expect.poll(() => phaseOf('staged'), { timeout: 10_000 }).toBe('Running');
  const pod = await get('staged');
  expect(pod.metadata.finalizers).toEqual(['example.com/held']);
  expect(pod.status?.podIP).toMatch(/^10\.244\.0\./);
  // The built-in behaviour would have said more.
  expect(pod.status?.containerStatuses[0].containerID).toBeUndefined();
  const events = async (): Promise<unknown[]> =>
    (await cluster.client.list(refs.events, { namespace: 'default' })).items.map(({ reason }) => reason as unknown);
  await expect.poll(events, { timeout: 5_000 }).toContain('Staged');
  await cluster.client.delete(refs.pods, 'default', 'staged');
  await expect
    .poll(() => get('staged').catch((error: Error) => error.message), { timeout: 5_000 })
    .toMatch(/not found/);
});

test('pods no stage selects live as ever, and a stage may come in late', async () => {
  await create('plain', {});
  await create('failing', { stage: 'fails' }, { after: '300ms' });
  await expect.poll(() => phaseOf('plain'), { timeout: 10_000 }).toBe('Running');
  await expect.poll(() => phaseOf('failing'), { timeout: 10_000 }).toBe('Failed');
  expect((await get('failing')).status).toMatchObject({ reason: 'Staged', podIP: expect.any(String) as string });
});

test('Stages of the cluster are followed as they come, change and go; a wrong one says why', async () => {
  await cluster.client.create(refs.definitions, definition);
  const paused = stage('paused', {
    selector: {
      ...labelled('late'),
      matchExpressions: [{ key: '.status.phase', operator: 'In', values: ['Pending'] }],
    },
    next: { statusTemplate: 'phase: Succeeded\nmessage: first' },
  });
  const wrong = stage('wrong', { selector: {}, next: { statusTemplate: '{{ nothing }}' } });
  await vi.waitFor(() => cluster.client.create(stageRef, paused), { timeout: 5_000 });
  await cluster.client.create(stageRef, wrong);
  const complaint = async (): Promise<unknown> =>
    (await cluster.client.list(refs.events)).items.find(({ reason }) => reason === 'InvalidStage')?.message as unknown;
  await expect.poll(complaint, { timeout: 5_000 }).toMatch(/Stage "wrong": .*function "nothing" not defined/);
  await create('late', { stage: 'late' });
  await expect.poll(() => phaseOf('late'), { timeout: 10_000 }).toBe('Succeeded');
  await cluster.client.delete(stageRef, undefined, 'paused');
  // Whether it has been noticed: the next pod runs as if there had never been a stage.
  const isForgotten = async (): Promise<unknown> => {
    const name = `after-${Date.now()}`;
    await create(name, { stage: 'late' });
    await expect.poll(() => phaseOf(name), { timeout: 5_000 }).not.toBe('Pending');
    return phaseOf(name);
  };
  await expect.poll(isForgotten, { timeout: 15_000 }).toBe('Running');
});

test('a stage that is wrong keeps the cluster from starting, in words', async () => {
  const wrong = stage('wrong', { selector: { matchExpressions: [{ key: 'reduce .x', operator: 'Exists' }] } });
  await expect(startCluster({ nodes: 1, stages: [wrong] })).rejects.toThrow(/Stage "wrong": the jq expression/);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await RunningCluster.start(1);
});
afterAll(() => cluster.stop());

const hour = 3_600_000;

/** A CronJob that ran an hour ago, so that its next runs need no waiting. */
async function cronJob(namespace: string, spec: object): Promise<ClusterObject> {
  const container = { name: 'c', image: 'web:1', command: ['true'] };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  const made = await cluster.client.create(refs.cronJobs, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace },
    spec: { schedule: '0 * * * *', suspend: true, jobTemplate: { spec: { template } }, ...spec },
  });
  const lastScheduleTime = new Date(Date.now() - hour).toISOString().replace(/\.\d+/, '');
  const ranBefore = { ...made, status: { lastScheduleTime } };
  await cluster.client.update(refs.cronJobs, ranBefore, 'status');
  return cluster.client.patch(refs.cronJobs, namespace, 'tick', { type: 'merge', body: { spec: { suspend: false } } });
}

const jobs = (namespace: string): Promise<ClusterObject[]> => cluster.list(refs.jobs, namespace);
const events = async (namespace: string): Promise<string[]> =>
  (await cluster.list(refs.events, namespace))
    .filter((event) => event['involvedObject'].kind === 'CronJob')
    .map((event) => event['reason'] as string); // an Event's reason is text

test('a missed run is started once, named after its minute, and remembered when it has succeeded', async () => {
  const namespace = await cluster.namespace('cron-run');
  await cronJob(namespace, {});
  await eventually(async () => (await jobs(namespace)).length).toBe(1);
  const [job] = await jobs(namespace);
  const due = Math.floor(Date.now() / hour) * hour;
  expect(job?.metadata).toMatchObject({
    name: expect.stringMatching(/^tick-\d{8}$/),
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': expect.stringMatching(/:00:00Z$/) },
    ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true, blockOwnerDeletion: true }],
  });
  expect(Number(job?.metadata.name.slice(5)) * 60_000).toBeLessThanOrEqual(due + hour);
  const status = async (): Promise<unknown> => (await cluster.client.get(refs.cronJobs, namespace, 'tick')).status;
  await eventually(status).toMatchObject({
    lastSuccessfulTime: expect.any(String),
    lastScheduleTime: expect.any(String),
  });
  await eventually(status).not.toHaveProperty('active');
  await eventually(() => events(namespace)).toEqual(['SuccessfulCreate', 'SawCompletedJob']);
});

test('more successes than the limit are cleared away', async () => {
  const namespace = await cluster.namespace('cron-history');
  await cronJob(namespace, { successfulJobsHistoryLimit: 0 });
  await eventually(() => events(namespace)).toContain('SuccessfulDelete');
  await eventually(() => jobs(namespace)).toEqual([]);
});

test('with Forbid nothing starts beside a running job; with Replace the new one takes its place', async () => {
  const namespace = await cluster.namespace('cron-concurrency');
  const container = { name: 'c', image: 'web:1', command: ['sleep', '600'] };
  const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } };
  await cronJob(namespace, { concurrencyPolicy: 'Forbid', jobTemplate });
  await eventually(() => events(namespace)).toContain('SuccessfulCreate');
  const [first] = await jobs(namespace);
  // Another schedule and an older last run make another minute due.
  const schedule = { type: 'merge', body: { spec: { schedule: '15,45 * * * *' } } } as const; // literal types
  await cluster.client.patch(refs.cronJobs, namespace, 'tick', schedule);
  const lastScheduleTime = new Date(Date.now() - hour).toISOString().replace(/\.\d+/, '');
  const earlier = { type: 'merge', body: { status: { lastScheduleTime } } } as const; // literal types
  await eventually(async () => {
    await cluster.client.patch(refs.cronJobs, namespace, 'tick', earlier, 'status');
    return events(namespace);
  }).toContain('JobAlreadyActive');
  expect(await jobs(namespace)).toHaveLength(1);
  const replace = { type: 'merge', body: { spec: { concurrencyPolicy: 'Replace' } } } as const; // literal types
  await cluster.client.patch(refs.cronJobs, namespace, 'tick', replace);
  const names = async (): Promise<string[]> => (await jobs(namespace)).map(({ metadata }) => metadata.name);
  await eventually(async () => (await names()).includes(first?.metadata.name ?? '')).toBe(false);
  await eventually(names).toHaveLength(1);
  await cluster.client.delete(refs.cronJobs, namespace, 'tick');
});

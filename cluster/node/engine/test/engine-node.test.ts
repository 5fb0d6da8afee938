import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { silentLogger, systemClock } from '@kit/base';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ClusterObject } from '../../../client.ts';
import type { Pod, PodStatus } from '../../../reconcile/pod.ts';
import { refs } from '../../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../../start-cluster.ts';
import { type EngineNode, startEngineNode } from '../start-engine-node.ts';
import { engineMissing, startTestEngine, type TestEngine, testImage } from './test-engine.ts';

const missing = engineMissing();
if (missing) console.warn(`skipped: pods as real containers; ${missing}`);

const namespace = 'default';
const patience = { timeout: 60_000, interval: 100 };
let engine: TestEngine;
let cluster: Cluster;
let node: EngineNode;
let dataDir: string;

function startNode(): Promise<EngineNode> {
  const apiPort = Number(new URL(cluster.url).port);
  const { client } = cluster;
  return startEngineNode({
    client,
    clock: systemClock,
    log: silentLogger,
    engine: engine.socketPath,
    dataDir,
    apiPort,
  });
}

async function podOf(name: string): Promise<Pod> {
  return (await cluster.client.get(refs.pods, namespace, name)) as Pod;
}

async function createPod(name: string, spec: object, labels: Record<string, string> = {}): Promise<void> {
  await vi.waitFor(() => cluster.client.get(refs.serviceAccounts, namespace, 'default'), patience);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec };
  await cluster.client.create(refs.pods, pod); // a whole pod
}

const run = (command: string, more: object = {}): object => ({
  name: 'c',
  image: testImage,
  command: ['sh', '-c', command],
  ...more,
});

function statusBecomes(name: string, expected: object): Promise<PodStatus> {
  return vi.waitFor(async () => {
    const { status = {} } = await podOf(name);
    expect(status).toMatchObject(expected);
    return status;
  }, patience);
}

async function output(name: string, command: readonly string[]): Promise<string> {
  const { metadata } = await podOf(name);
  const key = { namespace, name, uid: metadata.uid ?? '' };
  const session = await node.runtime.exec(key, { container: 'c', command, tty: false });
  const stdout = new PassThrough();
  const read = text(stdout);
  await session.run({ stdout, signal: new AbortController().signal });
  stdout.end();
  return read;
}

const ended = (state: object): object => ({ containerStatuses: [{ state: { terminated: state } }] });

describe.skipIf(missing !== undefined)('pods as real containers', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'engine-data-'));
    engine = await startTestEngine();
    cluster = await startCluster({ nodes: 0 });
    node = await startNode();
  }, 90_000);
  afterAll(async () => {
    await node.stop();
    await cluster.stop();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);

  test.each([
    {
      why: 'what a process leaves as its last words is in the status',
      name: 'words',
      spec: { restartPolicy: 'Never', containers: [run('echo -n bye > /dev/termination-log; exit 3')] },
      status: { phase: 'Failed', ...ended({ exitCode: 3, reason: 'Error', message: 'bye' }) },
    },
    {
      why: 'a program that is not in the image never starts',
      name: 'unknown-program',
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: testImage, command: ['nothing'] }] },
      status: { phase: 'Failed', ...ended({ exitCode: 128, reason: 'StartError' }) },
    },
    {
      why: 'who takes more memory than its limit is ended by the kernel',
      name: 'greedy',
      spec: {
        restartPolicy: 'Never',
        containers: [{ ...run(''), command: ['tail', '/dev/zero'], resources: { limits: { memory: '16Mi' } } }],
      },
      status: { phase: 'Failed', ...ended({ exitCode: 137, reason: 'OOMKilled' }) },
    },
    {
      why: 'an image that is not there and may not be pulled',
      name: 'never',
      spec: { containers: [{ name: 'c', image: 'localhost/missing:1', imagePullPolicy: 'Never' }] },
      status: { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ErrImageNeverPull' } } }] },
    },
    {
      why: 'the second restart waits',
      name: 'crashing',
      spec: { containers: [run('exit 1')] },
      status: {
        containerStatuses: [
          {
            restartCount: 1,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1 } },
          },
        ],
      },
    },
    {
      why: 'init steps run first, one after the other, and share what they write with the others',
      name: 'steps',
      spec: {
        restartPolicy: 'Never',
        initContainers: ['one', 'two'].map((step) => ({
          ...run(`echo -n ${step} >> /steps/done`, { volumeMounts: [{ name: 'work', mountPath: '/steps' }] }),
          name: step,
        })),
        containers: [
          run('cat /steps/done > /dev/termination-log', { volumeMounts: [{ name: 'work', mountPath: '/steps' }] }),
        ],
        volumes: [{ name: 'work', emptyDir: { medium: 'Memory' } }],
      },
      status: { phase: 'Succeeded', ...ended({ exitCode: 0, reason: 'Completed', message: 'onetwo' }) },
    },
    {
      why: 'a user, a file system that cannot be written, variables and the place of the work are as the pod says',
      name: 'identity',
      spec: {
        restartPolicy: 'Never',
        containers: [
          run('touch /x 2>/dev/null || echo -n "$(id -u) $WHO $PWD" > /dev/termination-log', {
            env: [
              { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'WHO', value: 'I am $(NAME)' },
            ],
            workingDir: '/tmp',
            securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true },
            terminationMessagePath: '/dev/termination-log',
          }),
        ],
      },
      status: { phase: 'Succeeded', ...ended({ message: '1000 I am identity /tmp' }) },
    },
    {
      why: 'a sidecar ends when the work is done',
      name: 'helped',
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        initContainers: [{ ...run('exec sleep 1000'), name: 'side', restartPolicy: 'Always' }],
        containers: [run('true')],
      },
      status: { phase: 'Succeeded', initContainerStatuses: [{ state: { terminated: {} } }] },
    },
    {
      why: 'a container that does not answer its liveness probe is restarted',
      name: 'lifeless',
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          run('exec sleep 1000', {
            livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 1, failureThreshold: 1 },
          }),
        ],
      },
      status: { containerStatuses: [{ restartCount: 1 }] },
    },
  ])('$name: $why', async ({ name, spec, status }) => {
    await createPod(name, spec);
    await statusBecomes(name, status);
    await cluster.client.delete(refs.pods, namespace, name, { gracePeriodSeconds: 1 });
  });

  test('the bookshelf runs, and is reached by the name and the address of its service', async () => {
    const file = new URL('../../../../samples/bookshelf.yaml', import.meta.url);
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
      const object = document.toJS() as ClusterObject; // a Kubernetes object
      const group = object.apiVersion.includes('/') ? 'apps' : '';
      const ref = { group, resource: `${object.kind.toLowerCase()}s` };
      await cluster.client.create(ref, { ...object, metadata: { ...object.metadata, namespace } });
    }
    await createPod('reader', { terminationGracePeriodSeconds: 0, containers: [run('exec sleep 1000')] });
    await statusBecomes('reader', { phase: 'Running' });
    await vi.waitFor(async () => {
      const { status } = await cluster.client.get(refs.deployments, namespace, 'web');
      expect(status).toMatchObject({ readyReplicas: 2 });
    }, patience);
    await vi.waitFor(async () => {
      expect(await output('reader', ['timeout', '5', 'wget', '-qO-', 'http://web/index.html'])).toContain(
        'Three books',
      );
    }, patience);
    const { spec } = await cluster.client.get(refs.services, namespace, 'web');
    const address = (spec as { clusterIP: string }).clusterIP; // a Service
    const answer = await fetch(`http://${address}/index.html`);
    expect(await answer.text()).toContain('Bookshelf');
    const { items } = await cluster.client.list(refs.pods, { namespace, labelSelector: 'app=web' });
    const [web] = items as Pod[];
    const key = { namespace, name: web?.metadata.name ?? '', uid: web?.metadata.uid ?? '' };
    const lines: Uint8Array[] = [];
    const signal = new AbortController().signal;
    for await (const chunk of node.runtime.logs(key, { container: 'httpd', signal })) lines.push(chunk);
    expect(Buffer.concat(lines).toString()).toContain('bookshelf web is listening on 8080');
  });

  test('containers run on while nothing looks after them, and are taken up again', async () => {
    await createPod('lasting', { terminationGracePeriodSeconds: 0, containers: [run('exec sleep 1000')] });
    const before = await statusBecomes('lasting', { phase: 'Running' });
    await node.stop();
    node = await startNode();
    expect(await output('lasting', ['hostname'])).toBe('lasting\n');
    const after = await statusBecomes('lasting', { phase: 'Running', containerStatuses: [{ restartCount: 0 }] });
    expect(after.containerStatuses?.[0]?.containerID).toBe(before.containerStatuses?.[0]?.containerID);
  });

  test('nothing is left of pods that were deleted', async () => {
    await cluster.client.delete(refs.deployments, namespace, 'web', { propagationPolicy: 'Background' });
    for (const name of ['reader', 'recommender'])
      await cluster.client.delete(refs.deployments, namespace, name, { propagationPolicy: 'Background' });
    const { items } = await cluster.client.list(refs.pods, { namespace });
    for (const { metadata } of items)
      await cluster.client
        .delete(refs.pods, namespace, metadata.name, { gracePeriodSeconds: 0 })
        .catch(() => undefined); // it may be gone
    await vi.waitFor(async () => {
      const all = await engine.client.json<{ Names: string[] }[]>('GET', '/containers/json', { query: { all: true } });
      expect(all.flatMap(({ Names }) => Names).filter((name) => name.includes('k8s_'))).toEqual([]);
      expect(await readdir(join(dataDir, 'pods'))).toEqual([]);
    }, patience);
  });
});

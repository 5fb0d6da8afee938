import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PassThrough, Readable } from 'node:stream';
import { silentLogger, systemClock } from '@kit/base';
import { expect, vi } from 'vitest';
import type { PodKey, ProcessResult } from '../../../node-runtime.ts';
import type { Pod, PodStatus } from '../../../reconcile/pod.ts';
import { refs } from '../../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../../start-cluster.ts';
import { type EngineNode, startEngineNode } from '../start-engine-node.ts';
import { startTestEngine, testImage } from './test-engine.ts';

export const namespace = 'default';
export const patience = { timeout: 100_000, interval: 100 };

/** What a command in a container has come to. */
export interface Outcome extends ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A cluster with one node, whose pods are containers of a Podman of the test's own. */
export interface RunningNode {
  readonly cluster: Cluster;
  readonly node: EngineNode;
  createPod(name: string, spec: object, labels?: Record<string, string>): Promise<void>;
  pod(name: string): Promise<Pod>;
  keyOf(name: string): Promise<PodKey>;
  /** Resolves with the status once it has all of this. */
  statusBecomes(name: string, expected: object): Promise<PodStatus>;
  /** Resolves when an event about the pod says so. */
  told(name: string, expected: object): Promise<void>;
  run(name: string, command: readonly string[], input?: string): Promise<Outcome>;
  stop(): Promise<void>;
}

/** A container that runs this script. */
export const shell = (script: string, more: object = {}): object => ({
  name: 'c',
  image: testImage,
  command: ['sh', '-c', script],
  ...more,
});

async function outcomeOf(
  node: EngineNode,
  key: PodKey,
  ask: { command: readonly string[]; input?: string },
): Promise<Outcome> {
  const session = await node.runtime.exec(key, { container: 'c', command: ask.command, tty: false });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(stdout), text(stderr)]);
  const stdin = ask.input === undefined ? {} : { stdin: Readable.from([Buffer.from(ask.input)]) };
  try {
    const end = await session.run({ ...stdin, stdout, stderr, signal: new AbortController().signal });
    stdout.end();
    stderr.end();
    const [out, err] = await read;
    return { ...end, stdout: out, stderr: err };
  } finally {
    stdout.end();
    stderr.end();
  }
}

/** Starts the engine, the cluster and the node. */
export async function startRunningNode(): Promise<RunningNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'engine-data-'));
  const engine = await startTestEngine();
  const cluster = await startCluster({ nodes: 0, storage: true, dataDir: join(dataDir, 'cluster') });
  const { client } = cluster;
  const apiPort = Number(new URL(cluster.url).port);
  const node = await startEngineNode({
    client,
    clock: systemClock,
    log: silentLogger,
    engine: engine.socketPath,
    dataDir,
    apiPort,
  });
  await vi.waitFor(() => client.get(refs.serviceAccounts, namespace, 'default'), patience);
  const pod = async (name: string): Promise<Pod> => (await client.get(refs.pods, namespace, name)) as Pod; // a pod
  const keyOf = async (name: string): Promise<PodKey> => {
    const { metadata } = await pod(name);
    return { namespace, name, uid: metadata.uid ?? '' };
  };
  return {
    cluster,
    node,
    pod,
    keyOf,
    async createPod(name, spec, labels = {}) {
      const made = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec };
      await client.create(refs.pods, made);
    },
    statusBecomes: (name, expected) =>
      vi.waitFor(async () => {
        const { status = {} } = await pod(name);
        expect(status).toMatchObject(expected);
        return status;
      }, patience),
    told: (name, expected) =>
      vi.waitFor(async () => {
        const { items } = await client.list({ group: '', resource: 'events' }, { namespace });
        const about = items.filter((one) => (one['involvedObject'] as { name: string }).name === name); // an Event
        expect(about).toContainEqual(expect.objectContaining(expected));
      }, patience),
    run: async (name, command, input) =>
      outcomeOf(node, await keyOf(name), { command, ...(input !== undefined && { input }) }),
    async stop() {
      for (const { metadata } of (await client.list(refs.pods, { namespace })).items)
        await client.delete(refs.pods, namespace, metadata.name, { gracePeriodSeconds: 0 }).catch(() => undefined); // it may be gone
      await node.stop();
      await cluster.stop();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { isFinished, type Pod, type PodStatus } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { WorkQueue } from '../../reconcile/work-queue.ts';
import type { EnginePod } from './engine-pod.ts';
import { enginePodStatus } from './engine-status.ts';
import { idScheme, type NodeParts } from './node-parts.ts';
import { limitedVolumes } from './pod-volumes.ts';
import { type PodSight, PodWorker } from './pod-worker.ts';

export interface EngineAgentOptions {
  /** Acts as the node. */
  readonly client: ClusterClient;
  readonly node: string;
  readonly pods: Informer<Pod>;
  readonly parts: Omit<NodeParts, 'record'>;
}

const mostPauseMs = 30_000;
const sizePeriodMs = 10_000;
const evictionGraceSeconds = 1;

/** Runs the pods bound to one node in the engine, and writes in their status how they are. */
export class EngineAgent {
  readonly #options: EngineAgentOptions;
  readonly #parts: NodeParts;
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;
  readonly #workers = new Map<string, PodWorker>();
  readonly #released = new Set<string>();
  /** Why pods have to go that take more than they may. */
  readonly #evicted = new Map<string, string>();
  readonly #removals = new Set<Promise<void>>();

  constructor(options: EngineAgentOptions) {
    this.#options = options;
    const { client, node, pods } = options;
    const { clock, log } = options.parts;
    this.#events = new EventRecorder({ client, clock, log, component: 'kubelet', host: node });
    this.#parts = { ...options.parts, record: (pod, event) => this.#events.record(pod, event) };
    this.#queue = new WorkQueue({ name: 'engine-node', clock, log, workers: 32, work: (key) => this.#sync(key) });
    pods.onChange(({ before, after }) => {
      if (before?.spec.nodeName === node && before.metadata.uid !== after?.metadata.uid) this.#remove(before);
      if (after?.spec.nodeName === node) this.#queue.add(keyOf(after));
    });
  }

  /** Containers of pods that are gone, from before this process, are removed. Call it when all pods are known. */
  async removeStrangers(): Promise<void> {
    const { pods, node } = this.#options;
    const uids = await this.#parts.containers.podUids();
    for (const pod of pods.all()) if (pod.spec.nodeName === node) uids.delete(pod.metadata.uid ?? '');
    await Promise.all([...uids].map((uid) => new PodWorker(this.#parts, () => undefined).remove(uid)));
  }

  /** Lets go of the pods; their containers run on. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    for (const worker of this.#workers.values()) worker.close();
    await Promise.all(this.#removals);
    await this.#events.flush();
  }

  #worker(pod: Pod): PodWorker {
    const uid = pod.metadata.uid ?? '';
    const known = this.#workers.get(uid);
    if (known) return known;
    const key = keyOf(pod);
    const made = new PodWorker(this.#parts, () => this.#queue.add(key));
    this.#workers.set(uid, made);
    return made;
  }

  async #sync(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const { pods, node } = this.#options;
    const found = pods.get(namespace, name);
    if (!found || found.spec.nodeName !== node) return;
    const pod = found; // its schema has been checked
    if (pod.metadata.deletionTimestamp) return this.#terminate(pod);
    if (isFinished(pod)) return this.#release(pod);
    const { clock } = this.#parts;
    if (isOverdue(pod, clock.now())) return this.#exceeded(pod);
    if (await this.#takesTooMuch(pod)) return this.#evict(pod);
    const sight = await this.#worker(pod).sync(pod);
    await this.#writeStatus(pod, this.#statusOf(pod, sight));
    const sizesMs = limitedVolumes(pod).length > 0 ? clock.now() + sizePeriodMs : Infinity;
    const nextMs = Math.min(sight.nextMs ?? Infinity, deadlineMs(pod) ?? Infinity, sizesMs);
    this.#queue.addAfter(key, Math.min(mostPauseMs, Math.max(50, nextMs - clock.now())));
  }

  #statusOf(pod: EnginePod, sight: PodSight): PodStatus {
    const { engine, clock, hostIP } = this.#parts;
    return enginePodStatus(pod, sight, { nowMs: clock.now(), hostIP, scheme: idScheme(engine) });
  }

  async #writeStatus(pod: EnginePod, status: PodStatus): Promise<void> {
    const known: Record<string, unknown> = { ...pod.status };
    if (Object.entries(status).every(([field, value]) => canonical(value) === canonical(known[field]))) return;
    const { namespace, name, uid } = pod.metadata;
    const body = { metadata: { uid }, status };
    const { client, pods } = this.#options;
    pods.observe(await client.patch(refs.pods, namespace, name, { type: 'merge', body }, 'status'));
  }

  async #exceeded(pod: EnginePod): Promise<void> {
    const end = await this.#worker(pod).terminate(pod, pod.spec.terminationGracePeriodSeconds ?? 30);
    if (!end.isOver) return;
    const status = this.#statusOf(pod, end);
    const message = 'Pod was active on the node longer than the specified deadline';
    this.#parts.record(pod, { type: 'Normal', reason: 'DeadlineExceeded', message });
    await this.#writeStatus(pod, { ...status, phase: 'Failed', reason: 'DeadlineExceeded', message });
  }

  async #takesTooMuch(pod: EnginePod): Promise<boolean> {
    const { uid = '' } = pod.metadata;
    if (this.#evicted.has(uid)) return true;
    const message = await this.#parts.volumes.overfull(pod);
    if (message === undefined) return false;
    this.#evicted.set(uid, message);
    this.#parts.record(pod, { type: 'Warning', reason: 'Evicted', message });
    return true;
  }

  async #evict(pod: EnginePod): Promise<void> {
    const message = this.#evicted.get(pod.metadata.uid ?? '') ?? '';
    const end = await this.#worker(pod).terminate(pod, evictionGraceSeconds);
    if (!end.isOver) return;
    const run = this.#statusOf(pod, end);
    await this.#writeStatus(pod, { ...run, phase: 'Failed', reason: 'Evicted', message });
  }

  /** A finished pod gives back its address; its ended containers stay for their logs. */
  async #release(pod: EnginePod): Promise<void> {
    const { uid = '' } = pod.metadata;
    if (this.#released.has(uid)) return;
    await this.#worker(pod).release(uid);
    this.#released.add(uid);
  }

  async #terminate(pod: EnginePod): Promise<void> {
    const { uid = '', namespace, name, deletionGracePeriodSeconds } = pod.metadata;
    const worker = this.#worker(pod);
    const end = await worker.terminate(pod, deletionGracePeriodSeconds ?? 30);
    if (!isFinished(pod)) await this.#writeStatus(pod, this.#statusOf(pod, end));
    if (!end.isOver) return;
    await worker.remove(uid);
    try {
      await this.#options.client.delete(refs.pods, namespace, name, { uid, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
    }
    this.#forget(uid);
  }

  /** The pod is gone from the server: with force, or as its end was just told. */
  #remove({ metadata }: ClusterObject): void {
    const { uid = '' } = metadata;
    const worker = this.#workers.get(uid);
    if (!worker) return;
    this.#forget(uid);
    const { log } = this.#parts;
    const removal = worker
      .remove(uid)
      .catch((error: unknown) =>
        log.warn('containers of a deleted pod were not removed', { pod: metadata.name, error }),
      )
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #forget(uid: string): void {
    this.#workers.get(uid)?.close();
    this.#workers.delete(uid);
    this.#released.delete(uid);
    this.#evicted.delete(uid);
  }
}

function deadlineMs({ spec, status }: EnginePod): number | undefined {
  const { activeDeadlineSeconds: seconds } = spec;
  const startedMs = Date.parse(status?.startTime ?? '');
  return seconds === undefined || Number.isNaN(startedMs) ? undefined : startedMs + seconds * 1000;
}

function isOverdue(pod: EnginePod, nowMs: number): boolean {
  return (deadlineMs(pod) ?? Infinity) <= nowMs;
}

import { type Clock, isApiError, type Logger, timestamp } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import { canonical } from '../reconcile/canonical.ts';
import { EventRecorder } from '../reconcile/event-recorder.ts';
import type { Change, Informer } from '../reconcile/informer.ts';
import { InformerSet } from '../reconcile/informer-set.ts';
import { keyOf, splitKey } from '../reconcile/object-key.ts';
import { isActive, isFinished, type Pod, podCondition } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { WorkQueue } from '../reconcile/work-queue.ts';
import { type Candidate, reject, type Rejection, rejectionMessage } from './filters.ts';
import { NodeUsage, type SchedulableNode } from './node-usage.ts';
import { chooseNode } from './scoring.ts';

export interface SchedulerOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
}

const schedulerName = 'default-scheduler';
const retryMs = { first: 1_000, most: 10_000 };

/** Starts the scheduler: it gives every pod without a node the best node that can take it, or says why none can. */
export function startScheduler(options: SchedulerOptions): { stop(): Promise<void> } {
  return new Scheduler({ ...options, client: options.client.as('system:kube-scheduler') });
}

class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #informers: InformerSet;
  readonly #nodes: Informer<SchedulableNode>;
  readonly #pods: Informer<Pod>;
  readonly #usage = new NodeUsage();
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;
  /** Pods no node can take now, with the number of attempts: tried again when something changes. */
  readonly #waiting = new Map<string, number>();

  constructor(options: SchedulerOptions) {
    const { client, clock, log } = options;
    this.#options = options;
    this.#events = new EventRecorder({ client, clock, log, component: schedulerName });
    this.#queue = new WorkQueue({ name: 'scheduler', clock, log, workers: 64, work: (key) => this.#schedule(key) });
    this.#informers = new InformerSet({ client, clock, log });
    this.#nodes = this.#informers.of<SchedulableNode>(refs.nodes).onChange((change) => this.#seeNode(change));
    this.#pods = this.#informers.of<Pod>(refs.pods).onChange((change) => this.#seePod(change));
    void this.#informers.start().then(() => {
      for (const pod of this.#pods.all()) this.#enqueue(pod);
    });
  }

  async stop(): Promise<void> {
    this.#informers.stop();
    await this.#queue.stop();
    await this.#events.flush();
  }

  #seeNode({ before, after }: Change<SchedulableNode>): void {
    const relevant = (node: SchedulableNode | undefined): string =>
      JSON.stringify([node?.spec, node?.status?.allocatable, node?.metadata.labels]);
    if (after && relevant(before) !== relevant(after)) this.#retryWaiting();
  }

  #seePod({ before, after }: Change<Pod>): void {
    if (before) this.#leave(before, after);
    if (after) this.#arrive(after);
  }

  #leave(before: Pod, after: Pod | undefined): void {
    if (before.metadata.uid !== after?.metadata.uid) this.#free(before.metadata.uid);
    // A pod that asks for something else is not the pod any more that no node could take.
    if (canonical(before.spec) !== canonical(after?.spec)) this.#waiting.delete(keyOf(before));
  }

  #arrive(pod: Pod): void {
    if (isFinished(pod)) this.#free(pod.metadata.uid);
    else if (pod.spec.nodeName) this.#usage.place(pod, pod.spec.nodeName);
    // Until the first list of nodes is there, every pod would be without a node to go to.
    if (this.#nodes.synced) this.#enqueue(pod);
  }

  #free(uid: string | undefined): void {
    if (uid && this.#usage.remove(uid)) this.#retryWaiting();
  }

  #enqueue(pod: Pod): void {
    if (this.#isUnplaced(pod) && !this.#waiting.has(keyOf(pod))) this.#queue.add(keyOf(pod));
  }

  #isUnplaced(pod: Pod): boolean {
    const { metadata, spec } = pod;
    if (spec.nodeName || this.#usage.has(metadata.uid ?? '') || !isActive(pod)) return false;
    return (spec.schedulerName ?? schedulerName) === schedulerName && !spec.schedulingGates?.length;
  }

  #retryWaiting(): void {
    for (const [key, attempts] of this.#waiting) {
      this.#queue.addAfter(key, Math.min(retryMs.most, retryMs.first * 2 ** (attempts - 1)));
    }
  }

  async #schedule(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = this.#pods.get(namespace, name);
    if (!pod || !this.#isUnplaced(pod)) return;
    const { chosen, rejections } = this.#choose(pod);
    if (!chosen) return this.#postpone(key, pod, rejectionMessage(rejections));
    this.#waiting.delete(key);
    const node = chosen.node.metadata.name;
    // Counted before it is bound: the next pod is placed while this binding is still on its way.
    this.#usage.place(pod, node);
    await this.#bind(pod, node);
  }

  #choose(pod: Pod): { chosen: Candidate | undefined; rejections: Rejection[] } {
    const rejections: Rejection[] = [];
    const candidates: Candidate[] = [];
    for (const node of this.#nodes.all()) {
      const candidate = { node, usage: this.#usage.of(node.metadata.name) };
      const rejection = reject(pod, candidate);
      if (rejection) rejections.push(rejection);
      else candidates.push(candidate);
    }
    return { chosen: chooseNode(pod, candidates), rejections };
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    try {
      await this.#options.client.post(refs.pods, namespace, name, 'binding', binding);
    } catch (error) {
      this.#usage.remove(uid ?? '');
      // A pod that is gone, or that someone else has bound, needs nothing more from us.
      if (isApiError(error, 'NotFound') || isApiError(error, 'Conflict')) return;
      throw error;
    }
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    this.#events.record(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' });
  }

  async #postpone(key: string, pod: Pod, message: string): Promise<void> {
    this.#waiting.set(key, (this.#waiting.get(key) ?? 0) + 1);
    this.#events.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
    const known = podCondition(pod, 'PodScheduled');
    if (known?.status === 'False' && known.message === message) return;
    const lastTransitionTime =
      known?.status === 'False' ? known.lastTransitionTime : timestamp(this.#options.clock.now());
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      observedGeneration: pod.metadata.generation,
      lastProbeTime: null,
      lastTransitionTime,
    };
    const { namespace, name } = pod.metadata;
    const body = { status: { conditions: [condition] } };
    await this.#options.client
      .patch(refs.pods, namespace, name, { type: 'strategic', body }, 'status')
      .catch((error: unknown) => {
        if (!isApiError(error, 'NotFound')) throw error;
      });
  }
}

import { isApiError, timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type NodeTaint, stayMs } from './tainted-stay.ts';

type Node = ClusterObject & { spec?: { taints?: readonly NodeTaint[] } };

/** Deletes pods from nodes with NoExecute taints, when they tolerate them no longer. */
export function taintEvictionController(context: ControllerContext): Controller {
  return new TaintEvictions(context).controller;
}

const forbidding = (node: Node | undefined): readonly NodeTaint[] =>
  (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

class TaintEvictions {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #events: EventRecorder;
  /** Pods that have to go some time, with when their stay began. */
  readonly #marked = new Map<string, number>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('taint-eviction-controller');
    this.#pods = context.informers.of<Pod>(refs.pods);
    this.#pods.addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#nodes = context.informers.of<Node>(refs.nodes);
    this.controller = new QueueController(context, {
      name: 'taint-eviction',
      reconcile: (key) => this.#reconcile(key),
    });
    this.controller.feed(this.#nodes, (node, { before, after }) => {
      const isSame = canonical(forbidding(before)) === canonical(forbidding(after));
      return isSame ? [] : this.#pods.byIndex('node', node.metadata.name).map(keyOf);
    });
    this.controller.feed(this.#pods, (pod, { before, after }) => {
      const isOld =
        before?.spec.nodeName === after?.spec.nodeName && before?.spec.tolerations === after?.spec.tolerations;
      const isTainted = forbidding(this.#nodes.get(undefined, pod.spec.nodeName ?? '')).length > 0;
      return isTainted && !isOld ? [keyOf(pod)] : [];
    });
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = this.#pods.get(namespace, name);
    if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp) return void this.#marked.delete(key);
    const taints = forbidding(this.#nodes.get(undefined, pod.spec.nodeName));
    const nowMs = this.#context.clock.now();
    const sinceMs = this.#marked.get(key) ?? nowMs;
    const untilMs = stayMs(taints, pod.spec.tolerations, sinceMs);
    if (untilMs === undefined) return this.#cancel(key, pod);
    if (untilMs > nowMs) {
      this.#marked.set(key, sinceMs);
      return this.controller.queue.addAfter(key, untilMs - nowMs);
    }
    this.#marked.delete(key);
    await this.#evict(pod);
  }

  #cancel(key: string, pod: Pod): void {
    if (this.#marked.delete(key)) this.#tell(pod, 'Cancelling deletion of');
  }

  #tell(pod: Pod, what: string): void {
    const message = `${what} Pod ${keyOf(pod)}`;
    this.#events.record(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
  }

  async #evict(pod: Pod): Promise<void> {
    const { client, clock } = this.#context;
    const { namespace, name, uid } = pod.metadata;
    this.#tell(pod, 'Marking for deletion');
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: timestamp(clock.now()),
    };
    try {
      const body = { metadata: { uid }, status: { conditions: [condition] } };
      await client.patch(refs.pods, namespace, name, { type: 'strategic', body }, 'status');
      await client.delete(refs.pods, namespace, name, { uid });
      this.#pods.expectDeletion(pod);
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }
}

import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { availableFromMs, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import type { SchedulableNode } from '../../scheduler/node-state.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { RevisionHistory } from '../revision-history.ts';
import { daemonHashLabel, daemonMoves, daemonSpec, daemonStatus, type DaemonMoment } from './daemon-pods.ts';
import type { DaemonSet } from './daemonset.ts';

/** Keeps one pod of each daemon set on every node it wants. */
export function daemonSetController(context: ControllerContext): Controller {
  return new DaemonSets(context).controller;
}

class DaemonSets {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #sets: Informer<DaemonSet>;
  readonly #nodes: Informer<SchedulableNode>;
  readonly #pods: Informer<Pod>;
  readonly #history: RevisionHistory;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('daemonset-controller');
    this.#sets = context.informers.of<DaemonSet>(refs.daemonSets);
    this.#nodes = context.informers.of<SchedulableNode>(refs.nodes);
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods));
    this.#history = new RevisionHistory(context, daemonHashLabel);
    this.controller = new QueueController(context, { name: 'daemonset', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#sets, (set) => [keyOf(set)]);
    this.controller.feed(this.#nodes, (_, { before, after }) =>
      matters(before, after) ? [...this.#sets.all()].map(keyOf) : [],
    );
    this.controller.feed(this.#pods, (pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === 'DaemonSet' ? [keyFrom(pod.metadata.namespace, owner.name)] : [];
    });
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = this.#sets.get(namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const { client } = this.#context;
    await claim({ client, ref: refs.pods, informer: this.#pods, owner: set, selector: set.spec.selector });
    const revision = await this.#history.current(set);
    const moves = daemonMoves(this.#moment(set, revision.hash));
    for (const node of moves.create) await this.#create(set, node, revision.hash);
    for (const pod of moves.delete) await this.#delete(set, pod);
    const moment = this.#moment(set, revision.hash);
    await this.#writeStatus(moment);
    const live = moment.pods.map(({ metadata }) => `${name}-${metadata.labels?.[daemonHashLabel]}`);
    await this.#history.truncate(set, new Set([revision.name, ...live]));
    this.#wakeFor(moment);
  }

  #moment(set: DaemonSet, hash: string): DaemonMoment {
    const pods = ownedBy(this.#pods, set.metadata.uid);
    return { set, nodes: [...this.#nodes.all()], pods, hash, nowMs: this.#context.clock.now() };
  }

  async #create(set: DaemonSet, node: string, hash: string): Promise<void> {
    const labels = { [daemonHashLabel]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1) };
    const pod = podFromTemplate(set, set.spec.template, labels);
    const created = await this.#context.client.create(refs.pods, { ...pod, spec: daemonSpec(pod.spec, node) });
    this.#pods.observe(created);
    this.#events.record(set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${created.metadata.name}`,
    });
  }

  async #delete(set: DaemonSet, pod: Pod): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    await this.#context.client.delete(refs.pods, namespace, name, { uid });
    this.#pods.expectDeletion(pod);
    this.#events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  }

  async #writeStatus(moment: DaemonMoment): Promise<void> {
    const { set } = moment;
    const status = daemonStatus(moment);
    if (canonical(status) === canonical(set.status ?? {})) return;
    this.#sets.observe(
      await this.#context.client.update(refs.daemonSets, structuredClone({ ...set, status }), 'status'),
    );
  }

  #wakeFor({ set, pods, nowMs }: DaemonMoment): void {
    const times = pods
      .map((pod) => availableFromMs(pod, set.spec.minReadySeconds ?? 0) ?? 0)
      .filter((atMs) => atMs > nowMs);
    if (times.length > 0) this.controller.queue.addAfter(keyOf(set), Math.min(...times) - nowMs);
  }
}

// A heartbeat changes nothing for daemons; a new node, a label or a taint does.
function matters(before: SchedulableNode | undefined, after: SchedulableNode | undefined): boolean {
  if (!before || !after) return true;
  return canonical([before.spec, before.metadata.labels]) !== canonical([after.spec, after.metadata.labels]);
}

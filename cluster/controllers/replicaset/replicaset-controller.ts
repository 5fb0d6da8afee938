import { isApiError } from '@kit/base';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { isActive, isFinished, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { matchesSelector } from '../../reconcile/selectors.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { messageOf, slowStart } from '../slow-start.ts';
import { rankForDeletion } from './deletion-ranking.ts';
import { nextAvailableMs, replicaSetStatus, type StatusInputs } from './replicaset-status.ts';
import type { ReplicaSet } from './replicaset.ts';

const mostAtOnce = 500;

/** Keeps as many pods as each replica set asks for, and says in its status how they are. */
export function replicaSetController(context: ControllerContext): Controller {
  return new ReplicaSets(context).controller;
}

class ReplicaSets {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('replicaset-controller');
    this.#sets = indexForClaims(context.informers.of<ReplicaSet>(refs.replicaSets));
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods));
    this.controller = new QueueController(context, {
      name: 'replicaset',
      workers: 8,
      reconcile: (key) => this.#reconcile(key),
    });
    this.controller.feed(this.#sets, (set) => [keyOf(set)]);
    this.controller.feed(this.#pods, (pod) => this.#setsOf(pod));
  }

  #setsOf(pod: Pod): string[] {
    const owner = controllerOf(pod);
    if (owner) return owner.kind === 'ReplicaSet' ? [keyFrom(pod.metadata.namespace, owner.name)] : [];
    const matching = [...this.#sets.all()].filter(
      (set) =>
        set.metadata.namespace === pod.metadata.namespace && matchesSelector(set.spec.selector, pod.metadata.labels),
    );
    return matching.map(keyOf);
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = this.#sets.get(namespace, name);
    if (!set) return;
    await claim({
      client: this.#context.client,
      ref: refs.pods,
      informer: this.#pods,
      owner: set,
      selector: set.spec.selector,
      adoptable: (pod) => !isFinished(pod),
    });
    const failure = set.metadata.deletionTimestamp ? undefined : await this.#scale(set);
    await this.#writeStatus(set, failure);
  }

  async #scale(set: ReplicaSet): Promise<StatusInputs['failure']> {
    const active = ownedBy(this.#pods, set.metadata.uid).filter(isActive);
    const missing = (set.spec.replicas ?? 1) - active.length;
    if (missing > 0) return this.#createPods(set, Math.min(missing, mostAtOnce));
    if (missing < 0) return this.#deletePods(set, active, Math.min(-missing, mostAtOnce));
    return undefined;
  }

  async #createPods(set: ReplicaSet, count: number): Promise<StatusInputs['failure']> {
    const { failure } = await slowStart(count, async () => {
      const pod = await this.#context.client.create(refs.pods, podFromTemplate(set, set.spec.template));
      this.#pods.observe(pod);
      const message = `Created pod: ${pod.metadata.name}`;
      this.#events.record(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
    });
    if (failure === undefined) return undefined;
    const message = messageOf(failure);
    this.#events.record(set, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${message}` });
    this.controller.queue.addAfter(keyOf(set), 1_000);
    return { reason: 'FailedCreate', message };
  }

  async #deletePods(set: ReplicaSet, active: readonly Pod[], count: number): Promise<StatusInputs['failure']> {
    const onNode = new Map<string, number>();
    for (const { spec } of this.#family(set))
      onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1);
    const ranked = rankForDeletion(active, (pod) => onNode.get(pod.spec.nodeName ?? '') ?? 0);
    const results = await Promise.allSettled(ranked.slice(0, count).map((pod) => this.#deletePod(set, pod)));
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return undefined;
    const message = messageOf(failed.reason);
    this.#events.record(set, { type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${message}` });
    this.controller.queue.addAfter(keyOf(set), 1_000);
    return { reason: 'FailedDelete', message };
  }

  /** The active pods of all replica sets with the same owner, e.g. of all revisions of a deployment. */
  #family(set: ReplicaSet): Pod[] {
    const owner = controllerOf(set);
    const sets = owner ? ownedBy(this.#sets, owner.uid) : [set];
    return sets.flatMap((one) => ownedBy(this.#pods, one.metadata.uid)).filter(isActive);
  }

  async #deletePod(set: ReplicaSet, pod: Pod): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    try {
      await this.#context.client.delete(refs.pods, namespace, name, { uid });
    } catch (error) {
      if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
    }
    this.#pods.expectDeletion(pod);
    this.#events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  }

  async #writeStatus(set: ReplicaSet, failure: StatusInputs['failure']): Promise<void> {
    const pods = ownedBy(this.#pods, set.metadata.uid);
    const nowMs = this.#context.clock.now();
    const status = replicaSetStatus({ replicaSet: set, pods, nowMs, failure });
    const wakeMs = nextAvailableMs(set, pods, nowMs);
    if (wakeMs !== undefined) this.controller.queue.addAfter(keyOf(set), wakeMs - nowMs);
    if (canonical(status) === canonical(set.status ?? {})) return;
    const latest = this.#sets.get(set.metadata.namespace, set.metadata.name) ?? set;
    const written = await this.#context.client.update(
      refs.replicaSets,
      structuredClone({ ...latest, status }),
      'status',
    );
    this.#sets.observe(written);
  }
}

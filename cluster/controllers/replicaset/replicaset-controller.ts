import { isApiError } from '@kit/base';
import type { ResourceRef } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { isActive, isFinished, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type LabelSelector, matchesSelector } from '../../reconcile/selectors.ts';
import { claim, countOwned, indexForClaims, ownedBy } from '../claim.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { messageOf, slowStart } from '../slow-start.ts';
import { rankForDeletion } from './deletion-ranking.ts';
import { nextAvailableMs, replicaSetStatus, type StatusInputs } from './replicaset-status.ts';
import type { ReplicaSet } from './replicaset.ts';

const mostAtOnce = 500;
const inNamespace = 'namespace';

// Changes of the pods of a large set are looked at together: a second's at 5,000, each one below 200.
const gathering = { fromPods: 200, msPerPod: 0.2, mostMs: 1_000 };

/** Replica sets and replication controllers are the same but for their selector. */
interface SetKind {
  readonly name: string;
  readonly kind: string;
  readonly ref: ResourceRef;
  readonly selectorOf: (set: ReplicaSet) => LabelSelector;
}

/** Keeps as many pods as each replica set asks for, and says in its status how they are. */
export function replicaSetController(context: ControllerContext): Controller {
  const kind = { name: 'replicaset', kind: 'ReplicaSet', ref: refs.replicaSets };
  return new ReplicaSets(context, { ...kind, selectorOf: ({ spec }) => spec.selector }).controller;
}

/** The same for replication controllers, whose selector is the labels themselves. */
export function replicationController(context: ControllerContext): Controller {
  const kind = { name: 'replication', kind: 'ReplicationController', ref: refs.replicationControllers };
  const selectorOf = ({ spec }: ReplicaSet): LabelSelector => ({
    matchLabels: spec.selector as Record<string, string>, // of this kind it is the labels
  });
  return new ReplicaSets(context, { ...kind, selectorOf }).controller;
}

class ReplicaSets {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #kind: SetKind;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext, kind: SetKind) {
    const { name } = kind;
    this.#context = context;
    this.#kind = kind;
    this.#events = context.recorder(name === 'replication' ? 'replication-controller' : `${name}-controller`);
    this.#sets = indexForClaims(context.informers.of<ReplicaSet>(kind.ref));
    this.#sets.addIndex(inNamespace, ({ metadata }) => [metadata.namespace ?? '']);
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods));
    this.controller = new QueueController(context, { name, workers: 8, reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#sets, (set) => [keyOf(set)]);
    this.#pods.onChange(({ before, after }) => {
      for (const pod of [before, after]) if (pod) this.#seePod(pod);
    });
  }

  #seePod(pod: Pod): void {
    const owner = controllerOf(pod);
    const pods = owner ? countOwned(this.#pods, owner.uid) : 0;
    const delayMs = pods < gathering.fromPods ? 0 : Math.min(gathering.mostMs, pods * gathering.msPerPod);
    for (const key of this.#setsOf(pod)) this.controller.addSoon(key, delayMs);
  }

  #setsOf(pod: Pod): string[] {
    const { namespace = '', labels } = pod.metadata;
    const owner = controllerOf(pod);
    if (owner) return owner.kind === this.#kind.kind ? [keyFrom(namespace, owner.name)] : [];
    const sets = this.#sets.byIndex(inNamespace, namespace);
    return sets.filter((set) => matchesSelector(this.#kind.selectorOf(set), labels)).map(keyOf);
  }

  async #reconcile(key: string): Promise<void | 'again'> {
    const { namespace, name } = splitKey(key);
    const set = this.#sets.get(namespace, name);
    if (!set) return;
    await claim({
      client: this.#context.client,
      ref: refs.pods,
      informer: this.#pods,
      owner: set,
      selector: this.#kind.selectorOf(set),
      adoptable: (pod) => !isFinished(pod),
    });
    const failure = set.metadata.deletionTimestamp ? undefined : await this.#scale(set);
    await this.#writeStatus(set, failure);
    return failure && 'again';
  }

  async #scale(set: ReplicaSet): Promise<StatusInputs['failure']> {
    const active = ownedBy(this.#pods, set.metadata.uid).filter(isActive);
    const missing = (set.spec.replicas ?? 1) - active.length;
    if (missing > 0) return this.#createPods(set, Math.min(missing, mostAtOnce));
    if (missing < 0) return this.#deletePods(set, active, Math.min(-missing, mostAtOnce));
    return undefined;
  }

  async #createPods(set: ReplicaSet, count: number): Promise<StatusInputs['failure']> {
    const { failure } = await slowStart(count, () => this.#createPod(set));
    return failure === undefined ? undefined : { reason: 'FailedCreate', message: messageOf(failure) };
  }

  async #createPod(set: ReplicaSet): Promise<void> {
    try {
      const pod = await this.#context.client.create(refs.pods, podFromTemplate(set, set.spec.template));
      this.#pods.observe(pod);
      const message = `Created pod: ${pod.metadata.name}`;
      this.#events.record(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
    } catch (error) {
      const message = `Error creating: ${messageOf(error)}`;
      this.#events.record(set, { type: 'Warning', reason: 'FailedCreate', message });
      throw error;
    }
  }

  async #deletePods(set: ReplicaSet, active: readonly Pod[], count: number): Promise<StatusInputs['failure']> {
    const onNode = new Map<string, number>();
    for (const { spec } of this.#family(set))
      onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1);
    const ranked = rankForDeletion(active, (pod) => onNode.get(pod.spec.nodeName ?? '') ?? 0);
    const results = await Promise.allSettled(ranked.slice(0, count).map((pod) => this.#deletePod(set, pod)));
    const failed = results.find((result) => result.status === 'rejected');
    return failed && { reason: 'FailedDelete', message: messageOf(failed.reason) };
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
      if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) {
        const message = `Error deleting: ${messageOf(error)}`;
        this.#events.record(set, { type: 'Warning', reason: 'FailedDelete', message });
        throw error;
      }
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
    this.#sets.observe(await this.#context.client.update(this.#kind.ref, { ...latest, status }, 'status'));
  }
}

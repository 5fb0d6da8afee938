import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { availableFromMs, isActive, isReady, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import type { PodTemplate } from '../replicaset/replicaset.ts';
import { RevisionHistory } from '../revision-history.ts';
import { firstUpdated, isAvailable, type Move, nextMoves, ordinalOf } from './next-move.ts';
import { revisionLabel, type StatefulSet } from './statefulset.ts';

const claims = { group: '', resource: 'persistentvolumeclaims' };

/** Keeps the numbered pods of each stateful set, with their volumes' claims, in order. */
export function statefulSetController(context: ControllerContext): Controller {
  return new StatefulSets(context).controller;
}

class StatefulSets {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: Informer<Pod>;
  readonly #history: RevisionHistory;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('statefulset-controller');
    this.#sets = context.informers.of<StatefulSet>(refs.statefulSets);
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods));
    this.#history = new RevisionHistory(context, 'controller.kubernetes.io/hash');
    this.controller = new QueueController(context, { name: 'statefulset', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#sets, (set) => [keyOf(set)]);
    this.controller.feed(this.#pods, (pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === 'StatefulSet' ? [keyFrom(pod.metadata.namespace, owner.name)] : [];
    });
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = this.#sets.get(namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const { client, clock } = this.#context;
    await claim({
      client,
      ref: refs.pods,
      informer: this.#pods,
      owner: set,
      selector: set.spec.selector,
      adoptable: (pod) => ordinalOf(set, pod) !== undefined,
    });
    const { name: updateRevision } = await this.#history.current(set);
    const pods = ownedBy(this.#pods, set.metadata.uid);
    for (const move of nextMoves({ set, pods, updateRevision, nowMs: clock.now() }))
      await this.#make(set, move, updateRevision);
    await this.#writeStatus(set, updateRevision);
    await this.#history.truncate(
      set,
      new Set([
        updateRevision,
        set.status?.currentRevision ?? '',
        ...pods.map(({ metadata }) => metadata.labels?.[revisionLabel] ?? ''),
      ]),
    );
    this.#wakeFor(set, pods);
  }

  async #make(set: StatefulSet, move: Move, revision: string): Promise<void> {
    if ('create' in move) await this.#create(set, move.create, revision);
    if ('delete' in move) await this.#delete(set, move.delete);
  }

  /** Below the partition a pod comes back as it was: with the revision before the update. */
  #templateFor(set: StatefulSet, ordinal: number, updateRevision: string): { revision: string; template: PodTemplate } {
    const revision = set.status?.currentRevision ?? updateRevision;
    const former = ordinal < firstUpdated(set) ? this.#history.templateOf(set, revision) : undefined;
    return former ? { revision, template: former } : { revision: updateRevision, template: set.spec.template };
  }

  async #create(set: StatefulSet, ordinal: number, updateRevision: string): Promise<void> {
    const { client } = this.#context;
    const { revision, template } = this.#templateFor(set, ordinal, updateRevision);
    const name = `${set.metadata.name}-${ordinal}`;
    const mounted = await this.#ensureClaims(set, ordinal);
    const labels = {
      [revisionLabel]: revision,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    };
    const pod = podFromTemplate(set, template, labels);
    const volumes = [
      ...(pod.spec.volumes ?? []).filter((volume) => !mounted.some((one) => one.name === volume.name)),
      ...mounted,
    ];
    const identity = { hostname: name, ...(set.spec.serviceName && { subdomain: set.spec.serviceName }) };
    const spec = { ...pod.spec, ...identity, ...(volumes.length > 0 && { volumes }) };
    try {
      this.#pods.observe(await client.create(refs.pods, { ...pod, metadata: { ...pod.metadata, name }, spec }));
    } catch (error) {
      if (isApiError(error, 'AlreadyExists')) throw error;
      const message = `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${error instanceof Error ? error.message : String(error)}`;
      this.#events.record(set, { type: 'Warning', reason: 'FailedCreate', message });
      throw error;
    }
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    this.#events.record(set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: message.replace('create', 'Create'),
    });
  }

  /** The claims of a pod outlive it: the next pod of the ordinal gets the same. */
  async #ensureClaims(
    set: StatefulSet,
    ordinal: number,
  ): Promise<{ name: string; persistentVolumeClaim: { claimName: string } }[]> {
    const mounted = [];
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claimName = `${template.metadata.name}-${set.metadata.name}-${ordinal}`;
      const { labels, annotations } = template.metadata;
      const metadata = {
        name: claimName,
        namespace: set.metadata.namespace,
        labels: { ...labels, ...set.spec.selector.matchLabels },
        annotations,
      };
      const wanted: ClusterObject = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata,
        spec: structuredClone<unknown>(template.spec),
      };
      await this.#context.client.create(claims, wanted).catch((error: unknown) => {
        if (!isApiError(error, 'AlreadyExists')) throw error;
      });
      mounted.push({ name: template.metadata.name, persistentVolumeClaim: { claimName } });
    }
    return mounted;
  }

  async #delete(set: StatefulSet, pod: Pod): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    await this.#context.client.delete(refs.pods, namespace, name, { uid });
    this.#pods.expectDeletion(pod);
    const message = `Delete Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    this.#events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message });
  }

  async #writeStatus(set: StatefulSet, updateRevision: string): Promise<void> {
    const pods = ownedBy(this.#pods, set.metadata.uid).filter(isActive);
    const nowMs = this.#context.clock.now();
    const ofRevision = (revision: string | undefined): number =>
      pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision).length;
    const updated = ofRevision(updateRevision);
    const isSettled = updated === (set.spec.replicas ?? 1) && pods.length === updated;
    const currentRevision = isSettled ? updateRevision : (set.status?.currentRevision ?? updateRevision);
    const status = {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      ...shown('readyReplicas', pods.filter(isReady).length),
      availableReplicas: pods.filter((pod) => isAvailable(set, pod, nowMs)).length,
      ...shown('currentReplicas', ofRevision(currentRevision)),
      ...shown('updatedReplicas', updated),
      currentRevision,
      updateRevision,
      collisionCount: set.status?.collisionCount ?? 0,
    };
    if (canonical(status) === canonical(set.status ?? {})) return;
    this.#sets.observe(
      await this.#context.client.update(refs.statefulSets, structuredClone({ ...set, status }), 'status'),
    );
  }

  #wakeFor(set: StatefulSet, pods: readonly Pod[]): void {
    const nowMs = this.#context.clock.now();
    const times = pods
      .map((pod) => availableFromMs(pod, set.spec.minReadySeconds ?? 0) ?? 0)
      .filter((atMs) => atMs > nowMs);
    if (times.length > 0) this.controller.queue.addAfter(keyOf(set), Math.min(...times) - nowMs);
  }
}

function shown(name: string, value: number): Record<string, number> {
  return value > 0 ? { [name]: value } : {};
}

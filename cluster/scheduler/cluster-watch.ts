import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
import { canonical } from '../reconcile/canonical.ts';
import { type Change, Informer } from '../reconcile/informer.ts';
import { InformerSet } from '../reconcile/informer-set.ts';
import { isFinished } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { type ChangeKind, nodeChanges } from './cluster-change.ts';
import type { ClusterState } from './cluster-state.ts';
import type { SchedulableNode } from './node-state.ts';
import { keepForScheduling, type SchedulablePod } from './placed-pod.ts';
import { podInfo } from './pod-info.ts';
import type { Budget } from './preemption.ts';
import { Siblings } from './siblings.ts';
import { VolumeView } from './volumes/volume-view.ts';

export interface ClusterWatchOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly state: ClusterState;
  /** A pod without a node is there, has changed, or is gone (no `after`). */
  readonly onUnplaced: (change: Change<SchedulablePod>) => void;
  /** Something has changed that may help pods no node could take. */
  readonly onChange: (kinds: readonly ChangeKind[]) => void;
}

const budgets = { group: 'policy', resource: 'poddisruptionbudgets' };

/** Keeps the scheduler's picture of the cluster up to date, and tells what changes in it. */
export class ClusterWatch {
  readonly volumes: VolumeView;
  readonly siblings: Siblings;
  readonly #informers: InformerSet;
  readonly #pods: Informer<SchedulablePod>;
  readonly #budgets: Informer<Budget>;
  readonly #options: ClusterWatchOptions;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    const { client, clock, log } = options;
    this.#informers = new InformerSet({ client, clock, log });
    this.volumes = new VolumeView(this.#informers);
    this.siblings = new Siblings({ client, clock, log });
    this.#budgets = this.#informers.of<Budget>(budgets);
    this.#pods = new Informer<SchedulablePod>({ client, clock, log, ref: refs.pods, keep: keepForScheduling });
    this.#pods.onChange((change) => this.#seePod(change));
    this.#informers.of<SchedulableNode>(refs.nodes).onChange((change) => this.#seeNode(change));
    this.#informers.of(refs.namespaces).onChange((change) => this.#seeNamespace(change));
    const { claims, volumes, classes, nodes } = this.volumes;
    for (const informer of [claims, volumes, classes, nodes]) informer.onChange(() => options.onChange(['volumes']));
  }

  async start(): Promise<void> {
    await Promise.all([this.#informers.start(), this.siblings.start()]);
    await this.#pods.start();
  }

  stop(): void {
    this.#informers.stop();
    this.siblings.stop();
    this.#pods.stop();
  }

  pod(namespace: string | undefined, name: string): SchedulablePod | undefined {
    return this.#pods.get(namespace, name);
  }

  budgets(): Iterable<Budget> {
    return this.#budgets.all();
  }

  #seeNode({ before, after }: Change<SchedulableNode>): void {
    if (after) this.#options.state.setNode(after);
    else if (before) this.#options.state.removeNode(before.metadata.name);
    const kinds = nodeChanges(before, after);
    if (kinds.length > 0) this.#options.onChange(kinds);
  }

  #seeNamespace({ before, after }: Change): void {
    const known = after ?? before;
    if (!known || (after && before && canonical(before.metadata.labels) === canonical(after.metadata.labels))) return;
    this.#options.state.setNamespace(known.metadata.name, after ? (after.metadata.labels ?? {}) : undefined);
    this.#options.onChange(['namespace labels']);
  }

  #seePod({ before, after }: Change<SchedulablePod>): void {
    if (before && before.metadata.uid !== after?.metadata.uid) this.#leave(before);
    if (!after) return;
    if (isFinished(after)) this.#leave(after);
    else if (after.spec.nodeName) this.#seePlaced(after, before);
    else this.#options.onUnplaced({ before: before?.metadata.uid === after.metadata.uid ? before : undefined, after });
  }

  #leave(pod: SchedulablePod): void {
    if (this.#options.state.remove(pod.metadata.uid ?? '')) this.#options.onChange(['pod removed']);
    this.#options.onUnplaced({ before: pod, after: undefined });
  }

  #seePlaced(after: SchedulablePod, before: SchedulablePod | undefined): void {
    const { state, onChange, onUnplaced } = this.#options;
    const { uid = '' } = after.metadata;
    const { nodeName = '' } = after.spec;
    const known = state.placed(uid);
    if (!before?.spec.nodeName) onUnplaced({ before: after, after: undefined });
    if (known?.node.name === nodeName && isJustNewer(known.info.pod, after)) {
      known.info.pod = after;
      return;
    }
    state.place(podInfo(after), nodeName);
    onChange(known ? ['pod labels', 'pod removed'] : ['pod placed']);
  }
}

/** Whether nothing has changed that the picture of the cluster depends on. */
function isJustNewer(before: ClusterObject, after: ClusterObject): boolean {
  const { generation, deletionTimestamp, labels } = before.metadata;
  return (
    generation === after.metadata.generation &&
    deletionTimestamp === after.metadata.deletionTimestamp &&
    canonical(labels) === canonical(after.metadata.labels)
  );
}

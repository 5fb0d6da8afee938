import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../client.ts';
import { Informer } from '../reconcile/informer.ts';
import { controllerOf } from '../reconcile/owners.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { hasLabels, type LabelSelector } from '../reconcile/selectors.ts';
import type { PodInfo } from './pod-info.ts';

interface Selecting extends ClusterObject {
  spec: { selector?: LabelSelector | Record<string, string> };
}

const replicationControllers = { group: '', resource: 'replicationcontrollers' };
const inNamespace = 'namespace';

function keepSelector({ apiVersion, kind, metadata, spec }: ClusterObject): Selecting {
  const { name, namespace, uid, resourceVersion } = metadata;
  const { selector } = (spec ?? {}) as Selecting['spec']; // a service or a workload
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion }, spec: { selector } };
}

/** Knows with which pods a pod stands for something: the pods of its services and of its workload. */
export class Siblings {
  readonly #services: Informer<Selecting>;
  readonly #byKind: Readonly<Record<string, Informer<Selecting>>>;

  constructor(options: { client: ClusterClient; clock: Clock; log: Logger }) {
    const of = (ref: ResourceRef): Informer<Selecting> =>
      new Informer<Selecting>({ ...options, ref, keep: keepSelector });
    this.#services = of(refs.services).addIndex(inNamespace, ({ metadata }) => [metadata.namespace ?? '']);
    this.#byKind = {
      ReplicaSet: of(refs.replicaSets),
      StatefulSet: of(refs.statefulSets),
      ReplicationController: of(replicationControllers),
    };
  }

  async start(): Promise<void> {
    await Promise.all([this.#services, ...Object.values(this.#byKind)].map((informer) => informer.start()));
  }

  stop(): void {
    for (const informer of [this.#services, ...Object.values(this.#byKind)]) informer.stop();
  }

  /** The selector of the pod's siblings; undefined when it has none. */
  of({ pod, namespace, labels }: PodInfo): LabelSelector | undefined {
    const matchLabels: Record<string, string> = {};
    for (const { spec } of this.#services.byIndex(inNamespace, namespace)) {
      const pairs = (spec.selector ?? {}) as Record<string, string>; // a service's selector is a map of labels
      if (Object.keys(pairs).length > 0 && hasLabels(labels, pairs)) Object.assign(matchLabels, pairs);
    }
    const own = this.#workloadSelector(pod, namespace);
    Object.assign(matchLabels, own?.matchLabels);
    const matchExpressions = own?.matchExpressions ?? [];
    return Object.keys(matchLabels).length + matchExpressions.length > 0
      ? { matchLabels, matchExpressions }
      : undefined;
  }

  #workloadSelector(pod: ClusterObject, namespace: string): LabelSelector | undefined {
    const owner = controllerOf(pod);
    const selector = owner && this.#byKind[owner.kind]?.get(namespace, owner.name)?.spec.selector;
    if (owner?.kind !== 'ReplicationController') return selector;
    return { matchLabels: selector as Record<string, string> | undefined }; // its selector is a map of labels
  }
}

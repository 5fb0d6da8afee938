import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical, shortHash } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf, controllerReference } from '../../reconcile/owners.ts';
import { isFinished, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { matchesSelector } from '../../reconcile/selectors.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import type { ReplicaSet } from '../replicaset/replicaset.ts';
import { deadlineMs, deploymentStatus, isComplete, type Rollout } from './deployment-status.ts';
import { type Deployment, rolloutAnnotations, templateHashLabel } from './deployment.ts';
import {
  copiedAnnotations,
  expiredSets,
  findNewSet,
  byAge,
  newestAnnotations,
  nextRevision,
  revisionOf,
  sameTemplate,
} from './revisions.ts';
import {
  isScalingEvent,
  newSetSize,
  oldSetSizes,
  proportionalSizes,
  rolloutBounds,
  type Sizes,
} from './rollout-maths.ts';

/** Rolls each deployment from the pods it has to the pods its template describes, through replica sets. */
export function deploymentController(context: ControllerContext): Controller {
  return new Deployments(context).controller;
}

interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
  readonly all: readonly ReplicaSet[];
}

class Deployments {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('deployment-controller');
    this.#deployments = context.informers.of<Deployment>(refs.deployments);
    this.#deployments.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    this.#sets = indexForClaims(context.informers.of<ReplicaSet>(refs.replicaSets));
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods));
    this.controller = new QueueController(context, { name: 'deployment', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#deployments, (deployment) => [keyOf(deployment)]);
    this.controller.feed(this.#sets, (set) => this.#deploymentsOf(set));
    this.controller.feed(this.#pods, (pod, { after }) => (after ? [] : this.#recreatingOwner(pod)));
  }

  #deploymentsOf(set: ReplicaSet): string[] {
    const owner = controllerOf(set);
    if (owner) return owner.kind === 'Deployment' ? [keyFrom(set.metadata.namespace, owner.name)] : [];
    const inNamespace = this.#deployments.byIndex('namespace', set.metadata.namespace ?? '');
    return inNamespace.filter(({ spec }) => matchesSelector(spec.selector, set.metadata.labels)).map(keyOf);
  }

  // A Recreate rollout goes on when the last old pod is really gone.
  #recreatingOwner(pod: Pod): string[] {
    const owner = controllerOf(pod);
    const set = owner?.kind === 'ReplicaSet' ? this.#sets.get(pod.metadata.namespace, owner.name) : undefined;
    return set ? this.#deploymentsOf(set) : [];
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const deployment = this.#deployments.get(namespace, name);
    if (!deployment) return;
    await this.#claimSets(deployment);
    if (!deployment.metadata.deletionTimestamp) await this.#roll(deployment);
    else await this.#writeStatus(deployment, {});
  }

  #claimSets(owner: Deployment): Promise<ReplicaSet[]> {
    const { client } = this.#context;
    return claim({ client, ref: refs.replicaSets, informer: this.#sets, owner, selector: owner.spec.selector });
  }

  #setsOf(deployment: Deployment): Sets {
    const all = byAge(ownedBy(this.#sets, deployment.metadata.uid));
    const newSet = findNewSet(deployment, all);
    return { newSet, all, old: all.filter((set) => set !== newSet) };
  }

  async #roll(deployment: Deployment): Promise<void> {
    if (deployment.spec.paused || isScalingEvent(deployment, this.#setsOf(deployment).all)) {
      await this.#renumber(deployment);
      await this.#scaleInProportion(deployment);
      return this.#writeStatus(deployment, {});
    }
    const recreate = deployment.spec.strategy?.type === 'Recreate';
    if (recreate && (await this.#removeOldPods(deployment))) {
      await this.#renumber(deployment);
      return this.#writeStatus(deployment, {});
    }
    const problem = await this.#ensureNewSet(deployment);
    if (problem) return this.#writeStatus(deployment, problem);
    await this.#scaleNew(deployment);
    if (!recreate) await this.#scaleOld(deployment);
    await this.#writeStatus(deployment, {});
    if (isComplete(deployment, deploymentStatus(this.#rollout(deployment, {})))) await this.#removeExpired(deployment);
  }

  /** True while old pods are left, which a Recreate rollout waits for. */
  async #removeOldPods(deployment: Deployment): Promise<boolean> {
    const { old } = this.#setsOf(deployment);
    const sizes = new Map(old.filter((set) => (set.spec.replicas ?? 0) > 0).map((set) => [set, 0]));
    await this.#resize(deployment, sizes);
    return sizes.size > 0 || old.some((set) => ownedBy(this.#pods, set.metadata.uid).some((pod) => !isFinished(pod)));
  }

  /** Makes the replica set of the present template, or answers why it could not. */
  async #ensureNewSet(deployment: Deployment): Promise<Partial<Rollout> | undefined> {
    if (this.#setsOf(deployment).newSet) return this.#renumber(deployment).then(() => undefined);
    const collisions = deployment.status?.collisionCount ?? 0;
    const set = this.#newSet(deployment, shortHash(deployment.spec.template, collisions));
    try {
      const created = await this.#context.client.create(refs.replicaSets, set);
      this.#sets.observe(created);
      this.#tellScaled(deployment, created, [0, set.spec.replicas ?? 0]);
    } catch (error) {
      if (isApiError(error, 'AlreadyExists')) return this.#collision(deployment, set, collisions);
      this.controller.queue.addAfter(keyOf(deployment), 1_000);
      return { failedCreate: error instanceof Error ? error.message : String(error) };
    }
    await this.#renumber(deployment);
    return undefined;
  }

  // The name is taken: by our own set that the cache does not show yet, or by a stranger, and then we take another name.
  async #collision(deployment: Deployment, set: ReplicaSet, collisions: number): Promise<Partial<Rollout> | undefined> {
    const { namespace, name } = set.metadata;
    const existing = (await this.#context.client.get(refs.replicaSets, namespace, name)) as ReplicaSet; // asked for as such
    const ours = controllerOf(existing)?.uid === deployment.metadata.uid;
    if (!ours || !sameTemplate(existing.spec.template, deployment.spec.template))
      return { collisionCount: collisions + 1 };
    this.#sets.observe(existing);
    return undefined;
  }

  #newSet(deployment: Deployment, hash: string): ReplicaSet {
    const { selector, template, minReadySeconds } = structuredClone(deployment.spec);
    const { old, all } = this.#setsOf(deployment);
    const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
    const replicas = newSetSize(rolloutBounds(deployment), undefined, all);
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace,
        labels,
        annotations: {
          ...copiedAnnotations(deployment),
          ...this.#sizeAnnotations(deployment),
          [rolloutAnnotations.revision]: String(nextRevision(old)),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
        ...(minReadySeconds && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
  }

  #sizeAnnotations(deployment: Deployment): Record<string, string> {
    const { desired, maxSurge } = rolloutBounds(deployment);
    return { [rolloutAnnotations.desired]: String(desired), [rolloutAnnotations.max]: String(desired + maxSurge) };
  }

  /** Gives the newest set the highest revision, and the deployment the same. */
  async #renumber(deployment: Deployment): Promise<void> {
    const { newSet, old } = this.#setsOf(deployment);
    if (!newSet) return;
    const { namespace, name, resourceVersion } = newSet.metadata;
    const annotations = newestAnnotations(deployment, newSet, nextRevision(old));
    const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
    const isCurrent = canonical(annotations) === canonical(newSet.metadata.annotations ?? {});
    if (!isCurrent || (newSet.spec.minReadySeconds ?? 0) !== minReadySeconds) {
      const body = { metadata: { resourceVersion, annotations }, spec: { minReadySeconds } };
      this.#sets.observe(await this.#context.client.patch(refs.replicaSets, namespace, name, { type: 'merge', body }));
    }
    const revision = String(revisionOf(this.#sets.get(namespace, name)));
    const latest = this.#deployments.get(namespace, deployment.metadata.name);
    if (!latest || latest.metadata.annotations?.[rolloutAnnotations.revision] === revision) return;
    const noted = structuredClone(latest);
    noted.metadata.annotations = { ...noted.metadata.annotations, [rolloutAnnotations.revision]: revision };
    // With its status: a write of the deployment itself would be a new generation of what is wished for.
    this.#deployments.observe(await this.#context.client.update(refs.deployments, noted, 'status'));
  }

  async #scaleNew(deployment: Deployment): Promise<void> {
    const { newSet, all } = this.#setsOf(deployment);
    if (newSet) await this.#resize(deployment, new Map([[newSet, newSetSize(rolloutBounds(deployment), newSet, all)]]));
  }

  async #scaleOld(deployment: Deployment): Promise<void> {
    const { newSet, old } = this.#setsOf(deployment);
    if (newSet) await this.#resize(deployment, oldSetSizes(rolloutBounds(deployment), newSet, old));
  }

  async #scaleInProportion(deployment: Deployment): Promise<void> {
    const { newSet, old, all } = this.#setsOf(deployment);
    const active = all.filter((set) => (set.spec.replicas ?? 0) > 0);
    const bounds = rolloutBounds(deployment);
    const only = active.length > 1 ? undefined : (active[0] ?? newSet);
    if (only) return this.#resize(deployment, new Map([[only, bounds.desired]]));
    if (newSet && isSaturated(newSet, bounds.desired)) {
      return this.#resize(deployment, new Map(old.map((set) => [set, 0])));
    }
    if (deployment.spec.strategy?.type !== 'Recreate')
      await this.#resize(deployment, proportionalSizes(bounds, active));
  }

  async #resize(deployment: Deployment, sizes: Sizes): Promise<void> {
    const wanted = this.#sizeAnnotations(deployment);
    for (const [set, replicas] of sizes) {
      const before = set.spec.replicas ?? 0;
      const { namespace, name, resourceVersion, annotations } = set.metadata;
      const noted = Object.entries(wanted).every(([key, value]) => annotations?.[key] === value);
      if (before === replicas && (noted || replicas === 0)) continue;
      const body = { metadata: { resourceVersion, annotations: wanted }, spec: { replicas } };
      this.#sets.observe(await this.#context.client.patch(refs.replicaSets, namespace, name, { type: 'merge', body }));
      this.#tellScaled(deployment, set, [before, replicas]);
    }
  }

  #tellScaled(deployment: Deployment, set: ClusterObject, [before, after]: readonly [number, number]): void {
    if (before === after) return;
    const direction = after > before ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${after}`;
    this.#events.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
  }

  async #removeExpired(deployment: Deployment): Promise<void> {
    for (const set of expiredSets(deployment, this.#setsOf(deployment).old)) {
      const { namespace, name, uid } = set.metadata;
      await this.#context.client.delete(refs.replicaSets, namespace, name, { uid });
      this.#sets.expectDeletion(set);
    }
  }

  #rollout(deployment: Deployment, problem: Partial<Rollout>): Rollout {
    const { newSet, all } = this.#setsOf(deployment);
    const { collisionCount } = deployment.status ?? {};
    return { deployment, newSet, sets: all, nowMs: this.#context.clock.now(), collisionCount, ...problem };
  }

  async #writeStatus(deployment: Deployment, problem: Partial<Rollout>): Promise<void> {
    const status = deploymentStatus(this.#rollout(deployment, problem));
    const deadline = deadlineMs(deployment, status.conditions);
    if (deadline !== undefined)
      this.controller.queue.addAfter(keyOf(deployment), Math.max(1_000, deadline - this.#context.clock.now()));
    if (canonical(status) === canonical(deployment.status ?? {})) return;
    const { namespace, name } = deployment.metadata;
    const latest = this.#deployments.get(namespace, name) ?? deployment;
    const written = await this.#context.client.update(
      refs.deployments,
      structuredClone({ ...latest, status }),
      'status',
    );
    this.#deployments.observe(written);
  }
}

function isSaturated(set: ReplicaSet, desired: number): boolean {
  return set.spec.replicas === desired && (set.status?.availableReplicas ?? 0) === desired;
}

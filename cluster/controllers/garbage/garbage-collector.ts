import { isApiError } from '@kit/base';
import type { ClusterObject, ResourceRef } from '../../client.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { type Change, Informer } from '../../reconcile/informer.ts';
import type { OwnerReference } from '../../reconcile/owners.ts';
import { groupOf, resourceName } from '../../reconcile/resource-refs.ts';
import { WorkQueue } from '../../reconcile/work-queue.ts';
import { decide, type OwnerState } from './collection-decision.ts';
import { type GraphNode, OwnerGraph } from './owner-graph.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/** Deletes what has lost its owners, and finishes foreground and orphaning deletions, for every kind the server has. */
export function garbageCollector(context: ControllerContext): Controller {
  return new GarbageCollector(context);
}

class GarbageCollector implements Controller {
  readonly name = 'garbage-collector';
  readonly #context: ControllerContext;
  readonly #graph = new OwnerGraph();
  readonly #queue: WorkQueue;
  readonly #monitors = new Map<string, Informer>();
  #stopListening: () => void = () => undefined;
  #stopped = false;

  constructor(context: ControllerContext) {
    const { clock, log } = context;
    this.#context = context;
    this.#queue = new WorkQueue({ name: this.name, clock, log, workers: 8, work: (uid) => this.#work(uid) });
  }

  start(): void {
    this.#stopListening = this.#context.client.onResourcesChanged(() => this.#monitorAll());
    this.#monitorAll();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    for (const monitor of this.#monitors.values()) monitor.stop();
    await this.#queue.stop();
  }

  // Events are left out: they have no owners, there are many, and they go by their age.
  #monitorAll(): void {
    if (this.#stopped) return;
    const watched = this.#context.client
      .resources()
      .filter(
        ({ resource, verbs }) =>
          resource !== 'events' && ['list', 'watch', 'delete'].every((verb) => verbs.includes(verb)),
      );
    const names = new Set(watched.map(resourceName));
    for (const { group, resource } of watched) this.#monitor({ group, resource });
    for (const [name, monitor] of this.#monitors) {
      if (names.has(name)) continue;
      monitor.stop();
      this.#monitors.delete(name);
      for (const { metadata } of monitor.all()) this.#forget(metadata.uid ?? '');
    }
  }

  // Only the metadata is kept, so that the graph of a large cluster stays small.
  #monitor(ref: ResourceRef): void {
    if (this.#monitors.has(resourceName(ref))) return;
    const { client, clock, log } = this.#context;
    const keep = ({ apiVersion, kind, metadata }: ClusterObject): ClusterObject => {
      const { name, namespace, uid, resourceVersion, deletionTimestamp, ownerReferences, finalizers } = metadata;
      return {
        apiVersion,
        kind,
        metadata: { name, namespace, uid, resourceVersion, deletionTimestamp, ownerReferences, finalizers },
      };
    };
    const monitor = new Informer({ client, clock, log, ref, keep }).onChange((change) => this.#see(ref, change));
    this.#monitors.set(resourceName(ref), monitor);
    void monitor.start();
  }

  #see(ref: ResourceRef, { before, after }: Change): void {
    if (before && before.metadata.uid !== after?.metadata.uid) this.#forget(before.metadata.uid ?? '');
    if (after) this.#put(graphNode(ref, after));
  }

  #put(node: GraphNode): void {
    const former = this.#graph.get(node.uid);
    if (former && isSame(former, node)) return;
    this.#graph.put(node);
    if (node.owners.length > 0 || node.deleting) this.#queue.add(node.uid);
    for (const owner of former?.owners ?? []) this.#wake(owner.uid);
    if (node.deleting) for (const { uid } of this.#graph.dependentsOf(node.uid)) this.#queue.add(uid);
  }

  #forget(uid: string): void {
    const node = this.#graph.get(uid);
    this.#graph.remove(uid);
    for (const dependent of this.#graph.dependentsOf(uid)) this.#queue.add(dependent.uid);
    for (const owner of node?.owners ?? []) this.#wake(owner.uid);
  }

  #wake(ownerUid: string): void {
    if (this.#graph.get(ownerUid)?.deleting) this.#queue.add(ownerUid);
  }

  async #work(uid: string): Promise<void> {
    const node = this.#graph.get(uid);
    if (!node) return;
    if (node.deleting && node.finalizers.includes(orphan)) return this.#orphanDependents(node);
    if (node.deleting && node.finalizers.includes(foreground)) return this.#finishForeground(node);
    const owners = await Promise.all(
      node.owners.map(async (owner) => [owner, await this.#stateOf(owner, node)] as const),
    );
    const decision = decide(node, owners, this.#graph.dependentsOf(uid).length > 0);
    if (decision.do === 'forget owners') await this.#forgetOwners(node, decision.uids);
    if (decision.do === 'delete') await this.#delete(node, decision.policy);
  }

  async #stateOf(owner: OwnerReference, dependent: GraphNode): Promise<OwnerState> {
    const known = this.#graph.get(owner.uid);
    if (known) return known.deleting && known.finalizers.includes(foreground) ? 'waiting for dependents' : 'present';
    const group = groupOf(owner.apiVersion);
    const type = this.#context.client.resources().find((one) => one.kind === owner.kind && one.group === group);
    if (!type || (type.namespaced && !dependent.namespace)) return 'unknown';
    const uid = await this.#liveUid(type, type.namespaced ? dependent.namespace : undefined, owner.name);
    return uid === owner.uid ? 'present' : 'absent';
  }

  async #liveUid(ref: ResourceRef, namespace: string | undefined, name: string): Promise<string | undefined> {
    try {
      return (await this.#context.client.get(ref, namespace, name)).metadata.uid;
    } catch (error) {
      if (isApiError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async #orphanDependents(node: GraphNode): Promise<void> {
    for (const dependent of this.#graph.dependentsOf(node.uid)) await this.#forgetOwners(dependent, [node.uid]);
    await this.#removeFinalizer(node, orphan);
  }

  async #finishForeground(node: GraphNode): Promise<void> {
    const blockers = this.#graph.blockersOf(node.uid);
    if (blockers.length === 0) return this.#removeFinalizer(node, foreground);
    for (const { uid, deleting } of blockers) if (!deleting) this.#queue.add(uid);
  }

  async #forgetOwners({ ref, namespace, name, uid }: GraphNode, gone: readonly string[]): Promise<void> {
    await this.#change({ ref, namespace, name, uid }, ({ ownerReferences = [] }) => {
      const left = ownerReferences.filter((owner) => !gone.includes(owner.uid));
      return left.length < ownerReferences.length ? { ownerReferences: left } : undefined;
    });
  }

  async #removeFinalizer(node: GraphNode, finalizer: string): Promise<void> {
    await this.#change(node, ({ finalizers = [] }) =>
      finalizers.includes(finalizer) ? { finalizers: finalizers.filter((one) => one !== finalizer) } : undefined,
    );
  }

  /** Patches the live object's metadata, if it is still the same object. */
  async #change(
    { ref, namespace, name, uid }: Pick<GraphNode, 'ref' | 'namespace' | 'name' | 'uid'>,
    change: (metadata: ClusterObject['metadata']) => Partial<ClusterObject['metadata']> | undefined,
  ): Promise<void> {
    try {
      const { metadata } = await this.#context.client.get(ref, namespace, name);
      const changes = metadata.uid === uid ? change(metadata) : undefined;
      if (!changes) return;
      const body = { metadata: { uid, resourceVersion: metadata.resourceVersion, ...changes } };
      await this.#context.client.patch(ref, namespace, name, { type: 'merge', body });
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }

  async #delete({ ref, namespace, name, uid }: GraphNode, propagationPolicy: string): Promise<void> {
    this.#context.log.debug('deleting what its owners left behind', { resource: resourceName(ref), namespace, name });
    try {
      await this.#context.client.delete(ref, namespace, name, { uid, propagationPolicy });
    } catch (error) {
      if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
    }
  }
}

/** Most changes of an object are none to its place in the graph. */
function isSame(a: GraphNode, b: GraphNode): boolean {
  if (a.deleting !== b.deleting || a.owners.length !== b.owners.length || a.finalizers.length !== b.finalizers.length)
    return false;
  const hasOwner = ({ uid, blockOwnerDeletion }: OwnerReference, index: number): boolean =>
    a.owners[index]?.uid === uid && a.owners[index].blockOwnerDeletion === blockOwnerDeletion;
  return b.owners.every(hasOwner) && b.finalizers.every((finalizer, index) => finalizer === a.finalizers[index]);
}

function graphNode(ref: ResourceRef, { metadata }: ClusterObject): GraphNode {
  const { uid = '', namespace, name, ownerReferences: owners = [], finalizers = [], deletionTimestamp } = metadata;
  return { uid, ref, namespace, name, owners, finalizers, deleting: deletionTimestamp !== undefined };
}

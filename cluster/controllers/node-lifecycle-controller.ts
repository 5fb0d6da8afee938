import { timestamp } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { canonical } from '../reconcile/canonical.ts';
import { type Condition, findCondition, withCondition } from '../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import type { EventRecorder } from '../reconcile/event-recorder.ts';
import type { Informer } from '../reconcile/informer.ts';
import { isReady, type Pod } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';

interface Taint {
  readonly key: string;
  readonly effect: string;
  readonly value?: string;
  readonly timeAdded?: string;
}

interface Node extends ClusterObject {
  spec: { taints?: Taint[]; unschedulable?: boolean };
  status?: { conditions?: Condition[] };
}

interface Lease extends ClusterObject {
  spec?: { renewTime?: string };
}

const leaseNamespace = 'kube-node-lease';
const graceMs = 40_000;
const watchedConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
const ownTaints: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/unschedulable',
]);

/** The taints a node must carry for what it says about itself, besides those users gave it. */
export function nodeTaints(node: Node, now: string): Taint[] {
  const ready = findCondition(node.status?.conditions, 'Ready')?.status ?? 'Unknown';
  const keys = [
    ...(ready === 'False' ? ['not-ready'] : []),
    ...(ready === 'Unknown' ? ['unreachable'] : []),
    ...(node.spec.unschedulable ? ['unschedulable'] : []),
  ].map((name) => `node.kubernetes.io/${name}`);
  const present = node.spec.taints ?? [];
  const wanted = keys.flatMap((key) => {
    const effects = key.endsWith('/unschedulable') ? ['NoSchedule'] : ['NoSchedule', 'NoExecute'];
    return effects.map(
      (effect) => present.find((one) => one.key === key && one.effect === effect) ?? { key, effect, timeAdded: now },
    );
  });
  return [...present.filter(({ key }) => !ownTaints.has(key)), ...wanted];
}

/** Notices nodes whose agent has gone quiet: their conditions become Unknown, they are tainted, their pods not ready. */
export function nodeLifecycleController(context: ControllerContext): Controller {
  return new NodeLifecycle(context).controller;
}

class NodeLifecycle {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #leases: Informer<Lease>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;
  readonly #startedMs: number;

  constructor(context: ControllerContext) {
    const { informers, clock } = context;
    this.#context = context;
    this.#startedMs = clock.now();
    this.#events = context.recorder('node-controller');
    this.#nodes = informers.of<Node>(refs.nodes);
    this.#leases = informers.of<Lease>(refs.leases);
    this.#pods = informers.of<Pod>(refs.pods).addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.controller = new QueueController(context, {
      name: 'node-lifecycle',
      reconcile: (name) => this.#reconcile(name),
    });
    this.controller.feed(this.#nodes, ({ metadata }) => [metadata.name]);
    this.#nodes.onChange(({ before, after }) => {
      if (after && !before) this.#tell(after, 'RegisteredNode', 'Registered Node', 'in');
      if (before && !after) this.#tell(before, 'RemovingNode', 'Removing Node', 'from');
    });
    this.controller.feed(this.#leases, ({ metadata }) =>
      metadata.namespace === leaseNamespace ? [metadata.name] : [],
    );
  }

  #tell(node: Node, reason: string, ...[verb, where]: readonly [verb: string, where: string]): void {
    const { name } = node.metadata;
    const message = `Node ${name} event: ${verb} ${name} ${where} Controller`;
    this.#events.record(node, { type: 'Normal', reason, message });
  }

  async #reconcile(name: string): Promise<void> {
    const node = this.#nodes.get(undefined, name);
    if (!node || node.metadata.deletionTimestamp) return;
    const nowMs = this.#context.clock.now();
    const leftMs = this.#lastSignMs(node) + graceMs - nowMs;
    if (leftMs > 0) {
      this.controller.queue.addAfter(name, leftMs + 1_000);
      return this.#writeTaints(node);
    }
    const isKnown = findCondition(node.status?.conditions, 'Ready')?.status !== 'Unknown';
    const marked = isKnown ? await this.#markUnknown(node) : node;
    await this.#markPods(name);
    await this.#writeTaints(marked);
  }

  // Agents get the grace period anew when this controller starts: while it was down it saw no sign from anybody.
  #lastSignMs({ metadata }: Node): number {
    const renewed = Date.parse(this.#leases.get(leaseNamespace, metadata.name)?.spec?.renewTime ?? '') || 0;
    const created = Date.parse(metadata.creationTimestamp ?? '') || 0;
    return Math.max(this.#startedMs, renewed, created);
  }

  async #markUnknown(node: Node): Promise<Node> {
    const now = timestamp(this.#context.clock.now());
    const unknown = {
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    } as const; // literal types
    const conditions = watchedConditions.reduce<Condition[]>(
      (all, type) => withCondition(all, { ...findCondition(all, type), type, ...unknown }, now),
      node.status?.conditions ?? [],
    );
    const changed = structuredClone({ ...node, status: { ...node.status, conditions } });
    const written = await this.#context.client.update(refs.nodes, changed, 'status');
    this.#nodes.observe(written);
    const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
    this.#events.record(node, { type: 'Normal', reason: 'NodeNotReady', message });
    return this.#nodes.get(undefined, node.metadata.name) ?? node;
  }

  async #markPods(node: string): Promise<void> {
    const { client, clock } = this.#context;
    const lastTransitionTime = timestamp(clock.now());
    const condition = { type: 'Ready', status: 'False', reason: 'NodeNotReady', lastTransitionTime };
    const body = { status: { conditions: [condition] } };
    for (const pod of this.#pods.byIndex('node', node).filter(isReady)) {
      const { namespace, name } = pod.metadata;
      this.#events.record(pod, { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' });
      this.#pods.observe(await client.patch(refs.pods, namespace, name, { type: 'strategic', body }, 'status'));
    }
  }

  async #writeTaints(node: Node): Promise<void> {
    const taints = nodeTaints(node, timestamp(this.#context.clock.now()));
    if (canonical(taints) === canonical(node.spec.taints ?? [])) return;
    const { name, resourceVersion } = node.metadata;
    const body = { metadata: { resourceVersion }, spec: { taints } };
    this.#nodes.observe(await this.#context.client.patch(refs.nodes, undefined, name, { type: 'merge', body }));
  }
}

import { timestamp } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { type Condition, findCondition, withCondition } from '../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import { keyOf, splitKey } from '../reconcile/object-key.ts';
import { type Pod, podCondition } from '../reconcile/pod.ts';
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
  const { client, clock, informers } = context;
  const nodes = informers.of<Node>(refs.nodes);
  const leases = informers.of(refs.leases);
  const pods = informers.of<Pod>(refs.pods).addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
  const startedMs = clock.now();

  const lastSignMs = (node: Node): number => {
    const renewed = Date.parse(String(leases.get('kube-node-lease', node.metadata.name)?.spec?.renewTime ?? ''));
    const created = Date.parse(node.metadata.creationTimestamp ?? '');
    // Agents get the grace period anew when this controller starts: while it was down it saw no sign from anybody.
    return Math.max(startedMs, renewed || 0, created || 0);
  };

  const markUnknown = async (node: Node): Promise<Node> => {
    const now = timestamp(clock.now());
    const conditions = watchedConditions.reduce<Condition[]>((all, type) => {
      const message = 'Kubelet stopped posting node status.';
      return withCondition(
        all,
        { ...findCondition(all, type), type, status: 'Unknown', reason: 'NodeStatusUnknown', message },
        now,
      );
    }, node.status?.conditions ?? []);
    const changed = structuredClone({ ...node, status: { ...node.status, conditions } });
    const written = (await client.update(refs.nodes, changed, 'status')) as Node;
    nodes.observe(written);
    return nodes.get(undefined, node.metadata.name) ?? written;
  };

  const markPods = async (name: string): Promise<void> => {
    const ready = pods.byIndex('node', name).filter((pod) => podCondition(pod, 'Ready')?.status === 'True');
    for (const pod of ready) {
      const { namespace, name: podName } = splitKey(keyOf(pod));
      const condition = {
        type: 'Ready',
        status: 'False',
        reason: 'NodeNotReady',
        lastTransitionTime: timestamp(clock.now()),
      };
      const body = { status: { conditions: [condition] } };
      pods.observe(await client.patch(refs.pods, namespace, podName, { type: 'strategic', body }, 'status'));
    }
  };

  const controller = new QueueController(context, {
    name: 'node-lifecycle',
    reconcile: async (name) => {
      let node = nodes.get(undefined, name);
      if (!node || node.metadata.deletionTimestamp) return;
      const leftMs = lastSignMs(node) + graceMs - clock.now();
      if (leftMs > 0) controller.queue.addAfter(name, leftMs + 1_000);
      else if (findCondition(node.status?.conditions, 'Ready')?.status !== 'Unknown') node = await markUnknown(node);
      if (leftMs <= 0) await markPods(name);
      const taints = nodeTaints(node, timestamp(clock.now()));
      if (JSON.stringify(taints) === JSON.stringify(node.spec.taints ?? [])) return;
      const body = { metadata: { resourceVersion: node.metadata.resourceVersion }, spec: { taints } };
      nodes.observe(await client.patch(refs.nodes, undefined, name, { type: 'merge', body }));
    },
  });
  controller.feed(nodes, ({ metadata }) => [metadata.name]);
  return controller.feed(leases, ({ metadata }) => (metadata.namespace === 'kube-node-lease' ? [metadata.name] : []));
}

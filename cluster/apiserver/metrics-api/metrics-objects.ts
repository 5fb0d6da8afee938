import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { ContainerStats, NodeStats, PodStats } from '../../node-runtime.ts';

type Labels = Readonly<Record<string, string>>;

/** Quantities in the units of metrics-server: billionths of a core, and Ki. */
function usageOf({ cpuNanoCores, memoryBytes }: Pick<ContainerStats, 'cpuNanoCores' | 'memoryBytes'>): object {
  return { cpu: `${Math.round(cpuNanoCores)}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` };
}

interface Sample {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly labels: Labels;
  readonly from: Pick<NodeStats, 'atMs' | 'windowSeconds'>;
}

function sample({ kind, metadata, labels, from }: Sample): ClusterObject {
  const at = timestamp(from.atMs);
  return {
    kind,
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: { ...metadata, creationTimestamp: at, ...(Object.keys(labels).length > 0 && { labels }) },
    timestamp: at,
    window: `${from.windowSeconds}s`,
  };
}

/** What a node uses, with the labels of the node. */
export function nodeMetrics(stats: NodeStats, labels: Labels): ClusterObject {
  const about = { kind: 'NodeMetrics', metadata: { name: stats.node }, labels, from: stats };
  return { ...sample(about), usage: usageOf(stats) };
}

/** What the running containers of a pod use, with the labels of the pod. */
export function podMetrics({ pod, containers }: PodStats, from: NodeStats, labels: Labels): ClusterObject {
  const { name, namespace } = pod;
  const used = containers.map((container) => ({ name: container.name, usage: usageOf(container) }));
  return { ...sample({ kind: 'PodMetrics', metadata: { name, namespace }, labels, from }), containers: used };
}

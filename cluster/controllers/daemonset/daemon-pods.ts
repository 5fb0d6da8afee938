import { availableFromMs, isFinished, isReady, type Pod, type PodSpec, type Toleration } from '../../reconcile/pod.ts';
import { matchesNodeAffinity } from '../../scheduler/node-affinity.ts';
import { tolerates } from '../../scheduler/tolerations.ts';
import type { SchedulableNode } from '../../scheduler/node-state.ts';
import type { DaemonSet } from './daemonset.ts';

const nodeField = 'metadata.name';
const troubles = ['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'];

/** Daemons stay on nodes in trouble: what they tolerate beyond their template. */
const daemonTolerations: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  ...troubles.map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect: 'NoSchedule' })),
];

/** The template's spec for the pod of one node; the scheduler places it there and nowhere else. */
export function daemonSpec(template: PodSpec, node: string): PodSpec {
  const terms = template.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [
    {},
  ];
  const matchFields = [{ key: nodeField, operator: 'In', values: [node] }];
  const nodeSelectorTerms = terms.map((term) => ({ ...term, matchFields }));
  const nodeAffinity = {
    ...template.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  };
  return {
    ...template,
    affinity: { ...template.affinity, nodeAffinity },
    tolerations: [...(template.tolerations ?? []), ...daemonTolerations],
  };
}

/** The node a daemon pod is for, whether it is there yet or not. */
export function nodeOfDaemon({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields = [] }) => matchFields).find(({ key }) => key === nodeField)?.values?.[0];
}

/** Does the set want a pod on this node? */
export function wantsNode({ spec }: DaemonSet, node: SchedulableNode): boolean {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '' },
    spec: daemonSpec(spec.template.spec, node.metadata.name),
  };
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  return matchesNodeAffinity(pod, { name: node.metadata.name, labels: node.metadata.labels ?? {} }) && taints.every((taint) => tolerates(pod.spec.tolerations, taint));
}

export interface DaemonMoment {
  readonly set: DaemonSet;
  readonly nodes: readonly SchedulableNode[];
  readonly pods: readonly Pod[];
  /** The hash pods of the present template are labelled with. */
  readonly hash: string;
  readonly nowMs: number;
}

export interface DaemonMoves {
  readonly create: readonly string[];
  readonly delete: readonly Pod[];
}

export const daemonHashLabel = 'controller-revision-hash';

function isAvailable({ set, nowMs }: DaemonMoment, pod: Pod): boolean {
  return (availableFromMs(pod, set.spec.minReadySeconds ?? 0) ?? Infinity) <= nowMs;
}

function allowedMissing({ set, nodes }: DaemonMoment): number {
  const { maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  if (typeof maxUnavailable === 'number') return Math.max(1, maxUnavailable);
  const wanted = nodes.filter((node) => wantsNode(set, node)).length;
  return Math.max(1, Math.ceil((Number.parseInt(maxUnavailable, 10) * wanted) / 100));
}

// Pods of an old template that do not work go at once; working ones as long as few enough are missing.
function outdated(moment: DaemonMoment, kept: readonly Pod[]): Pod[] {
  if (moment.set.spec.updateStrategy?.type === 'OnDelete') return [];
  const old = kept.filter(
    ({ metadata }) => metadata.labels?.[daemonHashLabel] !== moment.hash && !metadata.deletionTimestamp,
  );
  const working = old.filter((pod) => isAvailable(moment, pod));
  const wanted = moment.nodes.filter((node) => wantsNode(moment.set, node)).length;
  const available = kept.filter((pod) => isAvailable(moment, pod) && !pod.metadata.deletionTimestamp).length;
  const spare = Math.max(0, allowedMissing(moment) - (wanted - available));
  return [...old.filter((pod) => !isAvailable(moment, pod)), ...working.slice(0, spare)];
}

/** Which nodes need a pod now, and which pods must go: misplaced, finished, doubled or of an old template. */
export function daemonMoves(moment: DaemonMoment): DaemonMoves {
  const { set, nodes, pods } = moment;
  const wanted = new Set(nodes.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const kept = new Map<string, Pod>();
  const remove: Pod[] = [];
  for (const pod of pods) {
    const node = nodeOfDaemon(pod) ?? '';
    if (wanted.has(node) && !isFinished(pod) && !kept.has(node)) kept.set(node, pod);
    else if (!pod.metadata.deletionTimestamp) remove.push(pod);
  }
  const create = [...wanted].filter((node) => !pods.some((pod) => nodeOfDaemon(pod) === node));
  return { create, delete: [...remove, ...outdated(moment, [...kept.values()])] };
}

/** The counts of a daemon set's status. */
export function daemonStatus(moment: DaemonMoment): Record<string, unknown> {
  const { set, nodes, pods, hash } = moment;
  const wanted = new Set(nodes.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const placed = pods.filter((pod) => wanted.has(nodeOfDaemon(pod) ?? '') && !pod.metadata.deletionTimestamp);
  const available = placed.filter((pod) => isAvailable(moment, pod)).length;
  const updated = placed.filter(({ metadata }) => metadata.labels?.[daemonHashLabel] === hash).length;
  const missing = wanted.size - available;
  return {
    currentNumberScheduled: placed.length,
    desiredNumberScheduled: wanted.size,
    numberMisscheduled: pods.filter((pod) => !wanted.has(nodeOfDaemon(pod) ?? '')).length,
    numberReady: placed.filter(isReady).length,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(missing > 0 && { numberUnavailable: missing }),
    observedGeneration: set.metadata.generation,
  };
}

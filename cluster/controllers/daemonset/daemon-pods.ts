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
  return (
    matchesNodeAffinity(pod, { name: node.metadata.name, labels: node.metadata.labels ?? {} }) &&
    taints.every((taint) => tolerates(pod.spec.tolerations, taint))
  );
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

interface Allowance {
  /** How many nodes may be without a working pod. */
  readonly missing: number;
  /** How many nodes may have a second, new pod beside the old one. */
  readonly extra: number;
}

function share(value: number | string, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);
}

function allowance({ set }: DaemonMoment, wanted: number): Allowance {
  const { maxUnavailable = 1, maxSurge = 0 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const extra = share(maxSurge, wanted);
  const missing = share(maxUnavailable, wanted);
  return { extra, missing: extra === 0 ? Math.max(1, missing) : missing };
}

/** The pods of one node: the newest of each template, and what has to go anyway. */
interface NodePods {
  readonly old: Pod | undefined;
  readonly current: Pod | undefined;
}

const isCurrent = ({ hash }: DaemonMoment, { metadata }: Pod): boolean => metadata.labels?.[daemonHashLabel] === hash;
const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Replaces in place: pods of an old template that do not work go at once, working ones while few enough are missing. */
function outdated(moment: DaemonMoment, nodes: readonly NodePods[]): Pod[] {
  const present = nodes.flatMap(({ old, current }) => [old, current].filter((pod) => pod !== undefined));
  const available = present.filter((pod) => isAvailable(moment, pod) && !isLeaving(pod)).length;
  const spare = Math.max(0, allowance(moment, nodes.length).missing - (nodes.length - available));
  const old = nodes.flatMap(({ old: pod }) => (pod && !isLeaving(pod) ? [pod] : []));
  const working = old.filter((pod) => isAvailable(moment, pod));
  return [...old.filter((pod) => !isAvailable(moment, pod)), ...working.slice(0, spare)];
}

/** Replaces one after the other: an old pod goes once the new one beside it works, or when it does not work itself. */
function replaced(moment: DaemonMoment, nodes: ReadonlyMap<string, NodePods>): { create: string[]; delete: Pod[] } {
  const pairs = [...nodes.values()].filter(({ old }) => old && !isLeaving(old));
  const done = pairs.filter(({ current, old }) => {
    const isReplaced = current !== undefined && isAvailable(moment, current);
    return isReplaced || (current === undefined && old !== undefined && !isAvailable(moment, old));
  });
  const beside = pairs.filter(({ current }) => current !== undefined).length;
  const room = Math.max(0, allowance(moment, nodes.size).extra - beside);
  const waiting = [...nodes].filter(([, { old, current }]) => old && !current && isAvailable(moment, old));
  return {
    create: waiting.slice(0, room).map(([node]) => node),
    delete: done.flatMap(({ old }) => (old ? [old] : [])),
  };
}

/** Sorts pods by node; finished ones, doubles and those on unwanted nodes have to go. */
function byNode(moment: DaemonMoment, wanted: ReadonlySet<string>): { nodes: Map<string, NodePods>; remove: Pod[] } {
  const nodes = new Map<string, NodePods>([...wanted].map((name) => [name, { old: undefined, current: undefined }]));
  const remove: Pod[] = [];
  for (const pod of moment.pods) {
    const name = nodeOfDaemon(pod) ?? '';
    const known = nodes.get(name);
    const place = isCurrent(moment, pod) ? 'current' : 'old';
    if (known && !isFinished(pod) && !known[place]) nodes.set(name, { ...known, [place]: pod });
    else if (!isLeaving(pod)) remove.push(pod);
  }
  return { nodes, remove };
}

/** Which nodes need a pod now, and which pods must go: misplaced, finished, doubled or of an old template. */
export function daemonMoves(moment: DaemonMoment): DaemonMoves {
  const { set, nodes: all, pods } = moment;
  const wanted = new Set(all.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const { nodes, remove } = byNode(moment, wanted);
  const occupied = new Set(pods.map(nodeOfDaemon));
  const create = [...wanted].filter((node) => !occupied.has(node));
  if (set.spec.updateStrategy?.type === 'OnDelete') return { create, delete: remove };
  if (allowance(moment, wanted.size).extra === 0)
    return { create, delete: [...remove, ...outdated(moment, [...nodes.values()])] };
  const next = replaced(moment, nodes);
  return { create: [...create, ...next.create], delete: [...remove, ...next.delete] };
}

/** The counts of a daemon set's status, by nodes: of two pods on one the better counts. */
export function daemonStatus(moment: DaemonMoment): Record<string, unknown> {
  const { set, nodes, pods } = moment;
  const wanted = new Set(nodes.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const placed = pods.filter((pod) => wanted.has(nodeOfDaemon(pod) ?? '') && !isLeaving(pod));
  const onNodes = (fits: (pod: Pod) => boolean): number => new Set(placed.filter(fits).map(nodeOfDaemon)).size;
  const available = onNodes((pod) => isAvailable(moment, pod));
  const updated = onNodes((pod) => isCurrent(moment, pod));
  const missing = wanted.size - available;
  return {
    currentNumberScheduled: onNodes(() => true),
    desiredNumberScheduled: wanted.size,
    numberMisscheduled: pods.filter((pod) => !wanted.has(nodeOfDaemon(pod) ?? '')).length,
    numberReady: onNodes(isReady),
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(missing > 0 && { numberUnavailable: missing }),
    observedGeneration: set.metadata.generation,
  };
}

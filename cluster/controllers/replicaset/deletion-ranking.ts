import { availableFromMs, isReady, type Pod } from '../../reconcile/pod.ts';

/** For each pod, how many active pods of its owner's family run on the same node: crowded nodes give pods up first. */
export type NodeCrowd = (pod: Pod) => number;

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.[costAnnotation] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
}

function createdMs(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
}

/** Less to lose comes first: each rule decides only where those above it see no difference. */
const rules: readonly ((pod: Pod, crowd: NodeCrowd) => number)[] = [
  (pod) => (pod.spec.nodeName ? 1 : 0),
  (pod) => phaseOrder[pod.status?.phase ?? 'Pending'] ?? 0,
  (pod) => (isReady(pod) ? 1 : 0),
  (pod) => deletionCost(pod),
  (pod, crowd) => -crowd(pod),
  (pod) => -(availableFromMs(pod, 1) ?? 0),
  (pod) => -restarts(pod),
  (pod) => -createdMs(pod),
];

/** The pods in the order in which a scale-down deletes them. */
export function rankForDeletion(pods: readonly Pod[], crowd: NodeCrowd = () => 0): Pod[] {
  const ranked = pods.map((pod) => ({ pod, ranks: rules.map((rule) => rule(pod, crowd)) }));
  ranked.sort((a, b) => {
    const differs = a.ranks.findIndex((rank, i) => rank !== b.ranks[i]);
    return differs < 0 ? 0 : (a.ranks[differs] ?? 0) - (b.ranks[differs] ?? 0);
  });
  return ranked.map(({ pod }) => pod);
}

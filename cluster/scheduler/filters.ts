import type { Pod, Toleration } from '../reconcile/pod.ts';
import { matchesNodeAffinity } from './node-affinity.ts';
import type { NodeTaint, SchedulableNode, Usage } from './node-usage.ts';
import { amountsOf, hostPorts, podRequest } from './pod-request.ts';

export interface Candidate {
  readonly node: SchedulableNode;
  readonly usage: Usage;
}

/** Why a node is out of the question for a pod. */
export interface Rejection {
  readonly reasons: readonly string[];
  /** True when removing other pods from the node could not help. */
  readonly final: boolean;
}

export function tolerates(tolerations: readonly Toleration[] = [], taint: NodeTaint): boolean {
  return tolerations.some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (!key) return operator === 'Exists';
    return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
  });
}

const unschedulableTaint: NodeTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function untolerated(pod: Pod, { spec }: SchedulableNode): boolean {
  const forbidding = (spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  return forbidding.some((taint) => !tolerates(pod.spec.tolerations, taint));
}

function lacking(pod: Pod, { node, usage }: Candidate): Rejection | undefined {
  const allocatable = amountsOf(node.status?.allocatable);
  const request = podRequest(pod);
  const short = Object.keys(request).filter((name) => {
    return (
      (request[name] ?? 0) > 0 && (usage.requested[name] ?? 0) + (request[name] ?? 0) > (allocatable[name] ?? 0) + 1e-9
    );
  });
  const reasons = short.map((name) => `Insufficient ${name}`);
  if (usage.pods + 1 > (allocatable.pods ?? 0)) reasons.unshift('Too many pods');
  if (reasons.length === 0) return undefined;
  return { reasons, final: short.some((name) => (request[name] ?? 0) > (allocatable[name] ?? 0)) };
}

type Filter = (pod: Pod, candidate: Candidate) => Rejection | undefined;

const never = (reason: string): Rejection => ({ reasons: [reason], final: true });

/** In this order; a node is rejected by the first that finds a reason. */
const filters: readonly Filter[] = [
  (pod, { node }) =>
    node.spec.unschedulable && !tolerates(pod.spec.tolerations, unschedulableTaint)
      ? never('node(s) were unschedulable')
      : undefined,
  (pod, { node }) => (untolerated(pod, node) ? never('node(s) had untolerated taint(s)') : undefined),
  (pod, { node }) =>
    matchesNodeAffinity(pod, node) ? undefined : never("node(s) didn't match Pod's node affinity/selector"),
  (pod, { usage }) =>
    hostPorts(pod).some((port) => usage.ports.has(port))
      ? { reasons: ["node(s) didn't have free ports for the requested pod ports"], final: false }
      : undefined,
  lacking,
];

/** Why the pod cannot run on this node, or undefined when it can. */
export function reject(pod: Pod, candidate: Candidate): Rejection | undefined {
  for (const filter of filters) {
    const rejection = filter(pod, candidate);
    if (rejection) return rejection;
  }
  return undefined;
}

/** All rejections as the one sentence users read in `kubectl describe pod`. */
export function rejectionMessage(rejections: readonly Rejection[]): string {
  const nodes = rejections.length;
  if (nodes === 0) return 'no nodes available to schedule pods';
  const hopeless = rejections.filter(({ final }) => final).length;
  const preemption = counted([
    ...Array.from({ length: hopeless }, () => 'Preemption is not helpful for scheduling'),
    ...Array.from({ length: nodes - hopeless }, () => 'No preemption victims found for incoming pod'),
  ]);
  const available = `0/${nodes} nodes are available`;
  const reasons = counted(rejections.flatMap((rejection) => rejection.reasons));
  return `${available}: ${reasons}. no new claims to deallocate, preemption: ${available}: ${preemption}.`;
}

function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

import { controllerOf } from '../reconcile/owners.ts';
import type { Pod } from '../reconcile/pod.ts';
import type { Candidate } from './filters.ts';
import { amountsOf, plus, podRequest } from './pod-request.ts';

// A pod that asks for nothing still uses something: counted as this much when nodes are compared.
const assumedRequest = { cpu: 0.1, memory: 200 * 2 ** 20 };

/** 0..1: how much of the node's CPU and memory is left once the pod runs there. */
function freeShare(pod: Pod, { node, usage }: Candidate): number {
  const allocatable = amountsOf(node.status?.allocatable);
  const taken = plus(usage.requested, { ...assumedRequest, ...podRequest(pod) });
  const shares = (['cpu', 'memory'] as const).map((name) => {
    const capacity = allocatable[name] ?? 0;
    return capacity > 0 ? Math.max(0, 1 - (taken[name] ?? 0) / capacity) : 0;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The best of the nodes that can take the pod: few siblings there, then much room, then few pods, then by name. */
export function chooseNode(pod: Pod, candidates: readonly Candidate[]): Candidate | undefined {
  const owner = controllerOf(pod)?.uid ?? '';
  const ranked = candidates.map((candidate) => {
    const siblings = candidate.usage.perOwner.get(owner) ?? 0;
    return { candidate, siblings, free: freeShare(pod, candidate) };
  });
  ranked.sort(
    (a, b) =>
      a.siblings - b.siblings ||
      b.free - a.free ||
      a.candidate.usage.pods - b.candidate.usage.pods ||
      (a.candidate.node.metadata.name < b.candidate.node.metadata.name ? -1 : 1),
  );
  return ranked[0]?.candidate;
}

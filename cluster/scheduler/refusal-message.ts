import type { Rejection } from './plugin.ts';
import type { Refusal } from './place-pod.ts';

/** `2 Insufficient cpu, 1 Too many pods`, in the order of the texts. */
function counted(reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`);
  return parts.sort((a, b) => (a < b ? -1 : 1)).join(', ');
}

function available(nodes: number): string {
  return `0/${nodes} nodes are available:`;
}

/** What making room would take, for nodes that no eviction helps on too. */
export function preemptionMessage(nodes: number, tried: Iterable<Rejection>): string {
  const reasons = [...tried].map(({ reasons: [...all] }) => all);
  const hopeless = Array.from({ length: nodes - reasons.length }, () => 'Preemption is not helpful for scheduling');
  return `${available(nodes)} ${counted([...reasons.flat(), ...hopeless])}.`;
}

/** Why no node takes the pod, as the one sentence that users read in `kubectl describe pod`. */
export function refusalMessage({ nowhere, perNode }: Refusal, nodes: number, preemption: string | undefined): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const why = nowhere ?? counted([...perNode.values()].flatMap(({ reasons }) => [...reasons]));
  // When a pod can be nowhere the real scheduler asks what only a look at the nodes would have noted: it finds nothing.
  const rest =
    nowhere !== undefined
      ? ' not found'
      : preemption === undefined
        ? ''
        : ` no new claims to deallocate, preemption: ${preemption}`;
  return `${available(nodes)} ${why}.${rest}`;
}

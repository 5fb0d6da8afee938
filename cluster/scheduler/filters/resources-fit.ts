import type { NodeState } from '../node-state.ts';
import type { Filter, Rejection } from '../plugin.ts';

const tooMany = 'Too many pods';

type Wanted = readonly (readonly [name: string, amount: number])[];

function left({ allocatable, requested }: NodeState, name: string): number {
  return (allocatable[name] ?? 0) - (requested[name] ?? 0);
}

// Asked for every pod and node: the answer that almost all get costs nothing but the comparison.
function fits(node: NodeState, wanted: Wanted): boolean {
  for (const [name, amount] of wanted) if (amount > left(node, name)) return false;
  return true;
}

function isFull({ pods, allocatable }: NodeState): boolean {
  return pods.size + 1 > (allocatable.pods ?? 0);
}

function rejection(node: NodeState, wanted: Wanted): Rejection {
  const short = wanted.filter(([name, amount]) => amount > left(node, name));
  return {
    reasons: [...(isFull(node) ? [tooMany] : []), ...short.map(([name]) => `Insufficient ${name}`)],
    isFinal: short.some(([name, amount]) => amount > (node.allocatable[name] ?? 0)),
  };
}

/** CPU, memory, extended resources and the number of pods: what is asked for must be left. */
export const resourcesFit: Filter = {
  name: 'NodeResourcesFit',
  helpedBy: ['node added', 'node resources', 'pod removed'],
  prepare: ({ request }) => {
    const wanted = Object.entries(request).filter(([, amount]) => amount > 0);
    return {
      check: (node: NodeState) => (!isFull(node) && fits(node, wanted) ? undefined : rejection(node, wanted)),
    };
  },
};

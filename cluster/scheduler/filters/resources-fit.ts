import type { NodeState } from '../node-state.ts';
import type { Filter, Rejection } from '../plugin.ts';

const tooMany = 'Too many pods';

function rejection(short: readonly string[], isFinal: boolean, isFull: boolean): Rejection {
  const reasons = [...(isFull ? [tooMany] : []), ...short.map((name) => `Insufficient ${name}`)];
  return { reasons, isFinal };
}

/** CPU, memory, extended resources and the number of pods: what is asked for must be left. */
export const resourcesFit: Filter = {
  name: 'NodeResourcesFit',
  helpedBy: ['node added', 'node resources', 'pod removed'],
  prepare: ({ request }) => {
    const wanted = Object.entries(request).filter(([, amount]) => amount > 0);
    return {
      check: (node: NodeState) => {
        const { allocatable, requested, pods } = node;
        const left = (name: string): number => (allocatable[name] ?? 0) - (requested[name] ?? 0);
        const isFull = pods.size + 1 > (allocatable.pods ?? 0);
        if (!isFull && wanted.every(([name, amount]) => amount <= left(name))) return undefined;
        const short = wanted.filter(([name, amount]) => amount > left(name));
        const isFinal = short.some(([name, amount]) => amount > (allocatable[name] ?? 0));
        return rejection(
          short.map(([name]) => name),
          isFinal,
          isFull,
        );
      },
    };
  },
};

import type { ClusterState } from '../cluster-state.ts';
import type { NodeState } from '../node-state.ts';
import type { SpreadConstraint } from '../placed-pod.ts';
import type { Scorer } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { type CompiledSpread, compileSpread, spreadOf } from '../spread-constraints.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

/** The pods a pod stands for something with: those of its services and its workload. */
export type SiblingsOf = (pod: PodInfo) => LabelSelector | undefined;

const byDefault: readonly Pick<SpreadConstraint, 'topologyKey' | 'maxSkew'>[] = [
  { topologyKey: hostname, maxSkew: 3 },
  { topologyKey: zone, maxSkew: 5 },
];

function constraintsOf(
  info: PodInfo,
  siblingsOf: SiblingsOf,
): { constraints: CompiledSpread[]; needsAllKeys: boolean } {
  if (info.pod.spec.topologySpreadConstraints?.length) {
    return { constraints: spreadOf(info, 'ScheduleAnyway'), needsAllKeys: true };
  }
  const labelSelector = siblingsOf(info);
  if (!labelSelector) return { constraints: [], needsAllKeys: false };
  const constraints = byDefault.map((one) =>
    compileSpread(info, { ...one, labelSelector, whenUnsatisfiable: 'ScheduleAnyway' }),
  );
  return { constraints, needsAllKeys: false };
}

/** How many pods of one constraint's group there are where a node is, in the measure of that constraint. */
function costOf(
  constraint: CompiledSpread,
  {
    candidates,
    hasKeys,
    cluster,
  }: { candidates: readonly NodeState[]; hasKeys: (node: NodeState) => boolean; cluster: ClusterState },
): (node: NodeState) => number {
  const { topologyKey, maxSkew, group } = constraint;
  const counts = cluster.groups.count(group);
  const eligible = candidates.filter(hasKeys);
  const isHost = topologyKey === hostname;
  const perValue = new Map<string, number>();
  const valueOf = ({ labels }: NodeState): string => labels[topologyKey] ?? '';
  if (!isHost) {
    for (const node of eligible) perValue.set(valueOf(node), 0);
    const counting = cluster.nodes.filter((node) => counts.has(node.name) && hasKeys(node) && constraint.counts(node));
    for (const node of counting) {
      const sum = perValue.get(valueOf(node));
      if (sum !== undefined) perValue.set(valueOf(node), sum + (counts.get(node.name) ?? 0));
    }
  }
  const weight = Math.log((isHost ? eligible.length : perValue.size) + 2);
  return (node) => {
    const value = node.labels[topologyKey];
    if (value === undefined) return 0;
    const count = isHost ? (counts.get(node.name) ?? 0) : (perValue.get(value) ?? 0);
    return count * weight + maxSkew - 1;
  };
}

/** Nodes whose domains have fewer pods of the same group are better. */
export function spreadScore(siblingsOf: SiblingsOf): Scorer {
  return {
    name: 'PodTopologySpread',
    weight: 2,
    score(info, nodes, cluster) {
      const { constraints, needsAllKeys } = constraintsOf(info, siblingsOf);
      if (constraints.length === 0) return undefined;
      const hasKeys = (node: NodeState): boolean =>
        !needsAllKeys || constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
      const costs = constraints.map((constraint) => costOf(constraint, { candidates: nodes, hasKeys, cluster }));
      const sums = nodes.map((node) =>
        hasKeys(node) ? Math.round(costs.reduce((sum, cost) => sum + cost(node), 0)) : undefined,
      );
      return inverted(sums);
    },
  };
}

function inverted(sums: readonly (number | undefined)[]): number[] {
  const known = sums.filter((sum) => sum !== undefined);
  const [least, most] = [Math.min(...known), Math.max(0, ...known)];
  return sums.map((sum) => {
    if (sum === undefined) return 0;
    return most === 0 ? 100 : Math.floor((100 * (most + least - sum)) / most);
  });
}

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

interface SpreadView {
  readonly candidates: readonly NodeState[];
  readonly cluster: ClusterState;
  /** Labels that a node must have to count; none: every node counts. */
  readonly keys: readonly string[];
}

function hasKeys({ labels }: NodeState, keys: readonly string[]): boolean {
  for (const key of keys) if (labels[key] === undefined) return false;
  return true;
}

/** Adds what one constraint has against each candidate: how many pods of its group are in the same place. */
function addCosts(sums: Float64Array, constraint: CompiledSpread, view: SpreadView): void {
  const { topologyKey, maxSkew, group } = constraint;
  const perNode = view.cluster.groups.count(group);
  const places = topologyKey === hostname ? undefined : countPlaces(constraint, perNode, view);
  const eligible = view.candidates.filter((node) => hasKeys(node, view.keys));
  const weight = Math.log((places?.size ?? eligible.length) + 2);
  view.candidates.forEach((node, index) => {
    const value = node.labels[topologyKey];
    if (value === undefined) return;
    const count = (places ? places.get(value) : perNode.get(node.name)) ?? 0;
    sums[index] = (sums[index] ?? 0) + count * weight + maxSkew - 1;
  });
}

/** How many pods of the group are in each place that a candidate is in. */
function countPlaces(
  { topologyKey, counts }: CompiledSpread,
  perNode: ReadonlyMap<string, number>,
  { candidates, cluster, keys }: SpreadView,
): Map<string, number> {
  const places = new Map<string, number>();
  const placeOf = ({ labels }: NodeState): string => labels[topologyKey] ?? '';
  for (const node of candidates) if (hasKeys(node, keys)) places.set(placeOf(node), 0);
  // Without such a label on any candidate there is only one place, which makes no difference.
  if (places.size === 1 && places.has('')) return places;
  for (const [name, count] of perNode) {
    const node = cluster.node(name);
    if (!node || !hasKeys(node, keys) || !counts(node)) continue;
    const sum = places.get(placeOf(node));
    if (sum !== undefined) places.set(placeOf(node), sum + count);
  }
  return places;
}

/** Nodes whose domains have fewer pods of the same group are better. */
export function spreadScore(siblingsOf: SiblingsOf): Scorer {
  return {
    name: 'PodTopologySpread',
    weight: 2,
    score(info, candidates, cluster) {
      const { constraints, needsAllKeys } = constraintsOf(info, siblingsOf);
      if (constraints.length === 0) return undefined;
      const keys = needsAllKeys ? constraints.map(({ topologyKey }) => topologyKey) : [];
      const sums = new Float64Array(candidates.length);
      for (const constraint of constraints) addCosts(sums, constraint, { candidates, cluster, keys });
      return inverted(
        candidates.map((node, index) => (hasKeys(node, keys) ? Math.round(sums[index] ?? 0) : undefined)),
      );
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

import type { NodeState } from '../node-state.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Filter, final, type NodeCheck, passing, type Rejection } from '../plugin.ts';
import type { ClusterState } from '../cluster-state.ts';
import { type CompiledSpread, spreadOf } from '../spread-constraints.ts';

const uneven = "node(s) didn't match pod topology spread constraints";
const missingLabel = final(`${uneven} (missing required label)`);
const tooUneven = passing(uneven);

/** How many pods of one constraint's group each domain has. */
class Domains {
  readonly #constraint: CompiledSpread;
  readonly #counts = new Map<string, number>();
  readonly #self: 0 | 1;
  #least: number | undefined;

  constructor(constraint: CompiledSpread, info: PodInfo) {
    this.#constraint = constraint;
    this.#self = constraint.matches(info.labels) ? 1 : 0;
  }

  count(node: NodeState, pods: number): void {
    if (!this.#constraint.counts(node)) return;
    const value = node.labels[this.#constraint.topologyKey] ?? '';
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + pods);
    this.#least = undefined;
  }

  change(pod: PodInfo, node: NodeState, by: 1 | -1): void {
    if (this.#constraint.group.includes(pod)) this.count(node, by);
  }

  check(node: NodeState): Rejection | undefined {
    const { topologyKey, maxSkew } = this.#constraint;
    const value = node.labels[topologyKey];
    if (value === undefined) return missingLabel;
    const skew = (this.#counts.get(value) ?? 0) + this.#self - this.#leastCount();
    return skew > maxSkew ? tooUneven : undefined;
  }

  // With fewer domains than asked for, the missing ones count as empty.
  #leastCount(): number {
    if (this.#counts.size < this.#constraint.minDomains) return 0;
    return (this.#least ??= leastOf(this.#counts.values()));
  }
}

function leastOf(counts: Iterable<number>): number {
  let least = Number.MAX_SAFE_INTEGER;
  for (const count of counts) if (count < least) least = count;
  return least;
}

/** The required spreading of a group of pods over domains of nodes. */
export const topologySpread: Filter = {
  name: 'PodTopologySpread',
  helpedBy: ['node added', 'node removed', 'node labels', 'node taints', 'pod placed', 'pod removed', 'pod labels'],
  prepare(info: PodInfo, cluster: ClusterState): NodeCheck | undefined {
    const constraints = spreadOf(info, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const hasAllKeys = (node: NodeState): boolean =>
      constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
    const domains = constraints.map((constraint) => {
      const made = new Domains(constraint, info);
      const counts = cluster.groups.count(constraint.group);
      for (const node of cluster.nodes) if (hasAllKeys(node)) made.count(node, counts.get(node.name) ?? 0);
      return made;
    });
    return {
      check: (node) => firstRejection(domains, node),
      change: (pod, node, by) => {
        if (hasAllKeys(node)) for (const one of domains) one.change(pod, node, by);
      },
    };
  },
};

function firstRejection(domains: readonly Domains[], node: NodeState): Rejection | undefined {
  for (const one of domains) {
    const rejection = one.check(node);
    if (rejection) return rejection;
  }
  return undefined;
}

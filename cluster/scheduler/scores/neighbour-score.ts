import type { ClusterState } from '../cluster-state.ts';
import { groupOfTerms } from '../filters/inter-pod-affinity.ts';
import type { Scorer } from '../plugin.ts';
import type { CompiledTerm, PodInfo } from '../pod-info.ts';

/** How welcome the pod is in each place: topology key -> value -> weight. */
class Welcome {
  readonly #cluster: ClusterState;
  readonly #places = new Map<string, Map<string, number>>();

  constructor(cluster: ClusterState) {
    this.#cluster = cluster;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  add(topologyKey: string, perNode: ReadonlyMap<string, number>, weight: number): void {
    for (const [name, count] of perNode) {
      const value = this.#cluster.node(name)?.labels[topologyKey];
      if (value === undefined) continue;
      const places = this.#places.get(topologyKey) ?? new Map<string, number>();
      this.#places.set(topologyKey, places.set(value, (places.get(value) ?? 0) + count * weight));
    }
  }

  at(labels: Readonly<Record<string, string>>): number {
    let sum = 0;
    for (const [key, places] of this.#places) sum += places.get(labels[key] ?? '') ?? 0;
    return sum;
  }
}

function welcomeOf(info: PodInfo, cluster: ClusterState): Welcome {
  const welcome = new Welcome(cluster);
  const wish = (terms: readonly CompiledTerm[] = [], sign: 1 | -1): void => {
    for (const term of terms)
      welcome.add(term.topologyKey, cluster.groups.count(groupOfTerms([term], cluster)), sign * term.weight);
  };
  wish(info.terms?.preferred, 1);
  wish(info.terms?.avoided, -1);
  for (const [kind, sign] of [
    ['affinity', 1],
    ['preferred', 1],
    ['avoided', -1],
  ] as const) {
    for (const { term, perNode } of cluster.terms[kind].about(info, cluster.namespaceLabels))
      welcome.add(term.topologyKey, perNode, sign);
  }
  return welcome;
}

/** Nodes near the pods it would like to be with, and that would like to be with it, are better. */
export const neighbourScore: Scorer = {
  name: 'InterPodAffinity',
  weight: 2,
  score(info, nodes, cluster) {
    const welcome = welcomeOf(info, cluster);
    if (welcome.isEmpty) return undefined;
    const sums = nodes.map(({ labels }) => welcome.at(labels));
    const [least, most] = [Math.min(...sums), Math.max(...sums)];
    if (most === least) return undefined;
    return sums.map((sum) => Math.floor((100 * (sum - least)) / (most - least)));
  },
};

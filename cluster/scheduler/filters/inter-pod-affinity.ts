import type { ClusterState } from '../cluster-state.ts';
import type { NodeState } from '../node-state.ts';
import { type Filter, final, type NodeCheck, passing, type Rejection } from '../plugin.ts';
import { add, type GroupRule } from '../pod-groups.ts';
import type { CompiledTerm, PodInfo } from '../pod-info.ts';
import { termMatches } from '../term-index.ts';

const noFriends = final("node(s) didn't match pod affinity rules");
const hasRivals = passing("node(s) didn't match pod anti-affinity rules");
const isUnwelcome = passing("node(s) didn't satisfy existing pods anti-affinity rules");

/** The pods that all of these terms speak of. */
export function groupOfTerms(terms: readonly CompiledTerm[], cluster: ClusterState): GroupRule {
  const [first] = terms;
  const isLocal = terms.length === 1 && first?.namespaces.size === 1 && !first.namespaceMatches;
  return {
    key: `terms ${terms.map(({ key }) => key).join(' ')}`,
    namespace: isLocal ? [...first.namespaces][0] : undefined,
    includes: (pod) => terms.every((term) => termMatches(term, pod, cluster.namespaceLabels)),
  };
}

/** Counts by topology value: how many pods are in the part of the cluster that a node belongs to. */
class Places {
  readonly #key: string;
  readonly #counts = new Map<string, number>();

  constructor(key: string) {
    this.#key = key;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  addAll(perNode: ReadonlyMap<string, number>, cluster: ClusterState): this {
    for (const [name, count] of perNode) {
      const node = cluster.node(name);
      if (node) this.add(node, count);
    }
    return this;
  }

  add(node: NodeState, by: number): void {
    const value = node.labels[this.#key];
    if (value !== undefined) add(this.#counts, value, by);
  }

  has(node: NodeState): boolean {
    const value = node.labels[this.#key];
    return value !== undefined && (this.#counts.get(value) ?? 0) > 0;
  }

  isLabelled(node: NodeState): boolean {
    return node.labels[this.#key] !== undefined;
  }
}

/** What the pod wants to be near to. */
class Friends {
  readonly #places: readonly Places[];
  readonly #group: GroupRule;
  readonly #isOwn: boolean;

  constructor(info: PodInfo, terms: readonly CompiledTerm[], cluster: ClusterState) {
    this.#group = groupOfTerms(terms, cluster);
    const counts = cluster.groups.count(this.#group);
    this.#places = terms.map(({ topologyKey }) => new Places(topologyKey).addAll(counts, cluster));
    this.#isOwn = this.#group.includes(info);
  }

  // The first of a group of pods that want to be together must be allowed somewhere.
  check(node: NodeState): boolean {
    if (!this.#places.every((places) => places.isLabelled(node))) return false;
    if (this.#places.every((places) => places.has(node))) return true;
    return this.#isOwn && this.#places.every(({ isEmpty }) => isEmpty);
  }

  change(pod: PodInfo, node: NodeState, by: 1 | -1): void {
    if (this.#group.includes(pod)) for (const places of this.#places) places.add(node, by);
  }
}

/** What the pod wants to be away from. */
class Rivals {
  readonly #terms: readonly { readonly group: GroupRule; readonly places: Places }[];

  constructor(terms: readonly CompiledTerm[], cluster: ClusterState) {
    this.#terms = terms.map((term) => {
      const group = groupOfTerms([term], cluster);
      return { group, places: new Places(term.topologyKey).addAll(cluster.groups.count(group), cluster) };
    });
  }

  has(node: NodeState): boolean {
    return this.#terms.some(({ places }) => places.has(node));
  }

  change(pod: PodInfo, node: NodeState, by: 1 | -1): void {
    for (const { group, places } of this.#terms) if (group.includes(pod)) places.add(node, by);
  }
}

/** Placed pods that want to be away from this one. */
class Unwelcoming {
  readonly #info: PodInfo;
  readonly #cluster: ClusterState;
  readonly #byKey = new Map<string, Places>();

  constructor(info: PodInfo, cluster: ClusterState) {
    this.#info = info;
    this.#cluster = cluster;
    for (const { term, perNode } of cluster.terms.antiAffinity.about(info, cluster.namespaceLabels))
      this.#at(term.topologyKey).addAll(perNode, cluster);
  }

  has(node: NodeState): boolean {
    if (this.#byKey.size === 0) return false;
    return [...this.#byKey.values()].some((places) => places.has(node));
  }

  change(pod: PodInfo, node: NodeState, by: 1 | -1): void {
    for (const term of pod.terms?.antiAffinity ?? []) {
      if (termMatches(term, this.#info, this.#cluster.namespaceLabels)) this.#at(term.topologyKey).add(node, by);
    }
  }

  #at(key: string): Places {
    const known = this.#byKey.get(key) ?? new Places(key);
    this.#byKey.set(key, known);
    return known;
  }
}

/** The required affinity and anti-affinity between pods, in both directions. */
export const interPodAffinity: Filter = {
  name: 'InterPodAffinity',
  helpedBy: ['node added', 'node labels', 'pod placed', 'pod removed', 'pod labels', 'namespace labels'],
  prepare(info: PodInfo, cluster: ClusterState): NodeCheck | undefined {
    const { affinity = [], antiAffinity = [] } = info.terms ?? {};
    if (affinity.length + antiAffinity.length === 0 && cluster.terms.antiAffinity.isEmpty) return undefined;
    const friends = affinity.length > 0 ? new Friends(info, affinity, cluster) : undefined;
    const rivals = new Rivals(antiAffinity, cluster);
    const unwelcoming = new Unwelcoming(info, cluster);
    return {
      check: (node): Rejection | undefined => {
        if (friends && !friends.check(node)) return noFriends;
        if (rivals.has(node)) return hasRivals;
        return unwelcoming.has(node) ? isUnwelcome : undefined;
      },
      change: (pod, node, by) => {
        friends?.change(pod, node, by);
        rivals.change(pod, node, by);
        unwelcoming.change(pod, node, by);
      },
    };
  },
};

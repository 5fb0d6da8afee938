import type { ClusterState } from './cluster-state.ts';
import { namedNodes } from './node-affinity.ts';
import type { NodeState } from './node-state.ts';
import type { Filter, NodeCheck, NoWhere, Rejection, Scorer } from './plugin.ts';
import { final } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';

/** Why no node can take a pod now. */
export interface Refusal {
  /** Why it can be nowhere, whatever the nodes. */
  readonly nowhere: string | undefined;
  readonly perNode: ReadonlyMap<NodeState, Rejection>;
  /** The filters that have refused it. */
  readonly refusedBy: ReadonlySet<string>;
}

export interface Checks {
  readonly filters: readonly { readonly name: string; readonly check: NodeCheck }[];
  readonly info: PodInfo;
}

export interface PlacementRules {
  readonly filters: readonly Filter[];
  readonly scorers: readonly Scorer[];
}

/** Pods that have made room on a node and wait for it to be free. */
export type NominatedOn = (node: string) => Iterable<PodInfo>;

const fewestToLookAt = 100;

/** In a large cluster some of the nodes that fit are enough to choose from: how many. */
export function enoughNodes(count: number): number {
  if (count < fewestToLookAt) return count;
  const percentage = Math.max(5, 50 - Math.floor(count / 125));
  return Math.max(fewestToLookAt, Math.floor((count * percentage) / 100));
}

/** Finds a node for a pod: the filters say which nodes can take it, the scorers which of them is best. */
export class PodPlacement {
  readonly #rules: PlacementRules;
  readonly #cluster: ClusterState;
  readonly #nominatedOn: NominatedOn;
  #next = 0;

  constructor(rules: PlacementRules, cluster: ClusterState, nominatedOn: NominatedOn) {
    this.#rules = rules;
    this.#cluster = cluster;
    this.#nominatedOn = nominatedOn;
  }

  place(info: PodInfo): { node: NodeState } | { refusal: Refusal; checks: Checks | undefined } {
    const prepared = this.#prepare(info);
    if ('refusal' in prepared) return { ...prepared, checks: undefined };
    const { feasible, refusal } = this.#find(info, prepared);
    const node = this.#best(info, feasible);
    return node ? { node } : { refusal, checks: prepared };
  }

  /** Does the pod fit on the node, with and without the pods that are to come there? */
  fits(checks: Checks, node: NodeState): Rejection | undefined {
    return this.#check(checks, node)?.rejection;
  }

  #prepare(info: PodInfo): Checks | { refusal: Refusal } {
    if (namedNodes(info.pod)?.size === 0) return nowhere('pod affinity terms conflict', 'NodeAffinity');
    const filters: { name: string; check: NodeCheck }[] = [];
    for (const filter of this.#rules.filters) {
      const check: NodeCheck | NoWhere | undefined = filter.prepare(info, this.#cluster);
      if (!check) continue;
      if ('nowhere' in check) return nowhere(check.nowhere, filter.name);
      filters.push({ name: filter.name, check });
    }
    return { filters, info };
  }

  #find(info: PodInfo, checks: Checks): { feasible: NodeState[]; refusal: Refusal } {
    const feasible: NodeState[] = [];
    const perNode = new Map<NodeState, Rejection>();
    const refusedBy = new Set<string>();
    const nodes = this.#nodesInTurn(info);
    const enough = enoughNodes(nodes.length);
    const named = namedNodes(info.pod);
    const notNamed = final("node(s) didn't satisfy plugin(s) [NodeAffinity]");
    let seen = 0;
    for (const node of nodes) {
      seen++;
      const found =
        named && !named.has(node.name) ? { rejection: notNamed, by: 'NodeAffinity' } : this.#check(checks, node);
      if (!found) feasible.push(node);
      else {
        perNode.set(node, found.rejection);
        refusedBy.add(found.by);
      }
      if (feasible.length >= enough) break;
    }
    this.#next = nodes.length > 0 ? (this.#next + seen) % nodes.length : 0;
    return { feasible, refusal: { nowhere: undefined, perNode, refusedBy } };
  }

  // The nodes made room on come first, then the others from where the last search ended.
  #nodesInTurn({ pod }: PodInfo): readonly NodeState[] {
    const { nodes } = this.#cluster;
    const start = this.#next % Math.max(1, nodes.length);
    const nominated = this.#cluster.node(pod.status?.nominatedNodeName ?? '');
    const turned = start === 0 ? nodes : [...nodes.slice(start), ...nodes.slice(0, start)];
    return nominated ? [nominated, ...turned.filter((node) => node !== nominated)] : turned;
  }

  #check(checks: Checks, node: NodeState): { rejection: Rejection; by: string } | undefined {
    const coming = this.#coming(checks.info, node);
    if (coming.length > 0) {
      for (const pod of coming) change(checks, { pod, node, by: 1 });
      const found = firstRejection(checks, node);
      for (const pod of coming) change(checks, { pod, node, by: -1 });
      if (found) return found;
    }
    return firstRejection(checks, node);
  }

  #coming(info: PodInfo, node: NodeState): PodInfo[] {
    const coming: PodInfo[] = [];
    for (const other of this.#nominatedOn(node.name)) {
      if (other.uid !== info.uid && other.priority >= info.priority && !node.pods.has(other.uid)) coming.push(other);
    }
    return coming;
  }

  #best(info: PodInfo, feasible: readonly NodeState[]): NodeState | undefined {
    const nominated = info.pod.status?.nominatedNodeName;
    if (nominated && feasible[0]?.name === nominated) return feasible[0];
    if (feasible.length < 2) return feasible[0];
    const totals = new Float64Array(feasible.length);
    for (const scorer of this.#rules.scorers) {
      const scores = scorer.score(info, feasible, this.#cluster);
      scores?.forEach((score, index) => (totals[index] = (totals[index] ?? 0) + scorer.weight * score));
    }
    return highest(feasible, totals);
  }
}

function nowhere(why: string, filter: string): { refusal: Refusal } {
  return { refusal: { nowhere: why, perNode: new Map(), refusedBy: new Set([filter]) } };
}

/** The node with the highest total; of equals the one with the fewest pods, then the first. */
function highest(nodes: readonly NodeState[], totals: Float64Array): NodeState | undefined {
  let best: NodeState | undefined;
  let bestTotal = -1;
  nodes.forEach((node, index) => {
    const total = totals[index] ?? 0;
    const isBetter = total > bestTotal || (total === bestTotal && node.pods.size < (best?.pods.size ?? 0));
    if (!isBetter) return;
    best = node;
    bestTotal = total;
  });
  return best;
}

function firstRejection({ filters }: Checks, node: NodeState): { rejection: Rejection; by: string } | undefined {
  for (const { name, check } of filters) {
    const rejection = check.check(node);
    if (rejection) return { rejection, by: name };
  }
  return undefined;
}

/** Counts a pod in or out of a node for what a check sees, to find out what would be if. */
export function change(
  { filters }: Checks,
  { pod, node, by }: { readonly pod: PodInfo; readonly node: NodeState; readonly by: 1 | -1 },
): void {
  if (by === 1) node.add(pod);
  else node.remove(pod);
  for (const { check } of filters) check.change?.(pod, node, by);
}

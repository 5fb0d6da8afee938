import type { PodInfo } from './pod-info.ts';

/** Which pods to count, and under which name the count is kept. */
export interface GroupRule {
  /** Equal for rules that count the same pods. */
  readonly key: string;
  /** The only namespace its pods can be in; undefined: any. */
  readonly namespace: string | undefined;
  readonly includes: (pod: PodInfo) => boolean;
}

interface Group extends GroupRule {
  readonly perNode: Map<string, number>;
}

/** Enough for what a few hundred workloads ask about; the group asked about longest ago is forgotten first. */
const mostGroups = 1_000;

/**
 * Counts, node by node, the placed pods that somebody has asked about. A group is counted through once, when it is
 * first asked about, and then kept up to date with every pod placed and removed.
 */
export class PodGroups {
  readonly #groups = new Map<string, Group>();
  readonly #byNamespace = new Map<string | undefined, Set<Group>>();
  readonly #placed: (namespace: string | undefined) => Iterable<readonly [pod: PodInfo, node: string]>;

  constructor(placed: (namespace: string | undefined) => Iterable<readonly [pod: PodInfo, node: string]>) {
    this.#placed = placed;
  }

  /** How many pods of the group each node has; nodes without any are missing. */
  count(rule: GroupRule): ReadonlyMap<string, number> {
    const known = this.#groups.get(rule.key);
    if (known) {
      this.#groups.delete(rule.key);
      this.#groups.set(rule.key, known);
      return known.perNode;
    }
    return this.#countThrough(rule);
  }

  change(pod: PodInfo, node: string, by: 1 | -1): void {
    for (const namespace of [pod.namespace, undefined]) {
      for (const group of this.#byNamespace.get(namespace) ?? []) if (group.includes(pod)) add(group.perNode, node, by);
    }
  }

  /** Forgets all groups: the rules may count other pods now. */
  clear(): void {
    this.#groups.clear();
    this.#byNamespace.clear();
  }

  #countThrough(rule: GroupRule): ReadonlyMap<string, number> {
    const group = { ...rule, perNode: new Map<string, number>() };
    for (const [pod, node] of this.#placed(rule.namespace)) if (rule.includes(pod)) add(group.perNode, node, 1);
    this.#groups.set(rule.key, group);
    const siblings = this.#byNamespace.get(rule.namespace) ?? new Set();
    this.#byNamespace.set(rule.namespace, siblings.add(group));
    const [oldest] = this.#groups.values();
    if (this.#groups.size > mostGroups && oldest) this.#forget(oldest);
    return group.perNode;
  }

  #forget(group: Group): void {
    this.#groups.delete(group.key);
    this.#byNamespace.get(group.namespace)?.delete(group);
  }
}

/** Adds to a count, and drops it when nothing is left. */
export function add(counts: Map<string, number>, key: string, by: number): void {
  const sum = (counts.get(key) ?? 0) + by;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

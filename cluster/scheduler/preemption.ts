import type { ClusterObject } from '../client.ts';
import { podCondition } from '../reconcile/pod.ts';
import type { LabelSelector } from '../reconcile/selectors.ts';
import { labelMatcher } from './label-matcher.ts';
import type { NodeState } from './node-state.ts';
import { change, type Checks, type PodPlacement, type Refusal } from './place-pod.ts';
import { final, type Rejection } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';

/** A PodDisruptionBudget, as far as evicting pods goes. */
export interface Budget extends ClusterObject {
  spec: { selector?: LabelSelector };
  status?: { disruptionsAllowed?: number; disruptedPods?: Record<string, string> };
}

/** Making room on one node. */
export interface Eviction {
  readonly node: NodeState;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them a budget says should stay. */
  readonly violations: number;
}

export type Outcome = { readonly eviction: Eviction } | { readonly tried: readonly Rejection[] };

const noVictims = final('No preemption victims found for incoming pod');

function startMs({ pod }: PodInfo): number {
  return Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '') || 0;
}

/** Negative when `a` is more important: of higher priority, or running for longer. */
function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startMs(a) - startMs(b);
}

/** Pods whose eviction would break a budget, given that those before them are evicted too. */
function violating(pods: readonly PodInfo[], budgets: readonly Budget[]): Set<PodInfo> {
  const rules = budgets.map(({ metadata, spec, status }) => ({
    namespace: metadata.namespace,
    isEmpty: !spec.selector?.matchLabels && !spec.selector?.matchExpressions,
    matches: labelMatcher(spec.selector),
    disrupted: status?.disruptedPods ?? {},
    left: status?.disruptionsAllowed ?? 0,
  }));
  const found = new Set<PodInfo>();
  for (const info of pods) {
    for (const rule of rules) {
      const applies = rule.namespace === info.namespace && !rule.isEmpty && rule.matches(info.labels);
      if (!applies || Object.keys(info.labels).length === 0 || rule.disrupted[info.pod.metadata.name]) continue;
      if (--rule.left < 0) found.add(info);
    }
  }
  return found;
}

/** Looks for the node where evicting less important pods costs least. */
export class Preemption {
  readonly #placement: PodPlacement;
  readonly #budgets: () => Iterable<Budget>;

  constructor(placement: PodPlacement, budgets: () => Iterable<Budget>) {
    this.#placement = placement;
    this.#budgets = budgets;
  }

  /** Why the pod may not make room at all; undefined when it may. */
  ineligible({ pod, priority }: PodInfo, nominated: NodeState | undefined, refusal: Refusal): string | undefined {
    if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
    if (!nominated || refusal.perNode.get(nominated)?.isFinal || refusal.nowhere) return undefined;
    const isUnderWay = [...nominated.pods.values()].some((one) => one.priority < priority && isPreempted(one));
    return isUnderWay ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
  }

  find(checks: Checks | undefined, refusal: Refusal): Outcome {
    const hopeful = [...refusal.perNode].filter(([, { isFinal }]) => !isFinal).map(([node]) => node);
    if (!checks || hopeful.length === 0) return { tried: [] };
    const budgets = [...this.#budgets()];
    const tried: Rejection[] = [];
    const found: Eviction[] = [];
    for (const node of hopeful) {
      const outcome = this.#evictFrom(node, checks, budgets);
      if ('victims' in outcome) found.push(outcome);
      else tried.push(outcome);
      if (found.length >= Math.max(100, Math.floor(hopeful.length / 10))) break;
    }
    const [first] = found.sort(byCost);
    return first ? { eviction: first } : { tried };
  }

  // First all less important pods go, in thought; then each that need not go comes back.
  #evictFrom(node: NodeState, checks: Checks, budgets: readonly Budget[]): Eviction | Rejection {
    const potential = [...node.pods.values()].filter(({ priority }) => priority < checks.info.priority);
    if (potential.length === 0) return noVictims;
    for (const pod of potential) change(checks, { pod, node, by: -1 });
    const gone = new Set(potential);
    try {
      const rejection = this.#placement.fits(checks, node);
      if (rejection) return rejection;
      potential.sort(byImportance);
      const protectedPods = violating(potential, budgets);
      const order = [...protectedPods, ...potential.filter((pod) => !protectedPods.has(pod))];
      const victims = order.filter((pod) => !this.#comesBack(pod, node, { checks, gone }));
      const violations = victims.filter((pod) => protectedPods.has(pod)).length;
      return { node, victims: victims.sort(byImportance), violations };
    } finally {
      for (const pod of gone) change(checks, { pod, node, by: 1 });
    }
  }

  #comesBack(pod: PodInfo, node: NodeState, { checks, gone }: { checks: Checks; gone: Set<PodInfo> }): boolean {
    change(checks, { pod, node, by: 1 });
    gone.delete(pod);
    if (!this.#placement.fits(checks, node)) return true;
    change(checks, { pod, node, by: -1 });
    gone.add(pod);
    return false;
  }
}

/** Is the pod going because it has been preempted? */
function isPreempted({ pod, isGoing }: PodInfo): boolean {
  return isGoing && podCondition(pod, 'DisruptionTarget')?.reason === 'PreemptionByScheduler';
}

const offset = 2 ** 31;

/** Fewest broken budgets, then the least important first victim, the least importance in sum, the fewest, the youngest. */
function byCost(a: Eviction, b: Eviction): number {
  const sum = ({ victims }: Eviction): number => victims.reduce((total, { priority }) => total + priority + offset, 0);
  return (
    a.violations - b.violations ||
    (a.victims[0]?.priority ?? 0) - (b.victims[0]?.priority ?? 0) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    oldestOfTop(b) - oldestOfTop(a)
  );
}

function oldestOfTop({ victims }: Eviction): number {
  const top = victims.filter(({ priority }) => priority === victims[0]?.priority);
  return Math.min(...top.map(startMs));
}

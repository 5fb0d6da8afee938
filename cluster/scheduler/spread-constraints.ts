import { canonical } from '../reconcile/canonical.ts';
import { type LabelMatcher, labelMatcher, withLabelKeys } from './label-matcher.ts';
import { matchesNodeAffinity } from './node-affinity.ts';
import type { NodeState } from './node-state.ts';
import type { SpreadConstraint } from './placed-pod.ts';
import type { GroupRule } from './pod-groups.ts';
import type { PodInfo } from './pod-info.ts';
import { tolerates } from './tolerations.ts';

/** A rule on spreading, ready to be asked. */
export interface CompiledSpread {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly matches: LabelMatcher;
  /** The pods that are to be spread. */
  readonly group: GroupRule;
  /** Whether the pods of this node count. */
  readonly counts: (node: NodeState) => boolean;
}

/** Compiles the constraints of one kind: `DoNotSchedule` or `ScheduleAnyway`. */
export function spreadOf(info: PodInfo, whenUnsatisfiable: string): CompiledSpread[] {
  const constraints = info.pod.spec.topologySpreadConstraints ?? [];
  return constraints
    .filter((one) => one.whenUnsatisfiable === whenUnsatisfiable)
    .map((one) => compileSpread(info, one));
}

export function compileSpread(info: PodInfo, constraint: SpreadConstraint): CompiledSpread {
  const selector = withLabelKeys(constraint.labelSelector, info.labels, { match: constraint.matchLabelKeys });
  const matches = labelMatcher(selector);
  return {
    topologyKey: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    matches,
    group: {
      key: `spread ${info.namespace} ${canonical(selector)}`,
      namespace: info.namespace,
      includes: (pod) => !pod.isGoing && pod.namespace === info.namespace && matches(pod.labels),
    },
    counts: nodePolicy(info, constraint),
  };
}

function nodePolicy(
  { pod }: PodInfo,
  { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: SpreadConstraint,
): (node: NodeState) => boolean {
  const byAffinity = nodeAffinityPolicy === 'Honor';
  const byTaints = nodeTaintsPolicy === 'Honor';
  return (node) => {
    if (byAffinity && !matchesNodeAffinity(pod, node)) return false;
    return !byTaints || node.forbidding.every((taint) => tolerates(pod.spec.tolerations, taint));
  };
}

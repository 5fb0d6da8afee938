import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../reconcile/pod.ts';
import { hasLabels } from '../reconcile/selectors.ts';
import type { SchedulableNode } from './node-usage.ts';

type Test = (value: string | undefined, values: readonly string[]) => boolean;

const tests: Record<string, Test> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [bound]) => value !== undefined && Number(value) > Number(bound),
  Lt: (value, [bound]) => value !== undefined && Number(value) < Number(bound),
};

function meets(
  values: Readonly<Record<string, string>>,
  { key, operator, values: wanted = [] }: NodeSelectorRequirement,
): boolean {
  return tests[operator]?.(values[key], wanted) ?? false;
}

// A term without any requirement picks no node.
function matchesTerm(node: SchedulableNode, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const { labels = {}, name } = node.metadata;
  return (
    matchExpressions.every((requirement) => meets(labels, requirement)) &&
    matchFields.every((requirement) => meets({ 'metadata.name': name }, requirement))
  );
}

/** May the pod run on this node by its `nodeSelector` and required node affinity? Terms are alternatives. */
export function matchesNodeAffinity(pod: Pod, node: SchedulableNode): boolean {
  const { nodeSelector, affinity } = pod.spec;
  if (!hasLabels(node.metadata.labels, nodeSelector)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || (required.nodeSelectorTerms ?? []).some((term) => matchesTerm(node, term));
}

import type { NodeSelectorRequirement, NodeSelectorTerm } from '../reconcile/pod.ts';
import { hasLabels } from '../reconcile/selectors.ts';
import type { Labels } from './label-matcher.ts';
import type { SchedulablePod } from './placed-pod.ts';

type Test = (value: string | undefined, values: readonly string[]) => boolean;

const wholeNumber = /^[+-]?\d+$/;

function compare(
  value: string | undefined,
  bound: string | undefined,
  holds: (a: bigint, b: bigint) => boolean,
): boolean {
  if (!wholeNumber.test(value ?? '') || !wholeNumber.test(bound ?? '')) return false;
  return holds(BigInt(value ?? 0), BigInt(bound ?? 0));
}

const tests: Record<string, Test> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [bound]) => compare(value, bound, (a, b) => a > b),
  Lt: (value, [bound]) => compare(value, bound, (a, b) => a < b),
};

function meets(values: Labels, { key, operator, values: wanted = [] }: NodeSelectorRequirement): boolean {
  return tests[operator]?.(values[key], wanted) ?? false;
}

/** The node as selector terms see it. */
export interface NodeFacts {
  readonly name: string;
  readonly labels: Labels;
}

// A term without any requirement picks no node.
function matchesTerm(node: NodeFacts, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(node.labels, requirement)) &&
    matchFields.every((requirement) => meets({ 'metadata.name': node.name }, requirement))
  );
}

/** Is the node among those that one of the terms picks? */
export function matchesTerms(node: NodeFacts, terms: readonly NodeSelectorTerm[] = []): boolean {
  return terms.some((term) => matchesTerm(node, term));
}

/** As a preference a term without requirements picks every node. */
export function prefers(node: NodeFacts, term: NodeSelectorTerm): boolean {
  const isEmpty = !term.matchExpressions?.length && !term.matchFields?.length;
  return isEmpty || matchesTerm(node, term);
}

/** May the pod run on this node by its `nodeSelector` and required node affinity? Terms are alternatives. */
export function matchesNodeAffinity({ spec }: SchedulablePod, node: NodeFacts): boolean {
  if (spec.nodeSelector && !hasLabels(node.labels, spec.nodeSelector)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesTerms(node, required.nodeSelectorTerms);
}

/** The only nodes the pod can be on, when every term names nodes; undefined when any node may do. */
export function namedNodes({ spec }: SchedulablePod): ReadonlySet<string> | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const wanted = namesOfTerm(term);
    if (!wanted) return undefined;
    for (const name of wanted) names.add(name);
  }
  return names;
}

function namesOfTerm({ matchFields = [] }: NodeSelectorTerm): readonly string[] | undefined {
  const lists = matchFields
    .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
    .map(({ values = [] }) => values);
  const [first, ...others] = lists;
  return first?.filter((name) => others.every((list) => list.includes(name)));
}

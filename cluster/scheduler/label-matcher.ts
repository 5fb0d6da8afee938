import type { LabelSelector, LabelSelectorRequirement } from '../reconcile/selectors.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

function requirement({ key, operator, values = [] }: LabelSelectorRequirement): LabelMatcher {
  const wanted = new Set(values);
  switch (operator) {
    case 'In':
      return (labels) => labels[key] !== undefined && wanted.has(labels[key]);
    case 'NotIn':
      return (labels) => labels[key] === undefined || !wanted.has(labels[key]);
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    default:
      return (labels) => labels[key] === undefined;
  }
}

/** The selector as a function. No selector picks nothing; one without requirements picks everything. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return () => false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  const rules = (selector.matchExpressions ?? []).map(requirement);
  return (labels) => pairs.every(([key, value]) => labels[key] === value) && rules.every((rule) => rule(labels));
}

/** The selector narrowed to pods that share (or, for `mismatch`, do not share) the values of these labels. */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels,
  keys: { readonly match?: readonly string[]; readonly mismatch?: readonly string[] },
): LabelSelector | undefined {
  const rulesOf = (names: readonly string[] = [], operator: string): LabelSelectorRequirement[] =>
    names.flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
  const more = [...rulesOf(keys.match, 'In'), ...rulesOf(keys.mismatch, 'NotIn')];
  if (!selector || more.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...more] };
}

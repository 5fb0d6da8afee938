type Labels = Readonly<Record<string, string>>;

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

function meets(labels: Labels, { key, operator, values = [] }: LabelSelectorRequirement): boolean {
  const value = labels[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator === 'DoesNotExist' && value === undefined;
}

/** True when `labels` has every pair of `wanted`. */
export function hasLabels(labels: Labels = {}, wanted: Labels = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Does the selector of a workload pick these labels? An empty selector picks nothing: no workload owns everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  const expressions = selector?.matchExpressions ?? [];
  const pairs = selector?.matchLabels ?? {};
  if (expressions.length === 0 && Object.keys(pairs).length === 0) return false;
  return hasLabels(labels, pairs) && expressions.every((requirement) => meets(labels, requirement));
}

/** The same as a test of one selector against many objects. */
export function selectorTest(selector: LabelSelector | undefined): (labels: Labels | undefined) => boolean {
  const { matchExpressions = [], matchLabels = {} } = selector ?? {};
  const pairs = Object.entries(matchLabels);
  if (matchExpressions.length === 0 && pairs.length === 0) return () => false;
  return (labels = {}) => {
    for (const [key, value] of pairs) if (labels[key] !== value) return false;
    return matchExpressions.every((requirement) => meets(labels, requirement));
  };
}

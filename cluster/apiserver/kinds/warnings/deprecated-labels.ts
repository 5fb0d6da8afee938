import { fieldsIn, items, optionalText } from '../rules/set-default.ts';

const deprecatedLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** What to use instead of a label of nodes that has another name now; undefined for all others. */
export function deprecationOfLabel(key: unknown): string | undefined {
  return deprecatedLabels[optionalText(key)];
}

/** Warnings about the keys of one node selector term. */
export function warnOfSelectorTerm(term: unknown, path: string): string[] {
  return items(fieldsIn(term)['matchExpressions']).flatMap(({ key }, index) => {
    const advice = deprecationOfLabel(key);
    return advice ? [`${path}.matchExpressions[${index}].key: ${optionalText(key)} is ${advice}`] : [];
  });
}

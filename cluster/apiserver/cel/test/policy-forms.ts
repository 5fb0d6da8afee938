export const api = '/apis/admissionregistration.k8s.io/v1';
export const dryRun = '?dryRun=All';
export const name = 'cel-probe';
export const place = 'cel-probe';
export const apiVersion = 'admissionregistration.k8s.io/v1';

export type Sort = 'Validating' | 'Mutating';

export const pathOf = (sort: Sort, part: '' | 'binding'): string => {
  const plural = part === '' ? 'policies' : 'policybindings';
  return `${api}/${sort.toLowerCase()}admission${plural}`;
};

export const rules = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['configmaps'] },
];
export const onlyHere = { matchLabels: { 'kubernetes.io/metadata.name': place } };
export const matchConstraints = { resourceRules: rules, namespaceSelector: onlyHere };
export const mutated = {
  ...matchConstraints,
  resourceRules: [{ ...rules[0], operations: ['CREATE', 'UPDATE'] }],
};

export function policy(sort: Sort, spec: object): object {
  return {
    apiVersion,
    kind: `${sort}AdmissionPolicy`,
    metadata: { name },
    spec: {
      matchConstraints: sort === 'Validating' ? matchConstraints : mutated,
      ...(sort === 'Mutating' && { reinvocationPolicy: 'Never' }),
      ...spec,
    },
  };
}

export function binding(sort: Sort, spec: object = {}): object {
  return {
    apiVersion,
    kind: `${sort}AdmissionPolicyBinding`,
    metadata: { name },
    spec: { policyName: name, ...(sort === 'Validating' && { validationActions: ['Deny'] }), ...spec },
  };
}

export const jsonPatch = (expression: string): object => ({
  mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
});
export const applied = (expression: string): object => ({
  mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
});
export const one = (expression: string, more: object = {}): object => ({ validations: [{ expression, ...more }] });

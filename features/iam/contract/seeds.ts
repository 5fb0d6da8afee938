import type { KubeObject } from '@kit/kube';
import { apiVersionOf, iamGroup, iamTypes } from './kinds.ts';
import type { PolicyRule, Subject } from './kinds.ts';
import { authenticatedGroup, unauthenticatedGroup } from './names.ts';
import roles from './data/roles.json' with { type: 'json' };

const apiVersion = apiVersionOf(iamTypes.globalRoles);

// What everybody may do with objects that are nobody's; what a user may do with their own is in rules/self-service.ts.
const anonymous: PolicyRule[] = [
  { apiGroups: ['config.kubesphere.io'], resources: ['configs'], verbs: ['get', 'list'] },
];
const authenticated: PolicyRule[] = [
  ...anonymous,
  { apiGroups: [iamGroup], resources: ['users'], verbs: ['list'] },
  {
    apiGroups: ['', 'storage.k8s.io', 'resources.kubesphere.io'],
    resources: ['storageclasses', 'nodes'],
    verbs: ['get', 'list'],
  },
];
const preRegistration: PolicyRule[] = [{ apiGroups: [iamGroup], resources: ['users'], verbs: ['create', 'list'] }];

const role = (name: string, rules: PolicyRule[]): KubeObject => ({
  apiVersion,
  kind: 'GlobalRole',
  metadata: { name },
  rules,
});
const binding = (name: string, subjects: Subject[]): KubeObject => ({
  apiVersion,
  kind: 'GlobalRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: iamGroup, kind: 'GlobalRole', name },
  subjects,
});

/**
 * The built-in roles of all four levels and the role templates (`data/roles.json`, generated from KubeSphere 3.4's names,
 * annotations and rules), and the bindings of the three roles that nobody is given by hand. `cluster-admin` carries no
 * rules here: it is the cluster's own, and only annotated.
 */
export const iamSeeds: readonly KubeObject[] = [
  ...(roles as unknown as KubeObject[]), // the JSON file's inferred type is a union of every literal shape in it
  role('anonymous', anonymous),
  role('authenticated', authenticated),
  role('pre-registration', preRegistration),
  binding('anonymous', [{ apiGroup: iamGroup, kind: 'Group', name: unauthenticatedGroup }]),
  binding('authenticated', [{ apiGroup: iamGroup, kind: 'Group', name: authenticatedGroup }]),
  binding('pre-registration', [{ apiGroup: iamGroup, kind: 'Group', name: 'pre-registration' }]),
];

import type { JsonObject } from '../../../apiserver/schema/schema.ts';
import { namespace, sample, selector, type Sample } from './sample.ts';

const rbac = 'rbac.authorization.k8s.io';
const clusterRole: JsonObject = { apiGroup: rbac, kind: 'ClusterRole', name: 'view' };
const admission = 'admissionregistration.k8s.io/v1';
const policies = `${admission} validatingadmissionpolicies ValidatingAdmissionPolicy*`;
const bindings = `${admission} validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding*`;
const mutating = `${admission} mutatingwebhookconfigurations MutatingWebhookConfiguration*`;
const podRule: JsonObject = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const anyRule: JsonObject = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] };
const flows = 'flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema*';
const levels = 'flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration*';

const roles: readonly Sample[] = [
  sample(`${rbac}/v1 roles Role`, '', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  sample(`${rbac}/v1 rolebindings RoleBinding`, '', {
    roleRef: clusterRole,
    subjects: [
      { kind: 'User', name: 'u', apiGroup: rbac },
      { kind: 'ServiceAccount', name: 's', namespace },
    ],
  }),
  sample(`${rbac}/v1 clusterroles ClusterRole*`, '', {
    rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }],
    aggregationRule: { clusterRoleSelectors: [selector] },
  }),
  sample(`${rbac}/v1 clusterrolebindings ClusterRoleBinding*`, '', {
    roleRef: clusterRole,
    subjects: [{ kind: 'Group', name: 'g', apiGroup: rbac }],
  }),
];

const webhooks: readonly Sample[] = [
  sample(`${admission} validatingwebhookconfigurations ValidatingWebhookConfiguration*`, '', {
    webhooks: [
      {
        name: 'a.b.c',
        clientConfig: { url: 'https://a.com/x' },
        rules: [podRule],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  }),
  sample(mutating, '', {
    webhooks: [
      {
        name: 'a.b.c',
        clientConfig: { service: { name: 's', namespace: 'n' } },
        rules: [anyRule],
        sideEffects: 'NoneOnDryRun',
        admissionReviewVersions: ['v1'],
      },
    ],
  }),
  sample(mutating, 'full', {
    webhooks: [
      {
        name: 'a.b.c',
        clientConfig: { service: { name: 's', namespace: 'n', path: '/p', port: 8443 } },
        rules: [{ ...podRule, resources: ['pods', 'pods/status'], scope: 'Namespaced' }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1', 'v1beta1'],
        failurePolicy: 'Ignore',
        matchPolicy: 'Exact',
        reinvocationPolicy: 'IfNeeded',
        timeoutSeconds: 5,
        namespaceSelector: selector,
        objectSelector: { matchExpressions: [{ key: 'k', operator: 'Exists' }] },
        matchConditions: [{ name: 'c', expression: 'true' }],
      },
    ],
  }),
];

const admissionPolicies: readonly Sample[] = [
  sample(policies, '', {
    spec: {
      matchConstraints: { resourceRules: [podRule] },
      validations: [{ expression: 'object.metadata.name != "x"' }],
    },
  }),
  sample(policies, 'full', {
    spec: {
      failurePolicy: 'Ignore',
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: {
        matchPolicy: 'Exact',
        namespaceSelector: selector,
        resourceRules: [{ ...podRule, resourceNames: ['r'], scope: 'Namespaced' }],
        excludeResourceRules: [podRule],
      },
      matchConditions: [{ name: 'c', expression: 'true' }],
      variables: [{ name: 'v', expression: '1 + 1' }],
      validations: [{ expression: 'variables.v == 2', message: 'no', reason: 'Forbidden' }],
      auditAnnotations: [{ key: 'k', valueExpression: "'x'" }],
    },
  }),
  sample(bindings, '', { spec: { policyName: 'p', validationActions: ['Deny'] } }),
  sample(bindings, 'full', {
    spec: {
      policyName: 'p',
      paramRef: { name: 'n', namespace: 's', parameterNotFoundAction: 'Deny' },
      matchResources: { resourceRules: [podRule] },
      validationActions: ['Warn', 'Audit'],
    },
  }),
  sample(`${admission} mutatingadmissionpolicies MutatingAdmissionPolicy*`, '', {
    spec: {
      reinvocationPolicy: 'Never',
      matchConstraints: { resourceRules: [podRule] },
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}' },
        },
      ],
    },
  }),
  sample(`${admission} mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding*`, '', {
    spec: { policyName: 'p' },
  }),
];

const flowControl: readonly Sample[] = [
  sample(flows, '', {
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'u' } }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      ],
    },
  }),
  sample(flows, 'resources', {
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      matchingPrecedence: 500,
      distinguisherMethod: { type: 'ByUser' },
      rules: [
        {
          subjects: [
            { kind: 'Group', group: { name: 'g' } },
            { kind: 'ServiceAccount', serviceAccount: { name: 's', namespace: 'n' } },
          ],
          resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['n'] }],
        },
        {
          subjects: [{ kind: 'User', user: { name: '*' } }],
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true }],
        },
      ],
    },
  }),
  sample(levels, '', { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } } } }),
  sample(levels, 'queue', {
    spec: {
      type: 'Limited',
      limited: {
        nominalConcurrencyShares: 5,
        lendablePercent: 10,
        borrowingLimitPercent: 20,
        limitResponse: { type: 'Queue', queuing: { queues: 8, handSize: 2, queueLengthLimit: 5 } },
      },
    },
  }),
  sample(levels, 'exempt', { spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 1, lendablePercent: 0 } } }),
];

export const policySamples: readonly Sample[] = [...roles, ...webhooks, ...admissionPolicies, ...flowControl];

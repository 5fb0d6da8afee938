import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { required } from '../validation/cause.ts';
import { dns1123Label, pathSegment, qualifiedName } from '../validation/format.ts';
import { validateIngress, validateIngressClass, validateNetworkPolicy } from '../validation/network.ts';
import { intOrPercent } from '../validation/number.ts';
import { checkFormat } from '../validation/object-meta.ts';
import { validateBinding, validateBindingUpdate, validateClusterRole, validateRole } from '../validation/rbac.ts';
import { validateSelector } from '../validation/selector.ts';
import { items, record, setDefault, setDefaults, specOf, textOf } from './set-default.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

function defaultBinding(binding: ClusterObject): void {
  const roleRef = record(binding['roleRef']);
  if (roleRef) setDefault(roleRef, 'apiGroup', rbacGroup);
  for (const subject of items(binding['subjects'])) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') setDefault(subject, 'apiGroup', rbacGroup);
  }
}

function defaultWebhooks(configuration: ClusterObject): void {
  for (const webhook of items(configuration['webhooks'])) {
    setDefaults(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 });
    if (configuration.kind === 'MutatingWebhookConfiguration') setDefault(webhook, 'reinvocationPolicy', 'Never');
    webhook['namespaceSelector'] ??= {};
    webhook['objectSelector'] ??= {};
    const service = record(record(webhook['clientConfig'])?.['service']);
    if (service) setDefault(service, 'port', 443);
    for (const rule of items(webhook['rules'])) setDefault(rule, 'scope', '*');
  }
}

function defaultMatch(match: JsonObject | undefined): void {
  if (!match) return;
  setDefault(match, 'matchPolicy', 'Equivalent');
  match['namespaceSelector'] ??= {};
  match['objectSelector'] ??= {};
  for (const field of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of items(match[field])) setDefault(rule, 'scope', '*');
  }
}

function defaultNetworkPolicy(policy: ClusterObject): void {
  const spec = specOf(policy);
  if (!Array.isArray(spec['policyTypes']) || spec['policyTypes'].length === 0) {
    spec['policyTypes'] = items(spec['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  for (const rule of [...items(spec['ingress']), ...items(spec['egress'])]) {
    for (const port of items(rule['ports'])) setDefault(port, 'protocol', 'TCP');
  }
}

const binding: KindRules = {
  name: pathSegment,
  allowCreateOnUpdate: true,
  defaults: defaultBinding,
  validate: validateBinding,
  validateUpdate: validateBindingUpdate,
};
const generation: KindRules = { generation: true };
const admission: KindRules = { generation: true, allowUnconditionalUpdate: false };

/** Kinds with few rules of their own. */
export const otherRules: Readonly<Record<string, KindRules>> = {
  [`${rbacGroup}/Role`]: { name: pathSegment, allowCreateOnUpdate: true, validate: validateRole },
  [`${rbacGroup}/ClusterRole`]: { name: pathSegment, allowCreateOnUpdate: true, validate: validateClusterRole },
  [`${rbacGroup}/RoleBinding`]: binding,
  [`${rbacGroup}/ClusterRoleBinding`]: binding,
  'networking.k8s.io/Ingress': { generation: true, validate: validateIngress },
  'networking.k8s.io/IngressClass': { generation: true, validate: validateIngressClass },
  'networking.k8s.io/NetworkPolicy': {
    generation: true,
    defaults: defaultNetworkPolicy,
    validate: validateNetworkPolicy,
  },
  'policy/PodDisruptionBudget': {
    generation: true,
    allowUnconditionalUpdate: false,
    validate: (object) => [
      ...intOrPercent('spec.minAvailable', specOf(object)['minAvailable']),
      ...intOrPercent('spec.maxUnavailable', specOf(object)['maxUnavailable']),
      ...validateSelector(specOf(object)['selector'], 'spec.selector'),
    ],
  },
  'autoscaling/HorizontalPodAutoscaler': { defaults: (object) => setDefault(specOf(object), 'minReplicas', 1) },
  'storage.k8s.io/StorageClass': {
    validate(object) {
      const provisioner = textOf(object['provisioner'] ?? '');
      return provisioner
        ? checkFormat('provisioner', provisioner.toLowerCase(), qualifiedName)
        : [required('provisioner')];
    },
    defaults: (object) => setDefaults(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }), // objects of the store are JSON
  },
  'storage.k8s.io/CSIDriver': {
    allowUnconditionalUpdate: false,
    defaults(object) {
      setDefaults(specOf(object), {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        requiresRepublish: false,
        seLinuxMount: false,
        volumeLifecycleModes: ['Persistent'],
      });
    },
  },
  'storage.k8s.io/CSINode': { allowUnconditionalUpdate: false },
  'storage.k8s.io/VolumeAttachment': { allowUnconditionalUpdate: false },
  'scheduling.k8s.io/PriorityClass': {
    generation: true,
    defaults: (object) => setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority'), // as above
  },
  'node.k8s.io/RuntimeClass': {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate(object) {
      const handler = textOf(object['handler'] ?? '');
      return handler ? checkFormat('handler', handler, dns1123Label) : [required('handler')];
    },
  },
  'certificates.k8s.io/CertificateSigningRequest': {
    fieldLabels: { 'spec.signerName': (object) => record(object['spec'])?.['signerName'] },
  },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': { ...admission, defaults: defaultWebhooks },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': { ...admission, defaults: defaultWebhooks },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    ...admission,
    defaults(object) {
      setDefault(specOf(object), 'failurePolicy', 'Fail');
      defaultMatch(record(specOf(object)['matchConstraints']));
    },
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': {
    ...admission,
    defaults: (object) => defaultMatch(record(specOf(object)['matchResources'])),
  },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': {
    ...admission,
    defaults(object) {
      setDefault(specOf(object), 'failurePolicy', 'Fail');
      defaultMatch(record(specOf(object)['matchConstraints']));
    },
  },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': {
    ...admission,
    defaults: (object) => defaultMatch(record(specOf(object)['matchResources'])),
  },
  'flowcontrol.apiserver.k8s.io/FlowSchema': {
    generation: true,
    defaults: (object) => setDefault(specOf(object), 'matchingPrecedence', 1000),
  },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': generation,
  'resource.k8s.io/ResourceSlice': generation,
  'resource.k8s.io/DeviceClass': generation,
  'apiregistration.k8s.io/APIService': {
    allowUnconditionalUpdate: false,
    defaults(object) {
      const service = record(specOf(object)['service']);
      if (service) setDefault(service, 'port', 443);
    },
  },
};

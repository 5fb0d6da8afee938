import type { ClusterObject } from '../../../client.ts';
import type { KindRules } from '../kind-rules.ts';
import { validateApiService } from '../validation/api-service.ts';
import { invalid, required } from '../validation/cause.ts';
import { validateCertificateRequest } from '../validation/certificate-request.ts';
import { validateChoice } from '../validation/choice.ts';
import { all, closed, fixed } from '../validation/fixed-fields.ts';
import { anyName, pathSegment } from '../validation/format.ts';
import { intOrPercent } from '../validation/number.ts';
import { validateBinding, validateBindingUpdate, validateClusterRole, validateRole } from '../validation/rbac.ts';
import { validateRuntimeClass } from '../validation/runtime-class.ts';
import { validateApiServiceStatus, validateBudgetStatus } from '../validation/status.ts';
import { validateSelector } from '../validation/selector.ts';
import { validateRootChoice } from '../validation/storage-kinds.ts';
import { warnOfRuntimeClass } from '../warnings/other-warnings.ts';
import { items, record, setAbsent, setDefault, specOf } from './set-default.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

function defaultBinding(binding: ClusterObject): void {
  const roleRef = record(binding['roleRef']);
  if (roleRef) setDefault(roleRef, 'apiGroup', rbacGroup);
  for (const subject of items(binding['subjects'])) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') setDefault(subject, 'apiGroup', rbacGroup);
  }
}

const binding: KindRules = {
  name: pathSegment,
  allowCreateOnUpdate: true,
  defaults: defaultBinding,
  validate: validateBinding,
  validateUpdate: validateBindingUpdate,
};

/** Kinds with few rules of their own. */
export const otherRules: Readonly<Record<string, KindRules>> = {
  [`${rbacGroup}/Role`]: { name: pathSegment, allowCreateOnUpdate: true, validate: validateRole },
  [`${rbacGroup}/ClusterRole`]: { name: pathSegment, allowCreateOnUpdate: true, validate: validateClusterRole },
  [`${rbacGroup}/RoleBinding`]: binding,
  [`${rbacGroup}/ClusterRoleBinding`]: binding,
  'policy/PodDisruptionBudget': {
    name: anyName,
    generation: true,
    allowUnconditionalUpdate: false,
    validate(object) {
      const spec = specOf(object);
      const { minAvailable, maxUnavailable } = spec;
      const both = minAvailable !== undefined && maxUnavailable !== undefined;
      const policies = ['AlwaysAllow', 'IfHealthyBudget'];
      return [
        ...(both ? [invalid('spec', goBudget(spec), 'minAvailable and maxUnavailable cannot be both set')] : []),
        ...intOrPercent('spec.minAvailable', minAvailable),
        ...intOrPercent('spec.maxUnavailable', maxUnavailable),
        ...validateSelector(spec['selector'], 'spec.selector'),
        ...validateChoice(spec, 'unhealthyPodEvictionPolicy', { field: 'spec', supported: policies }),
      ];
    },
    validateStatus: validateBudgetStatus,
  },
  'scheduling.k8s.io/PriorityClass': {
    validateUpdate: all(closed('may not be changed in an update.', 'value'), fixed('preemptionPolicy')),
    changeIsChecked: 'only',
    generation: true,
    countsChanges: 'never',
    defaults: (object) => setAbsent(object, 'preemptionPolicy', 'PreemptLowerPriority'),
    validate: (object) =>
      object['preemptionPolicy'] === ''
        ? [required('preemptionPolicy')]
        : validateRootChoice(object, 'preemptionPolicy', ['PreemptLowerPriority', 'Never']),
  },
  'node.k8s.io/RuntimeClass': {
    validateUpdate: fixed('handler'),
    warnings: warnOfRuntimeClass,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: validateRuntimeClass,
  },
  'certificates.k8s.io/CertificateSigningRequest': {
    name: anyName,
    validate: validateCertificateRequest,
    fieldLabels: { 'spec.signerName': (object) => record(object['spec'])?.['signerName'] },
  },
  'apiregistration.k8s.io/APIService': {
    name: pathSegment,
    allowUnconditionalUpdate: false,
    defaults(object) {
      const service = record(specOf(object)['service']);
      if (service) setAbsent(service, 'port', 443);
    },
    validate: validateApiService,
    validateStatus: validateApiServiceStatus,
  },
};

/** The real server shows the whole struct. */
function goBudget(spec: Readonly<Record<string, unknown>>): object {
  return {
    MinAvailable: spec['minAvailable'] ?? null,
    Selector: spec['selector'] ?? null,
    MaxUnavailable: spec['maxUnavailable'] ?? null,
    UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
  };
}

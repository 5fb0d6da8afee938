import type { ClusterObject } from '../../../client.ts';
import type { KindRules } from '../kind-rules.ts';
import { fixed } from '../validation/fixed-fields.ts';
import { anyName } from '../validation/format.ts';
import {
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIpAddress,
  validateNetworkPolicy,
  validateServiceCidr,
  validateServiceCidrUpdate,
} from '../validation/network.ts';
import { validateLoadBalancerStatus } from '../validation/status.ts';
import { warnOfNetworkPolicy } from '../warnings/address-warnings.ts';
import { warnOfIngress } from '../warnings/other-warnings.ts';
import { items, record, setAbsent, specOf } from './set-default.ts';

const group = 'networking.k8s.io';

function defaultNetworkPolicy(policy: ClusterObject): void {
  const spec = specOf(policy);
  if (!Array.isArray(spec['policyTypes']) || spec['policyTypes'].length === 0) {
    spec['policyTypes'] = items(spec['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  for (const rule of [...items(spec['ingress']), ...items(spec['egress'])]) {
    for (const port of items(rule['ports'])) setAbsent(port, 'protocol', 'TCP');
  }
}

/** Kinds of networking.k8s.io. */
export const networkRules: Readonly<Record<string, KindRules>> = {
  [`${group}/Ingress`]: {
    generation: true,
    validate: validateIngress,
    validateStatus: validateLoadBalancerStatus,
    warnings: warnOfIngress,
    warnsOnUpdate: 'never',
  },
  [`${group}/IngressClass`]: {
    generation: true,
    defaults(object) {
      const parameters = record(specOf(object)['parameters']);
      if (parameters) setAbsent(parameters, 'scope', 'Cluster');
    },
    validate: validateIngressClass,
    validateUpdate: validateIngressClassUpdate,
    changeIsChecked: 'first',
  },
  [`${group}/NetworkPolicy`]: {
    generation: true,
    defaults: defaultNetworkPolicy,
    validate: validateNetworkPolicy,
    warnings: warnOfNetworkPolicy,
  },
  [`${group}/IPAddress`]: { name: anyName, validate: validateIpAddress, validateUpdate: fixed('spec.parentRef') },
  [`${group}/ServiceCIDR`]: {
    validate: validateServiceCidr,
    validateUpdate: validateServiceCidrUpdate,
    changeIsChecked: 'only',
  },
};

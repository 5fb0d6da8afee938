import type { Clock, Logger } from '@kit/base';
import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import { rbacEscalation } from '../auth/rbac-escalation.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { Storage } from '../storage/storage.ts';
import type { KindRegistry } from '../store/kind-registry.ts';
import type { AdmissionStep } from '../store/write-request.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { certificateRequests } from './certificate-requests.ts';
import { claimResize } from './claim-resize.ts';
import { defaultIngressClass, defaultStorageClass } from './default-classes.ts';
import { limitRanger } from './limit-ranger/limit-ranger.ts';
import { nodeRestriction } from './node-restriction.ts';
import { nodeTaint } from './node-taint.ts';
import { podSecurity } from './pod-security/pod-security.ts';
import { defaultTolerations } from './pods/default-tolerations.ts';
import { priority } from './pods/priority.ts';
import { runtimeClass } from './pods/runtime-class.ts';
import { serviceAccount } from './pods/service-account.ts';
import { resourceQuota } from './quota/resource-quota.ts';
import { MutatingPolicies } from './policies/mutating-policies.ts';
import { ValidatingPolicies } from './policies/validating-policies.ts';
import { MutatingWebhooks } from './webhooks/mutating-webhooks.ts';
import { ValidatingWebhooks } from './webhooks/validating-webhooks.ts';
import { storageInUse } from './storage-in-use.ts';

export interface AdmissionDeps {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly authorizer: RbacAuthorizer;
  readonly clock: Clock;
  readonly outbound: OutboundClient;
  readonly log: Logger;
}

/** Every step of admission in the order of the real server: each runs its phases at its place. */
export function admissionSteps(deps: AdmissionDeps): readonly AdmissionStep[] {
  const { storage, kinds, authorizer, clock } = deps;
  const namespaces = kinds.find('', 'v1', 'namespaces');
  const quotaKind = kinds.find('', 'v1', 'resourcequotas');
  if (!namespaces || !quotaKind) throw new Error('the built-in kinds have no Namespace or no ResourceQuota');
  return [
    // Built-in rules.
    namespaceLifecycle(storage, namespaces),
    limitRanger(storage),
    serviceAccount(storage),
    nodeRestriction(storage),
    nodeTaint,
    podSecurity(storage),
    priority(storage),
    defaultTolerations,
    defaultStorageClass(storage),
    storageInUse,
    claimResize(storage),
    runtimeClass(storage),
    certificateRequests(authorizer, () => clock.now()),
    defaultIngressClass(storage),
    // Mutating policies, then mutating webhooks.
    new MutatingPolicies(deps),
    new MutatingWebhooks(deps),
    // What a role grants is looked at as the webhooks have left it.
    rbacEscalation(authorizer),
    // Validating policies, then validating webhooks.
    new ValidatingPolicies(deps),
    new ValidatingWebhooks(deps),
    // Quota last: it counts only what nothing else refuses.
    resourceQuota({ storage, quotaKind, now: () => clock.now() }),
  ];
}

import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import { rbacEscalation } from '../auth/rbac-escalation.ts';
import type { Storage } from '../storage/storage.ts';
import type { KindRegistry } from '../store/kind-registry.ts';
import type { AdmissionStep } from '../store/write-request.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { defaultTolerations, podServiceAccount } from './pod-service-account.ts';

export interface AdmissionDeps {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly authorizer: RbacAuthorizer;
}

/** Every step of admission in the order of the real server: each runs its phases at its place. */
export function admissionSteps({ storage, kinds, authorizer }: AdmissionDeps): readonly AdmissionStep[] {
  const namespaces = kinds.find('', 'v1', 'namespaces');
  if (!namespaces) throw new Error('the built-in kinds have no Namespace');
  return [
    // Built-in rules.
    namespaceLifecycle(storage, namespaces),
    podServiceAccount(storage),
    defaultTolerations,
    // Mutating policies, then mutating webhooks.
    // What a role grants is looked at as the webhooks have left it.
    rbacEscalation(authorizer),
    // Validating policies, then validating webhooks.
    // Quota last: it counts only what nothing else refuses.
  ];
}

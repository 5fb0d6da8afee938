import type { Logger } from '@kit/base';
import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { type Version, resourceKey } from '../../storage/version.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';
import { typeWarnings } from './policy-types.ts';

const policies = { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' } as const;

interface PolicyStatus {
  readonly observedGeneration?: number;
}

/**
 * Writes into each validating policy which generation of it has been looked at, and what its expressions say of fields
 * that are not there. Answers how to stop.
 */
export function describePolicies(deps: {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly client: ClusterClient;
  readonly log: Logger;
}): () => Promise<void> {
  const { storage, kinds, client, log } = deps;
  let work: Promise<void> = Promise.resolve();
  const describe = async (policy: ClusterObject): Promise<void> => {
    const expressionWarnings = typeWarnings(policy, kinds);
    const status = {
      observedGeneration: policy.metadata.generation,
      typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {},
    };
    await client.update(policies, { ...policy, status }, 'status');
  };
  const look = ({ key }: Version): void => {
    work = work.then(async () => {
      const policy = storage.newest(key)?.object() as ClusterObject | undefined; // what the storage holds of this kind
      const { observedGeneration } = (policy?.status ?? {}) as PolicyStatus; // as its schema says
      if (!policy || observedGeneration === policy.metadata.generation) return;
      await describe(policy).catch((error: unknown) => {
        // whoever was faster has made another change, which is looked at next
        if (isApiError(error, 'NotFound') || isApiError(error, 'Conflict')) return;
        log.error('the status of a policy cannot be written', { name: policy.metadata.name, error });
      });
    });
  };
  const resource = resourceKey(policies.group, policies.resource);
  const unwatch = storage.watch(resource, storage.revision, ({ type, version }) => {
    if (type !== 'DELETED') look(version);
  });
  for (const version of storage.list(resource)) look(version);
  return async () => {
    unwatch();
    await work;
  };
}

import { useLiveObject, useProject } from '@kit/ui';
import type { Pod, ReplicaSet } from '../../rules/workload-types.ts';
import { kinds, kubeObjectPath } from '../api/kinds.ts';

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** What made this pod: the deployment behind its replica set, or whatever else controls it. */
export function useOwner(pod: Pod | undefined): Owner | undefined {
  const at = useProject();
  const direct = pod?.metadata.ownerReferences?.find(({ controller }) => controller);
  const isSet = direct?.kind === 'ReplicaSet';
  const set = useLiveObject<ReplicaSet>({
    path: kubeObjectPath(at, kinds.replicaSet, direct?.name ?? ''),
    enabled: isSet,
  });
  const above = isSet ? set.object?.metadata.ownerReferences?.find(({ controller }) => controller) : undefined;
  return above ?? direct;
}

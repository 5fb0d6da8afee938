import { useLiveItems, useLiveObject, useProject, type LiveObjectResult } from '@kit/ui';
import { podsOfService } from '../../rules/cause-of-service.ts';
import type { EndpointSlice, Pod, Service } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, kubeObjectPath } from './kinds.ts';

export interface ServiceFamily extends LiveObjectResult<Service> {
  readonly slices: readonly EndpointSlice[];
  /** Those its selector matches. */
  readonly pods: readonly Pod[];
  /** False until slices and pods were read once. */
  readonly isComplete: boolean;
}

/** A service with its endpoint slices and the pods behind it, all of it live. */
export function useService(name: string): ServiceFamily {
  const at = useProject();
  const own = useLiveObject<Service>({ path: kubeObjectPath(at, kinds.service, name) });
  const enabled = own.object !== undefined;
  const slices = useLiveItems<EndpointSlice>({
    path: kubeListPath(at, kinds.endpointSlice),
    labelSelector: `kubernetes.io/service-name=${name}`,
    enabled,
  });
  const pods = useLiveItems<Pod>({ path: kubeListPath(at, kinds.pod), enabled });
  return {
    ...own,
    slices: slices.items,
    pods: own.object ? podsOfService(own.object, pods.items) : [],
    isComplete: enabled && !slices.isLoading && !pods.isLoading,
  };
}

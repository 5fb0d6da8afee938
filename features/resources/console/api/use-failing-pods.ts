import { useQuery } from '@tanstack/react-query';
import { api, useProject, type ListPage } from '@kit/ui';
import type { Pod } from '../../rules/workload-types.ts';
import { kinds, pagedListPath } from './kinds.ts';

/** A replica set's name is its deployment's and the hash that its pods carry as a label. */
function deploymentOf({ metadata: { labels, ownerReferences } }: Pod): string | undefined {
  const owner = ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name;
  const suffix = `-${labels?.['pod-template-hash']}`;
  return owner?.endsWith(suffix) ? owner.slice(0, -suffix.length) : undefined;
}

/**
 * How many pods of each deployment fail. A deployment says that it is starting until its deadline is over, ten minutes
 * after its pods have failed, and does not change when they do: so they are asked for from time to time.
 */
export function useFailingPods(): ReadonlyMap<string, number> {
  const path = pagedListPath(useProject(), kinds.pod);
  const { data } = useQuery({
    queryKey: ['list', path, 'failing'],
    queryFn: ({ signal }) => api.get<ListPage<Pod>>(path, { query: { status: 'failing', limit: 1000 }, signal }),
    refetchInterval: 10_000,
  });
  const counts = new Map<string, number>();
  for (const name of (data?.items ?? []).map(deploymentOf)) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

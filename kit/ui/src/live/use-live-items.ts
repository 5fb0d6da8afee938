import { useQuery, useQueryClient } from '@tanstack/react-query';
import { listObjects, type ObjectList } from './list-objects.ts';
import { applyEvents } from './apply-events.ts';
import type { Connection, LiveObject } from './watch-socket.ts';
import { useWatch } from './use-watch.ts';

export interface LiveItems<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly asOf: number;
  readonly connection: Connection;
  readonly refetch: () => void;
}

interface Options {
  /** Pass-through list URL, e.g. `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly enabled?: boolean;
}

/** Follows a list that is small enough to be had whole: the pods of a workload, the events of an object. */
export function useLiveItems<T extends LiveObject>({
  path,
  labelSelector,
  fieldSelector,
  enabled = true,
}: Options): LiveItems<T> {
  const client = useQueryClient();
  const selectors = Object.entries({ labelSelector, fieldSelector }).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  const search = new URLSearchParams(selectors).toString();
  const url = search ? `${path}?${search}` : path;
  const queryKey = ['items', url];
  const query = useQuery({ queryKey, queryFn: ({ signal }) => listObjects<T>(url, signal), enabled });
  const connection = useWatch<T>({
    path: enabled ? url : undefined,
    resourceVersion: query.data?.resourceVersion,
    onEvents: (events) =>
      client.setQueryData<ObjectList<T>>(queryKey, (known) => {
        if (!known) return known;
        const items = applyEvents(known.items, events);
        return items === known.items
          ? known
          : { resourceVersion: events.at(-1)?.object.metadata.resourceVersion, items };
      }),
    onExpired: () => query.refetch(),
  });
  return {
    items: query.data?.items ?? [],
    isLoading: query.isPending && enabled,
    error: query.error,
    asOf: query.dataUpdatedAt,
    connection,
    refetch: () => void query.refetch(),
  };
}

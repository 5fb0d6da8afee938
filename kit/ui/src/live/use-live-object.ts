import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RequestError } from '../api/request-error.ts';
import { isNewer, type Connection, type LiveObject } from './watch-socket.ts';
import { listObjects } from './list-objects.ts';
import { useWatch } from './use-watch.ts';

export interface LiveObjectResult<T> {
  readonly object: T | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** It was there and was deleted while one looked. */
  readonly gone: boolean;
  readonly asOf: number;
  readonly connection: Connection;
  readonly refetch: () => void;
}

interface Followed<T> {
  readonly object: T;
  readonly gone: boolean;
  readonly resourceVersion: string | undefined;
}

interface Options {
  /** The object's own path, e.g. `/apis/apps/v1/namespaces/shop/deployments/web`. */
  readonly path: string;
  readonly enabled?: boolean;
}

/** Follows one object: read once, then kept up to date by a watch on its name. */
export function useLiveObject<T extends LiveObject>({ path, enabled = true }: Options): LiveObjectResult<T> {
  const client = useQueryClient();
  const queryKey = ['object', path];
  const slash = path.lastIndexOf('/');
  const name = decodeURIComponent(path.slice(slash + 1));
  // A list of one, not the object alone: only a list says from where a watch misses nothing.
  const url = `${path.slice(0, slash)}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
  const query = useQuery({
    queryKey,
    enabled,
    queryFn: async ({ signal }): Promise<Followed<T>> => {
      const { items, resourceVersion } = await listObjects<T>(url, signal);
      const object = items[0];
      const known = client.getQueryData<Followed<T>>(queryKey);
      if (object) return { object, gone: false, resourceVersion };
      if (known) return { ...known, gone: true, resourceVersion };
      throw new RequestError({
        status: 404,
        reason: 'NotFound',
        message: `"${name}" does not exist`,
        tried: `GET ${path}`,
      });
    },
  });
  const connection = useWatch<T>({
    path: enabled ? url : undefined,
    resourceVersion: query.data?.resourceVersion,
    onEvents: (events) =>
      client.setQueryData<Followed<T>>(queryKey, (known) => {
        const last = events.at(-1);
        if (!known || !last || !isNewer(last.object, known.object)) return known;
        return {
          object: last.object,
          gone: last.type === 'DELETED',
          resourceVersion: last.object.metadata.resourceVersion,
        };
      }),
    onExpired: () => query.refetch(),
  });
  return {
    object: query.data?.object,
    isLoading: query.isPending && enabled,
    error: query.error,
    gone: query.data?.gone ?? false,
    asOf: query.dataUpdatedAt,
    connection,
    refetch: () => void query.refetch(),
  };
}

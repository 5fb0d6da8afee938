import { useEffect, useEffectEvent, useState } from 'react';
import { WatchSocket, type Connection, type LiveObject, type WatchEvent } from './watch-socket.ts';

interface UseWatchOptions<T> {
  /** Pass-through list URL with its selectors; undefined while there is nothing to follow. */
  readonly path: string | undefined;
  /** Where to start; the watch begins once it is known and is not restarted by later ones. */
  readonly resourceVersion: string | undefined;
  readonly onEvents: (events: readonly WatchEvent<T>[]) => void;
  /** Lists again; once it has, `resourceVersion` is new and the watch starts from there. */
  readonly onExpired: () => Promise<unknown>;
}

/** Keeps a watch open as long as the component lives; says how the connection is. */
export function useWatch<T extends LiveObject>({
  path,
  resourceVersion,
  onEvents,
  onExpired,
}: UseWatchOptions<T>): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const [generation, setGeneration] = useState(0);
  const events = useEffectEvent(onEvents);
  const expired = useEffectEvent(onExpired);
  const isReady = path !== undefined && resourceVersion !== undefined;
  const startAt = useEffectEvent(() => resourceVersion ?? '');
  useEffect(() => {
    if (!isReady) return undefined;
    const url = new URL(path, window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WatchSocket<T>({
      url,
      resourceVersion: startAt(),
      onEvents: (batch) => events(batch),
      onConnection: setConnection,
      onExpired: () => void expired().finally(() => setGeneration((count) => count + 1)),
    });
    return () => socket.close();
  }, [isReady, path, generation]);
  return connection;
}

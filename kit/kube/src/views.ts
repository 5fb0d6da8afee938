import { setMaxListeners } from 'node:events';
import { silentLogger, systemClock } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import { CachedView } from './cached-view.ts';
import type { KubeClient } from './client-api.ts';
import { apiVersionOf } from './path.ts';
import { Reflector, reflectorTimes } from './reflector.ts';
import type { ReflectorTimes } from './reflector.ts';
import type { KubeObject, ResourceType } from './types.ts';
import type { View, Views } from './view-api.ts';

export interface ViewsOptions {
  /** The cluster's name, for the log. */
  readonly name: string;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly times?: Partial<ReflectorTimes>;
}

/** The cached views of the cluster behind `client`; each kind is listed and watched once, however many ask for it. */
export function createViews(client: KubeClient, options: ViewsOptions): Views {
  const { name, log = silentLogger, clock = systemClock } = options;
  const times = { ...reflectorTimes, ...options.times };
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // one for each kind is meant, and no leak
  const views = new Map<string, CachedView<KubeObject>>();
  const running = new Set<Promise<void>>();

  function start(type: ResourceType): CachedView<KubeObject> {
    const view = new CachedView<KubeObject>(type, log);
    const reflector = new Reflector({
      client,
      type,
      sink: view,
      shape: view.shape,
      clock,
      log: log.with({ cluster: name }),
      times,
    });
    if (stop.signal.aborted) view.stop();
    else running.add(reflector.run(stop.signal));
    return view;
  }

  return {
    name,
    of<T extends KubeObject>(type: ResourceType): View<T> {
      const key = `${apiVersionOf(type)}/${type.plural}`;
      let view = views.get(key);
      if (!view) views.set(key, (view = start(type)));
      return view as unknown as View<T>; // the caller names what the objects of the kind look like
    },
    state: () =>
      [...views.values()].map(({ type, synced, served, size, bytes }) => ({ type, synced, served, size, bytes })),
    async stop() {
      stop.abort();
      for (const view of views.values()) view.stop();
      await Promise.all(running);
    },
  };
}

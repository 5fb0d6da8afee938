import { createIam } from '@feature/iam/server';
import { ManualClock, silentLogger } from '@kit/base';
import { memoryCache } from '@kit/cache';
import type { KubeClient, View, Views } from '@kit/kube';
import type { Store } from '@kit/store';
import { routeTable } from '../src/index.ts';
import type { RouteTable } from '../src/index.ts';

/** The table of routes of a server that is on no cluster: what tests are generated from. No handler of it can run. */
export function inertTable(): RouteTable {
  const view: Partial<View> = {
    synced: true,
    size: 0,
    get: () => undefined,
    rows: () => [],
    subscribe: () => () => undefined,
  };
  const views = { name: 'host', of: () => view, state: () => [] } as unknown as Views; // nothing is ever in it
  const base = { kube: {} as KubeClient, views, log: silentLogger, clock: new ManualClock() }; // no request reaches a cluster
  const iam = createIam({ ...base, store: {} as Store, cache: memoryCache(base.clock) }, new Uint8Array(32)); // nor a store
  return routeTable({ ...base, iam });
}

/** A path of the table with its parameters filled in; what is not given is `x`. */
export function fillPath(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x');
}

import { createHash } from 'node:crypto';
import { Lifecycle } from '@kit/base';
import type { Clock, Logger, Part, Secret } from '@kit/base';
import { memoryCache, openRedisCache } from '@kit/cache';
import type { Cache } from '@kit/cache';
import { createHttp } from '@kit/http';
import type { HttpServer, Mount, Route, Upgrade } from '@kit/http';
import type { KubeClient, Views } from '@kit/kube';
import type { Store } from '@kit/store';
import { configRoutes } from './config-routes.ts';
import { createIam, featureAdmissions, featureMounts, featureRoutes, featureUpgrades, signingKey } from './features.ts';
import type { AdmissionAddress, Iam } from './features.ts';
import { healthRoutes } from './health-routes.ts';
import { ownClusterTarget } from './own-cluster-target.ts';
import { platformVersion, versionRoutes } from './version-routes.ts';

export interface ServerConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What replicas on one cluster share; absent: this is the only one, and keeps all of it in memory and its store. */
  readonly redis?: { readonly url: string; readonly password?: Secret };
}

export interface ServerOptions {
  readonly config: ServerConfig;
  readonly kube: KubeClient;
  readonly views: Views;
  readonly store: Store;
  readonly log: Logger;
  readonly clock: Clock;
  /** Folder of the built console; absent: API only. */
  readonly consoleDir?: string;
  /** Where the cluster's API server reaches this process, to hold writes to workspace quotas; absent: no webhook. */
  readonly admission?: AdmissionAddress;
  /** For tests: answers that their schema does not describe become errors, and open streams are checked this often. */
  readonly swap?: { readonly checkResponses?: boolean; readonly recheckMs?: number };
}

/** Everything the server answers to. */
export interface RouteTable {
  readonly routes: readonly Route[];
  readonly mounts: readonly Mount[];
  readonly upgrades: readonly Upgrade[];
}

export interface ComposedServer {
  readonly part: Part;
  /** `http://host:port`; known after `part.start`. */
  url(): string;
  readonly table: RouteTable;
}

export interface TableDeps extends Omit<ServerOptions, 'config' | 'store' | 'consoleDir' | 'swap' | 'admission'> {
  readonly iam: Iam;
}

/** The table of routes; nothing is started or asked to make it, so tests are generated from it. */
export function routeTable({ iam, kube, views, log, clock }: TableDeps): RouteTable {
  const deps = { kube, views, access: iam.access, guard: iam.guard, log, clock };
  return {
    routes: [
      ...healthRoutes(iam),
      ...versionRoutes(kube),
      ...configRoutes(),
      ...iam.routes,
      ...featureRoutes.flatMap((make) => make(deps)),
    ],
    mounts: featureMounts.flatMap((make) => make(deps)),
    upgrades: featureUpgrades.flatMap((make) => make(deps)),
  };
}

/** The prefix is this installation's own: two that use one Redis share nothing. */
function openCache(
  { log, clock }: Pick<ServerOptions, 'log' | 'clock'>,
  { redis, key }: Pick<ServerConfig, 'redis'> & { readonly key: Uint8Array },
): Cache | Promise<Cache> {
  if (!redis) return memoryCache(clock);
  const installation = createHash('sha256').update('cache\0').update(key).digest('base64url').slice(0, 16);
  return openRedisCache({ ...redis, prefix: `freehold:${installation}:`, log, clock });
}

/** The API server on one cluster. Reads the signing key and connects to the Redis; everything else happens when the part starts. */
export async function composeServer({
  config: { redis, ...config },
  consoleDir,
  swap,
  admission,
  ...deps
}: ServerOptions): Promise<ComposedServer> {
  const key = await signingKey(deps.kube);
  const cache = await openCache(deps, { redis, key });
  const iam = createIam({ ...deps, cache }, key);
  const table = routeTable({ ...deps, iam });
  const http: HttpServer = createHttp({
    ...table,
    ...config,
    ...swap,
    info: {
      title: 'Freehold API',
      version: platformVersion,
      description: 'The platform’s own part of its API, made from its table of routes.',
    },
    authenticate: iam.authenticate,
    authorize: iam.authorize,
    isAnonymous: iam.isAnonymous,
    onRightsChange: iam.onRightsChange,
    rewrite: ownClusterTarget(deps.views.name),
    log: deps.log,
    clock: deps.clock,
    ...(consoleDir === undefined ? {} : { staticDir: consoleDir }),
  });
  const admissions = admission ? featureAdmissions.map((make) => make(deps, admission)) : [];
  return {
    part: new Lifecycle('server').add({ name: 'cache', stop: () => cache.close() }, iam.part, ...admissions, http),
    url: () => http.url,
    table,
  };
}

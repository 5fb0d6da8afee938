import { randomUUID } from 'node:crypto';
import { createKubeClient, createViews, readKubeconfig, type KubeClient } from '@kit/kube';
import type { NewAdmin } from '@feature/iam/controller';
import { Lifecycle, systemClock, type Clock, type Logger } from '@kit/base';
import { openStore } from '@kit/store';
import { startCluster, type Cluster } from '@cluster/embedded';
import { composeControllers, installKinds, leaderLease } from '@app/controllers';
import { composeServer, type AdmissionAddress, type ServerConfig } from '@app/server';
import { storeMigrations } from './features.ts';
import type { DataFolder } from './data-folder.ts';
import { readKubeconfigFile } from './kubeconfig-file.ts';
import { readSecretFile } from './secret-file.ts';

export interface PlatformConfig {
  readonly host: string;
  readonly port: number;
  readonly nodes: number;
  /** The socket of a container engine, or `auto`: pods run as real containers on one more node. */
  readonly engine?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Folder of the built console; absent: API only. */
  readonly consoleDir?: string;
  /** An address of this machine at which the cluster of `kubeconfig` reaches it; absent: no webhook is registered there. */
  readonly admissionHost?: string;
  readonly admissionPort?: number;
  /** Where the Redis is that several of these on one cluster share; its password is in a file. */
  readonly redis?: string;
  readonly redisPasswordFile?: string;
  /** How lifelike simulated pods take their time: 1 as on a real node, 0 at once. */
  readonly podDelayScale?: number;
}

export interface Platform {
  readonly url: string;
  /** Path of an administrator's kubeconfig for stock kubectl; absent on a cluster that is not ours. */
  readonly kubeconfigFile?: string;
  /** The password of `admin` on the first start; the next start makes another one unless this one has been told. */
  readonly admin?: NewAdmin;
  readonly kube: KubeClient;
  stop(): Promise<void>;
}

export interface PlatformParts {
  readonly log: Logger;
  readonly clock?: Clock;
  /** For tests: open streams are asked about only so often, unless rights change. */
  readonly recheckMs?: number;
}

type Parts = PlatformParts & { readonly clock: Clock };

async function connect(config: PlatformConfig, folder: DataFolder, parts: Parts) {
  if (config.kubeconfig) return { connection: readKubeconfigFile(config.kubeconfig, config.context) };
  const cluster: Cluster = await startCluster({
    dataDir: folder.file('cluster'),
    host: '127.0.0.1',
    port: config.port === 0 ? 0 : config.port + 1,
    nodes: config.nodes,
    podDelayScale: config.podDelayScale ?? 1,
    storage: true,
    ...(config.engine && { engine: config.engine }),
    ...parts,
  });
  const kubeconfigFile = folder.writePrivate('kubeconfig', cluster.kubeconfig);
  return { cluster, kubeconfigFile, connection: readKubeconfig(cluster.kubeconfig) };
}

/** The embedded Kubernetes is in this process; another cluster has to be told where this is. */
function admissionOf({ kubeconfig, admissionHost, admissionPort = 0 }: PlatformConfig): {
  admission?: AdmissionAddress;
} {
  if (!kubeconfig) return { admission: { host: '127.0.0.1', port: 0 } };
  return admissionHost ? { admission: { host: admissionHost, port: admissionPort } } : {};
}

/** The password is read once; a new one counts from the next start. */
function redisOf({ redis: url, redisPasswordFile: file }: PlatformConfig): Pick<ServerConfig, 'redis'> {
  if (!url) return {};
  return { redis: { url, ...(file ? { password: readSecretFile(file) } : {}) } };
}

/** Starts server, controllers and console in this process, on the embedded Kubernetes or on the cluster of `config.kubeconfig`. */
export async function startPlatform(
  config: PlatformConfig,
  folder: DataFolder,
  swap: PlatformParts,
): Promise<Platform> {
  const parts = { clock: systemClock, ...swap };
  const undo = new Lifecycle();
  try {
    const { cluster, connection, kubeconfigFile } = await connect(config, folder, parts);
    if (cluster) await undo.adopt({ name: 'embedded Kubernetes', stop: () => cluster.stop() });
    const kube = createKubeClient(connection, parts);
    await undo.adopt({ name: 'Kubernetes client', stop: () => kube.close() });
    const store = await openStore({ path: folder.file('freehold.db'), migrations: storeMigrations });
    await undo.adopt({ name: 'store', stop: () => store.close() });
    const { admin } = await installKinds({ kube, log: parts.log, isAlone: !config.kubeconfig });
    const views = createViews(kube, { name: 'host', ...parts });
    await undo.adopt({ name: 'views', stop: () => views.stop() });
    const leaderElection = config.kubeconfig ? { ...leaderLease, identity: randomUUID() } : undefined;
    await undo.adopt(composeControllers({ kube, views, ...parts, leaderElection }));
    const server = await composeServer({
      config: { host: config.host, port: config.port, ...redisOf(config) },
      kube,
      views,
      store,
      consoleDir: config.consoleDir,
      ...admissionOf(config),
      ...parts,
      swap: parts.recheckMs === undefined ? {} : { recheckMs: parts.recheckMs },
    });
    await undo.adopt(server.part);
    return { url: server.url(), kubeconfigFile, admin, kube, stop: () => undo.stop() };
  } catch (cause) {
    await undo.stop().catch((error: unknown) => parts.log.error('a failed start did not clean up', { error }));
    throw cause;
  }
}

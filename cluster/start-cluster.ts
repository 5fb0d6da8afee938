import { Lifecycle, silentLogger, systemClock } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KnownToken } from './apiserver/auth/known-tokens.ts';
import type { AuditOptions } from './apiserver/audit/auditor.ts';
import type { ClusterClient } from './client.ts';
import type { RunningComponents } from './apiserver/kinds/component-statuses.ts';
import { startApiServer } from './apiserver/start-api-server.ts';
import type { ApiServer } from './apiserver/start-api-server.ts';
import { startControllers } from './controllers/index.ts';
import { type EngineNode, routedRuntime, startEngineNode, startSimulatedNodes } from './node/index.ts';
import type { NodeRuntime } from './node-runtime.ts';
import { startScheduler } from './scheduler/index.ts';
import { prepareStorage } from './start-storage.ts';

export interface ClusterOptions {
  /** Where the cluster keeps everything; without it the cluster is forgotten when it stops. */
  readonly dataDir?: string;
  readonly host?: string;
  /** 0 = any free one. */
  readonly port?: number;
  /** Simulated nodes; 0 = none. */
  readonly nodes?: number;
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Without them the API server is alone: nothing reacts to what is written. */
  readonly controllers?: boolean;
  /** Which requests are recorded, and where; absent: none. */
  readonly audit?: AuditOptions;
  /** Bearer tokens of users who are known from the start. */
  readonly knownTokens?: readonly KnownToken[];
  /** How long simulated pods take: 0 = no time, 1 = lifelike. */
  readonly podDelayScale?: number;
  /**
   * Stages of kwok.x-k8s.io/v1alpha1, which replace the built-in behaviour of the pods and nodes they select: objects,
   * YAML texts, or paths of YAML files.
   */
  readonly stages?: readonly (string | object)[];
  /**
   * Adds a node whose pods are real containers: the Unix socket of a Docker- or Podman-compatible engine, or `auto` for
   * the first one found. There are no simulated nodes then unless `nodes` says so.
   */
  readonly engine?: string;
  /** Brings storage classes and snapshots, which a new real cluster has none of. Default false. */
  readonly storage?: boolean;
}

export interface Cluster {
  readonly url: string;
  readonly caPem: string;
  /** A kubeconfig whose user may do anything. */
  readonly kubeconfig: string;
  /** Acts as `system:masters`. */
  readonly client: ClusterClient;
  stop(): Promise<void>;
}

const defaultNodes = 3;

function addControllers(
  parts: Lifecycle,
  server: ApiServer,
  options: Required<Pick<ClusterOptions, 'clock' | 'log'>> & ClusterOptions,
): void {
  const { clock, log, podDelayScale = 1, engine, dataDir } = options;
  const nodes = options.nodes ?? (engine ? 0 : defaultNodes);
  const { client, caPem, signCertificate } = server;
  const storage = options.storage ? prepareStorage(options.dataDir) : undefined;
  const storageDrivers = storage?.drivers;
  const controllers = { client, clock, log, caPem, signCertificate, storageDrivers };
  const noted = (name: keyof RunningComponents, start: () => Stoppable): Stoppable => {
    const started = start();
    server.components[name] = true;
    return started;
  };
  parts.add(stoppable('controllers', () => noted('controller-manager', () => startControllers(controllers))));
  parts.add(stoppable('scheduler', () => noted('scheduler', () => startScheduler({ client, clock, log }))));
  parts.add(stoppable('policies', () => ({ stop: server.describePolicies() })));
  if (storage) parts.add(stoppable('storage', () => storage.start({ client, clock, log })));
  let simulated: NodeRuntime | undefined;
  if (nodes > 0)
    parts.add(
      stoppable('nodes', () => {
        const agent = startSimulatedNodes({
          client,
          clock,
          log,
          nodes,
          podDelayScale,
          ...(options.stages && { stages: options.stages }),
        });
        simulated = agent.runtime;
        server.useNodes(simulated);
        return agent;
      }),
    );
  if (!engine) return;
  let running: EngineNode | undefined;
  parts.add({
    name: 'engine node',
    async start() {
      const apiPort = Number(new URL(server.url).port);
      running = await startEngineNode({ client, clock, log, engine, apiPort, ...(dataDir && { dataDir }) });
      server.useNodes(simulated ? routedRuntime(running.runtime, simulated) : running.runtime);
    },
    stop: () => running?.stop(),
  });
}

interface Stoppable {
  stop(): Promise<void> | void;
}

function stoppable(name: string, start: () => Stoppable): { name: string; start(): void; stop(): Promise<void> } {
  let running: Stoppable | undefined;
  return {
    name,
    start() {
      running = start();
    },
    async stop() {
      await running?.stop();
    },
  };
}

/** Starts a whole Kubernetes in this process: API server, controllers, scheduler and simulated nodes. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const {
    clock = systemClock,
    log = silentLogger,
    dataDir,
    host = '127.0.0.1',
    port = 0,
    controllers = true,
  } = options;
  const { audit, knownTokens } = options;
  const wanted = { ...(dataDir && { dataDir }), ...(audit && { audit }) };
  const server = await startApiServer({ host, port, clock, log, ...wanted, knownTokens });
  const parts = new Lifecycle('cluster').add({ name: 'API server', stop: () => server.stop() });
  if (controllers) addControllers(parts, server, { ...options, clock, log });
  await parts.start();
  const { url, caPem, kubeconfig, client } = server;
  return { url, caPem, kubeconfig, client, stop: () => parts.stop() };
}

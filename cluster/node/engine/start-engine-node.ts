import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, isApiError, type Logger } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { Informer } from '../../reconcile/informer.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { NodeHeartbeat } from '../node-heartbeat.ts';
import { NodeConfiguration } from './cached-tokens.ts';
import { EngineAgent } from './engine-agent.ts';
import { EngineContainers } from './engine-containers.ts';
import {
  type EngineNodeIdentity,
  engineNodeObject,
  engineNodeStatus,
  machineAddress,
  machineName,
} from './engine-node.ts';
import { EngineRuntime } from './engine-runtime.ts';
import { type Engine, findEngine } from './find-engine.ts';
import { ImagePuller } from './image-puller.ts';
import { removeAbandoned, temporaryLabels } from './abandoned-clusters.ts';
import { ensurePauseImage } from './pause-image.ts';
import { ensurePodNetwork, holdPodNetwork, type PodNetwork, removePodNetwork } from './pod-network.ts';
import { PodVolumes } from './pod-volumes.ts';
import { startClusterServices } from './services/cluster-services.ts';

export interface EngineNodeOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** The path of a Docker- or Podman-compatible engine's Unix socket, or `auto` for the first that is found. */
  readonly engine: string;
  /** Where pods' volumes are kept; without it nothing of the pods survives this process. */
  readonly dataDir?: string;
  /** The API server's port on this machine's loopback. */
  readonly apiPort: number;
}

export interface EngineNode {
  readonly runtime: EngineRuntime;
  /** Lets pods run on where the cluster is kept; otherwise ends them, and leaves nothing. */
  stop(): Promise<void>;
}

const statusMs = 30_000;

/** Names are answered for pods of all nodes: this account may read them, as the nodes of this process together may. */
const podReader = 'system:simulated-nodes';

interface Ground {
  readonly engine: Engine;
  readonly cluster: string;
  readonly network: PodNetwork;
  readonly folder: string;
}

/** What pods stand on: the engine, with the one image and the network that all need, and a folder. */
async function prepareGround({ client, engine: wanted, dataDir }: EngineNodeOptions): Promise<Ground> {
  const engine = await findEngine(wanted);
  await ensurePauseImage(engine);
  await removeAbandoned(engine);
  const { metadata } = await client.get(refs.namespaces, undefined, 'kube-system');
  const cluster = metadata.uid ?? '';
  const network = await ensurePodNetwork(engine, cluster);
  await holdPodNetwork(engine, network, dataDir ? {} : temporaryLabels(cluster));
  const folder = dataDir ? join(dataDir, 'pods') : mkdtempSync(join(tmpdir(), 'cluster-pods-'));
  await mkdir(folder, { recursive: true });
  return { engine, cluster, network, folder };
}

function heartbeatOf(
  { clock, log }: EngineNodeOptions,
  client: ClusterClient,
  { identity, engine, folder }: { identity: EngineNodeIdentity; engine: Engine; folder: string },
): NodeHeartbeat {
  return new NodeHeartbeat({
    client,
    clock,
    log,
    node: identity,
    registration: {
      statusMs,
      object: () => engineNodeObject(identity, engine),
      status: (before, now) => engineNodeStatus(identity, { engine, folder }, { before, now }),
    },
  });
}

async function isKnown(client: ClusterClient, volume: string): Promise<boolean> {
  try {
    await client.get({ group: '', resource: 'persistentvolumes' }, undefined, volume);
    return true;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return false;
    throw error;
  }
}

/** Starts a node whose pods are real containers of this machine's engine, with addresses, services and names. */
export async function startEngineNode(options: EngineNodeOptions): Promise<EngineNode> {
  const { clock, log, dataDir } = options;
  const { engine, cluster, network, folder } = await prepareGround(options);
  const node = machineName();
  const client = options.client.as(`system:node:${node}`, ['system:nodes']);
  const containers = new EngineContainers(engine, cluster);
  const pods = new Informer<Pod>({ client: options.client.as(podReader), clock, log, ref: refs.pods });
  const services = await startClusterServices({ ...options, pods, network, cluster });
  const { clusterDns } = services;
  const configuration = new NodeConfiguration(client, clock);
  const hostIP = machineAddress(network.gateway);
  const volumes = new PodVolumes({ client, configuration, folder, claimsFolder: `${folder}-claims` });
  const images = new ImagePuller(engine, configuration);
  const parts = { engine, containers, configuration, clock, log, hostIP, network, images, volumes, clusterDns };
  const agent = new EngineAgent({ client, node, pods, parts });
  const runtime = new EngineRuntime({ engine, containers, clock, node, pods });
  const heartbeat = heartbeatOf(options, client, {
    identity: { name: node, hostIP, podCIDR: network.cidr },
    engine,
    folder,
  });
  await pods.start();
  await agent.removeStrangers();
  await volumes.removeGone((name) => isKnown(options.client, name));
  heartbeat.start();
  return {
    runtime,
    async stop() {
      pods.stop();
      await heartbeat.stop();
      await agent.stop();
      if (!dataDir) await containers.removeAll();
      await services.stop();
      if (dataDir) return;
      await removePodNetwork(engine, network.name);
      // Volumes in memory are mounts, which would be in the way.
      for (const uid of await readdir(folder)) await volumes.remove(uid);
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}-claims`, { recursive: true, force: true });
    },
  };
}

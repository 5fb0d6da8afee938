import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import type { NodeRuntime } from '../node-runtime.ts';
import { Informer } from '../reconcile/informer.ts';
import type { Pod } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { AddressPool } from './address-pool.ts';
import { SimulatedRuntime } from './simulated-runtime.ts';
import { NodeHeartbeat } from './node-heartbeat.ts';
import { nodeIdentity } from './node-object.ts';
import { PodAgent, type SimulatedNode } from './pod-agent.ts';
import { stageDelays } from './stage-delays.ts';
import { type StageInput, startStages } from './stages/start-stages.ts';

export interface SimulatedNodesOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many nodes there are: `node-1`, `node-2`, … */
  readonly nodes: number;
  /** 0: pods are ready as fast as possible; 1: they take as long as on a real node. */
  readonly podDelayScale: number;
  /** Stages of kwok.x-k8s.io/v1alpha1 that replace the built-in behaviour of what they select. */
  readonly stages?: readonly StageInput[];
}

export interface SimulatedNodes {
  readonly runtime: NodeRuntime;
  stop(): Promise<void>;
}

/** One process looks after the pods of all nodes at once, and reads with the role of nodes as a whole. */
const simulatedNodesUser = 'system:simulated-nodes';

/** Starts nodes that accept pods, take them through the stages of a real one, and say everywhere that they only pretend. */
export function startSimulatedNodes({
  clock,
  log,
  nodes: count,
  podDelayScale,
  ...options
}: SimulatedNodesOptions): SimulatedNodes {
  const client = options.client.as(simulatedNodesUser);
  const clientOf = (node: string): ClusterClient => options.client.as(`system:node:${node}`, ['system:nodes']);
  const nodes = new Map<string, SimulatedNode>();
  for (let index = 0; index < count; index++) {
    const addresses = new AddressPool(index);
    const identity = nodeIdentity(index, addresses.cidr);
    nodes.set(identity.name, { ...identity, addresses, images: new Set() });
  }
  const pods = new Informer<Pod>({ client, clock, log, ref: refs.pods });
  const stages = startStages({ client: options.client, clock, log, pods, nodes, given: options.stages ?? [] });
  const delays = stageDelays(podDelayScale);
  const agent = new PodAgent({
    client,
    clientOf,
    clock,
    log,
    pods,
    nodes,
    delays,
    isStaged: stages.claimsPod,
    startProcess: (start) => runtime.startProcess(start),
  });
  const endContainer: PodAgent['endContainer'] = (pod, container, exitCode) =>
    agent.endContainer(pod, container, exitCode);
  const runtime = new SimulatedRuntime({ client, clock, log, pods, nodes, endContainer });
  const heartbeats = [...nodes.values()].map((node, index) => {
    const phase = (index + 1) / nodes.size;
    return new NodeHeartbeat({ client: clientOf(node.name), clock, log, node, phase, isStaged: stages.claimsNode });
  });
  void pods.start();
  for (const heartbeat of heartbeats) heartbeat.start();
  return {
    runtime,
    stop: async () => {
      pods.stop();
      runtime.close();
      await agent.stop();
      await stages.stop();
      await Promise.all(heartbeats.map((heartbeat) => heartbeat.stop()));
    },
  };
}

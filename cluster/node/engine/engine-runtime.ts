import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { totalmem } from 'node:os';
import { ApiError, type Clock } from '@kit/base';
import type { LogOptions, NodeRuntime, PodKey } from '../../node-runtime.ts';
import type { Informer } from '../../reconcile/informer.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { loggedRun } from '../log-reader.ts';
import { nodeApi } from '../node-api.ts';
import { type EngineContainers, sandboxName, type SeenContainer } from './engine-containers.ts';
import { attachSession, execSession } from './engine-exec.ts';
import { readEngineLog } from './engine-logs.ts';
import { EngineStats } from './engine-stats.ts';
import type { Engine } from './find-engine.ts';
import { dialLoopback } from './pod-loopback.ts';
import { attemptsOf } from './pod-worker.ts';

export interface EngineRuntimeOptions {
  readonly engine: Engine;
  readonly containers: EngineContainers;
  readonly clock: Clock;
  readonly node: string;
  readonly pods: Informer<Pod>;
}

const nodeFailure = (message: string): ApiError => new ApiError('InternalError', message);

/** What the API server asks of a node whose pods run in an engine. */
export class EngineRuntime implements NodeRuntime {
  readonly node: string;
  readonly #options: EngineRuntimeOptions;
  readonly #stats: EngineStats;

  constructor(options: EngineRuntimeOptions) {
    this.#options = options;
    const { engine, containers, clock, node, pods } = options;
    this.node = node;
    pods.addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#stats = new EngineStats({ client: engine.client, containers, clock, node, pods: () => this.#pods() });
  }

  /** Is the pod one of this node's? */
  has({ namespace, name }: PodKey): boolean {
    return this.#options.pods.get(namespace, name)?.spec.nodeName === this.node;
  }

  logs(key: PodKey, options: LogOptions): AsyncIterable<Uint8Array> {
    const pod = this.#pod(key);
    if (!pod) return nothing();
    // Fails in the words of a real node where there is no output to read.
    loggedRun(pod, options);
    return this.#logs(key, options);
  }

  async *#logs({ uid }: PodKey, options: LogOptions): AsyncGenerator<Uint8Array> {
    const { engine, containers, clock } = this.#options;
    const seen = attemptsOf(await containers.ofPod(uid), options.container)[options.previous ? 1 : 0];
    const lost = `unable to retrieve container logs for ${options.container}`;
    if (!seen) yield Buffer.from(lost);
    else yield* readEngineLog(engine.client, seen, { options, nowMs: clock.now() });
  }

  exec: NodeRuntime['exec'] = async (key, { container, command, tty }) => {
    const found = await this.#running(key, container);
    if (!found) throw nodeFailure(`container not found (${JSON.stringify(container)})`);
    return execSession({ client: this.#options.engine.client, containerId: found.id, command, tty });
  };

  attach: NodeRuntime['attach'] = async (key, { container }) => {
    const found = await this.#running(key, container);
    if (!found) throw nodeFailure(`container ${container} not found in pod ${key.name}_${key.namespace}`);
    return attachSession(this.#options.engine.client, found.id, found.isTerminal);
  };

  portForward: NodeRuntime['portForward'] = async (key) => {
    const pod = this.#pod(key);
    const phase = pod?.status?.phase;
    if (!pod?.status?.podIP || phase === 'Succeeded' || phase === 'Failed')
      throw nodeFailure(`pod not found (${JSON.stringify(`${key.name}_${key.namespace}`)})`);
    return { connect: (port) => this.#reach(key, port) };
  };

  /** A port of the pod, be it that only the pod itself can reach it. */
  async #reach(key: PodKey, port: number): Promise<Duplex> {
    try {
      return await this.dial(key, port);
    } catch (error) {
      const pod = this.#pod(key);
      if (pod?.spec.hostNetwork) return dialed('127.0.0.1', port);
      const seen = await this.#options.containers.ofPod(pod?.metadata.uid ?? '');
      const sandbox = seen.find(({ name, state }) => name === sandboxName && state === 'running');
      if (!sandbox) throw error;
      return dialLoopback(sandbox.pid, port);
    }
  }

  dial: NodeRuntime['dial'] = async (key, port) => {
    const address = this.#pod(key)?.status?.podIP;
    if (!address) throw new ApiError('ServiceUnavailable', `the pod ${key.namespace}/${key.name} is gone`);
    return dialed(address, port);
  };

  stats: NodeRuntime['stats'] = async (node) => {
    if (node !== undefined && node !== this.node) return [];
    return [await this.#stats.sample()];
  };

  nodeApi: NodeRuntime['nodeApi'] = async (_node, { method, path }) => {
    const sample = await this.#stats.sample();
    return nodeApi(method, path, { stats: () => sample, pods: () => this.#pods(), memoryBytes: totalmem() });
  };

  #pods(): Pod[] {
    return this.#options.pods.byIndex('node', this.node);
  }

  #pod({ namespace, name, uid }: PodKey): Pod | undefined {
    const pod = this.#options.pods.get(namespace, name);
    return pod && (uid === '' || pod.metadata.uid === uid) ? pod : undefined;
  }

  async #running(key: PodKey, container: string): Promise<SeenContainer | undefined> {
    const pod = this.#pod(key);
    if (!pod) return undefined;
    const [latest] = attemptsOf(await this.#options.containers.ofPod(pod.metadata.uid ?? ''), container);
    return latest?.state === 'running' ? latest : undefined;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

function dialed(host: string, port: number): Promise<Duplex> {
  return new Promise<Socket>((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message;
      reject(new ApiError('ServiceUnavailable', `dial tcp ${host}:${port}: ${why}`, { cause: error }));
    });
  });
}

import { ApiError, type Clock, type Logger } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import type { AttachRequest, ExecRequest, NodeRuntime, PodKey, ProcessSession } from '../node-runtime.ts';
import type { Informer } from '../reconcile/informer.ts';
import type { ContainerSpec, ContainerStatus, Pod } from '../reconcile/pod.ts';
import { commands } from './commands/commands.ts';
import { ClusterNetwork } from './container/cluster-network.ts';
import { commandSession } from './container/command-session.ts';
import { Configuration } from './container/configuration.ts';
import { ContainerProcesses, type ProcessStart } from './container/container-processes.ts';
import { containerSpec, ContainerWorlds } from './container/container-worlds.ts';
import { logSession } from './container/log-session.ts';
import { SimulatedPorts } from './container/simulated-ports.ts';
import { readLog, statusOf } from './log-reader.ts';
import { nodeApi } from './node-api.ts';
import { simulatedStats } from './simulated-stats.ts';

export interface SimulatedRuntimeOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pods: Informer<Pod>;
  readonly nodes: ReadonlyMap<string, { readonly name: string }>;
  /** Ends a container's main process, which somebody was attached to. */
  readonly endContainer: (pod: Pod, container: string, exitCode: number) => void;
}

interface Running {
  readonly pod: Pod;
  readonly spec: ContainerSpec;
  readonly status: ContainerStatus;
}

const nodeMemoryBytes = 32 * 2 ** 30;
const nodeFailure = (message: string): ApiError => new ApiError('InternalError', message);

/** What the API server asks of simulated nodes; `close` ends what is still open. */
export class SimulatedRuntime implements NodeRuntime {
  readonly #options: SimulatedRuntimeOptions;
  readonly #ports = new SimulatedPorts();
  readonly #network: ClusterNetwork;
  readonly #worlds: ContainerWorlds;
  readonly #processes: ContainerProcesses;
  readonly #startedMs: number;

  constructor(options: SimulatedRuntimeOptions) {
    this.#options = options;
    const { client, clock, pods } = options;
    const configuration = new Configuration(client);
    this.#startedMs = clock.now();
    this.#network = new ClusterNetwork({ configuration, pods, ports: this.#ports });
    this.#worlds = new ContainerWorlds({
      clock,
      configuration,
      network: this.#network,
      commandNames: Object.keys(commands),
    });
    this.#processes = new ContainerProcesses({ clock, log: options.log, worlds: this.#worlds });
    pods.addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    pods.onChange(({ before, after }) => {
      if (!before || before.metadata.uid === after?.metadata.uid) return;
      this.#worlds.forget(before.metadata.uid ?? '');
      this.#processes.forget(before.metadata.uid ?? '');
    });
  }

  logs: NodeRuntime['logs'] = (pod, options) => {
    const { clock, pods } = this.#options;
    return readLog({ clock, pods, processes: this.#processes }, pod, options);
  };

  /** Runs a container's own command, and keeps what it writes as the container's log. */
  startProcess(start: ProcessStart): void {
    this.#processes.start(start);
  }

  async exec(key: PodKey, { container, command, tty }: ExecRequest): Promise<ProcessSession> {
    const running = this.#running(key, container);
    if (!running) throw nodeFailure(`container not found (${JSON.stringify(container)})`);
    return this.#session(running, command, tty);
  }

  async attach(key: PodKey, { container, tty }: AttachRequest): Promise<ProcessSession> {
    const running = this.#running(key, container);
    if (!running) throw nodeFailure(`container ${container} not found in pod ${key.name}_${key.namespace}`);
    const { pod, spec } = running;
    if (!spec.stdin) return logSession((signal) => this.logs(key, { container, follow: true, tailLines: 0, signal }));
    const command = [...(spec.command ?? []), ...(spec.args ?? [])];
    const session = this.#session(running, command.length > 0 ? command : ['sh'], tty);
    return {
      run: async (streams) => {
        const result = await session.run(streams);
        // Who only lets go of the terminal leaves the process to the next one.
        if (!streams.signal.aborted || spec.stdinOnce) this.#options.endContainer(pod, container, result.exitCode);
        return { exitCode: 0 };
      },
    };
  }

  async portForward(key: PodKey): ReturnType<NodeRuntime['portForward']> {
    const pod = this.#pod(key);
    const phase = pod?.status?.phase;
    if (!pod || !pod.status?.podIP || phase === 'Succeeded' || phase === 'Failed')
      throw nodeFailure(`pod not found (${JSON.stringify(`${key.name}_${key.namespace}`)})`);
    return { connect: (port) => this.dial(key, port) };
  }

  async dial(key: PodKey, port: number): ReturnType<NodeRuntime['dial']> {
    const pod = this.#pod(key);
    if (!pod) throw new ApiError('ServiceUnavailable', `the pod ${key.namespace}/${key.name} is gone`);
    return this.#network.dial(pod, port);
  }

  async stats(node?: string): ReturnType<NodeRuntime['stats']> {
    const { pods, nodes, clock } = this.#options;
    return simulatedStats({ pods, nodes, startedMs: this.#startedMs }, clock.now(), node);
  }

  nodeApi: NodeRuntime['nodeApi'] = async (node, { method, path }) => {
    const { pods, nodes, clock } = this.#options;
    const stats = () => {
      const [own] = simulatedStats({ pods, nodes, startedMs: this.#startedMs }, clock.now(), node);
      if (own) return own;
      throw new ApiError('ServiceUnavailable', `error trying to reach service: the node ${node} does not run`);
    };
    return nodeApi(method, path, { stats, pods: () => pods.byIndex('node', node), memoryBytes: nodeMemoryBytes });
  };

  close(): void {
    this.#ports.close();
    this.#processes.close();
  }

  #pod({ namespace, name, uid }: PodKey): Pod | undefined {
    const pod = this.#options.pods.get(namespace, name);
    return pod && (uid === '' || pod.metadata.uid === uid) ? pod : undefined;
  }

  #running(key: PodKey, container: string): Running | undefined {
    const pod = this.#pod(key);
    const status = pod && statusOf(pod, container);
    const spec = pod && containerSpec(pod, container);
    return pod && spec && status?.state.running ? { pod, spec, status } : undefined;
  }

  #session({ pod, spec, status }: Running, command: readonly string[], tty: boolean): ProcessSession {
    return commandSession(() => this.#worlds.open(pod, spec, status), { command, tty });
  }
}

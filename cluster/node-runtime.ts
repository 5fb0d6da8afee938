import type { Duplex, Readable, Writable } from 'node:stream';

/** What `pods/log` asks of the node a container runs on; the fields are those of the request's query. */
export interface LogOptions {
  readonly container: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  /** Aborted when the reader goes away; a followed log then ends. */
  readonly signal: AbortSignal;
}

export interface PodKey {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A command to run in a container that runs. */
export interface ExecRequest {
  readonly container: string;
  readonly command: readonly string[];
  /** The command gets a terminal: stderr goes to stdout, and sizes may arrive. */
  readonly tty: boolean;
}

/** A running container whose own input and output are wanted. */
export interface AttachRequest {
  readonly container: string;
  readonly tty: boolean;
}

/** The caller's ends of a process. What is absent was not asked for. */
export interface ProcessStreams {
  /** Ends when the caller has closed its input; the process then reads end-of-file. */
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** Sizes of the caller's terminal: the first at the start, one more at each change. */
  readonly resize?: AsyncIterable<TerminalSize>;
  /** Aborted when the caller is gone: the process is ended, and what `run` answers is of no interest. */
  readonly signal: AbortSignal;
}

/** How a process ended: its exit code, 128 + N when signal N ended it. */
export interface ProcessResult {
  readonly exitCode: number;
}

/** A process that is ready to be run with the caller's streams; it does nothing before `run`. */
export interface ProcessSession {
  /**
   * Runs it, honouring back-pressure of the outputs; resolves when it has ended and all output is written. Ends
   * neither output. Rejects with an `ApiError` when it could not be started, e.g. for an unknown command.
   */
  run(streams: ProcessStreams): Promise<ProcessResult>;
}

export interface ContainerStats {
  readonly name: string;
  /** CPU in use, in billionths of a core: the mean since the sample before. */
  readonly cpuNanoCores: number;
  /** CPU seconds used since the container started, in billionths. */
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
  /** When the container started, in epoch milliseconds. */
  readonly startedMs: number;
}

export interface PodStats {
  readonly pod: PodKey;
  /** Running containers only. */
  readonly containers: readonly ContainerStats[];
}

export interface NodeStats {
  readonly node: string;
  /** When the sample was taken, in epoch milliseconds, and the time it is the mean of. */
  readonly atMs: number;
  readonly windowSeconds: number;
  /** All of the node, its pods included. */
  readonly cpuNanoCores: number;
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
  readonly startedMs: number;
  readonly pods: readonly PodStats[];
}

/** A request to a node's own HTTP API, which `nodes/NAME/proxy` shows. */
export interface NodeApiRequest {
  readonly method: string;
  /** With its query, from the first `/` on, e.g. `/stats/summary`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
  readonly signal: AbortSignal;
}

export interface NodeApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

/**
 * What the API server needs of the machines pods run on, whatever runs the containers. The API server has checked that
 * the pod exists, is bound to a node, and has the container. Failures are `ApiError`s and reach the caller as they
 * are: those of `exec`, `attach` and `portForward` before the connection is upgraded.
 */
export interface NodeRuntime {
  /** The container's output from its start. */
  logs(pod: PodKey, options: LogOptions): AsyncIterable<Uint8Array>;
  /** Rejects when the container is not running. */
  exec(pod: PodKey, request: ExecRequest): Promise<ProcessSession>;
  /** As `exec`, of the container's main process: `run` resolves when that ends, or when the caller's signal aborts. */
  attach(pod: PodKey, request: AttachRequest): Promise<ProcessSession>;
  /** Rejects when connections into the pod are not possible at all. */
  portForward(pod: PodKey): Promise<PortForwardSession>;
  /** A TCP connection to a port of the pod, as from the network of its cluster. Rejects when nothing listens there. */
  dial(pod: PodKey, port: number): Promise<Duplex>;
  /** A sample of every node, or of one. Cheap: made from what is known, nothing is waited for on a simulated node. */
  stats(node?: string): Promise<readonly NodeStats[]>;
  /** Answers for the node's own HTTP API. */
  nodeApi(node: string, request: NodeApiRequest): Promise<NodeApiAnswer>;
}

export interface PortForwardSession {
  /** A connection to `port` inside the pod's network. Rejects with the sentence the caller is told. */
  connect(port: number): Promise<Duplex>;
}

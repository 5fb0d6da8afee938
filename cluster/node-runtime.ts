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

/** What the API server needs of the machines pods run on. Failures are `ApiError`s and reach the caller as they are. */
export interface NodeRuntime {
  /** The container's output from its start; the API server has checked that pod and container exist. */
  logs(pod: PodKey, options: LogOptions): AsyncIterable<Uint8Array>;
}

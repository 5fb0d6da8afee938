import { ApiError, delay, isApiError } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import { Backoff } from './backoff.ts';
import type { KubeClient } from './client-api.ts';
import type { RowShape } from './facet.ts';
import { pathOf } from './path.ts';
import { rowOf } from './row.ts';
import type { KubeList, KubeObject, ResourceType } from './types.ts';
import type { Row } from './view-api.ts';

/** Who is told what the server has. */
export interface ReflectorSink<T extends KubeObject> {
  /** The whole collection; an absent one means that the server does not serve the kind. */
  replace(rows: readonly Row<T>[] | undefined): void;
  put(row: Row<T>): void;
  remove(row: Row<T>): void;
}

export interface ReflectorTimes {
  /** A server that says nothing for so long, not even a bookmark (one a minute), is taken for gone. */
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

export const reflectorTimes: ReflectorTimes = { silenceMs: 90_000, firstRetryMs: 200, maxRetryMs: 30_000 };

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly sink: ReflectorSink<T>;
  /** What is derived of each object as it arrives. */
  readonly shape: RowShape;
  readonly clock: Clock;
  readonly log: Logger;
  readonly times: ReflectorTimes;
}

/** A kind whose definition is not there yet is looked for again at least this often. */
const missingKindRetryMs = 3000;
const pageSize = 500;
/**
 * After so many watches in a row that brought nothing a list is tried instead: a server that hangs up on a watcher too
 * far behind would do so for ever.
 */
const fruitlessWatches = 5;
/** A watch shorter than this that told nothing counts as a failure, or a server that hangs up would be called in a loop. */
const worthwhileMs = 1000;

/** How long a server that has too much to do wants to be left alone. */
function askedToWaitMs(error: unknown): number {
  return isApiError(error) ? (error.details?.retryAfterSeconds ?? 0) * 1000 : 0;
}

/**
 * Keeps a sink at the server's state of one kind: list, then watch from there. A broken or silent watch resumes where it
 * was; an expired one lists again, and the sink compares, so that nothing deleted meanwhile is missed.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  /** Where the next watch goes on; absent when only a list can tell. */
  #resourceVersion: string | undefined;
  #fruitless = 0;
  #problem: string | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff(options.times.firstRetryMs, options.times.maxRetryMs);
  }

  /** Runs until `signal` is aborted; it never throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) await this.#list(signal);
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = this.#afterFailure(error);
        await delay(this.#options.clock, waitMs, signal).catch(() => undefined);
      }
    }
  }

  /** Decides where to go on from, and after how long. */
  #afterFailure(error: unknown): number {
    const missing = isApiError(error, 'NotFound');
    const stale = isApiError(error, 'Expired') || isApiError(error, 'Gone');
    if (missing || stale || ++this.#fruitless >= fruitlessWatches) this.#resourceVersion = undefined;
    if (missing) this.#options.sink.replace(undefined);
    this.#tell(error, missing || stale || isApiError(error, 'Timeout'));
    const waitMs = this.#backoff.nextMs(missing ? missingKindRetryMs : undefined);
    return Math.max(waitMs, Math.min(askedToWaitMs(error), this.#options.times.maxRetryMs));
  }

  /** One line for each new problem, not for each attempt. */
  #tell(error: unknown, expected: boolean): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#problem) return;
    this.#problem = message;
    this.#options.log[expected ? 'debug' : 'warn']('a view cannot follow the cluster now', {
      kind: this.#options.type.plural,
      error: message,
    });
  }

  #healthy(): void {
    this.#backoff.reset();
    this.#fruitless = 0;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#options.log.info('a view follows the cluster again', { kind: this.#options.type.plural });
  }

  async #list(stop: AbortSignal): Promise<void> {
    const { client, type, sink, shape } = this.#options;
    const rows: Row<T>[] = [];
    let metadata: KubeList['metadata'] = { resourceVersion: '' };
    await this.#unlessSilent(stop, async (signal, heard) => {
      do {
        const query = { limit: pageSize, continue: metadata.continue || undefined };
        const page = await client.json<KubeList>({ method: 'GET', path: pathOf(type), query, signal });
        heard();
        for (const item of page.items ?? []) rows.push(rowOf<T>(type, item, shape));
        metadata = page.metadata;
      } while (metadata.continue);
    });
    this.#resourceVersion = metadata.resourceVersion;
    sink.replace(rows);
    this.#healthy();
  }

  async #watch(stop: AbortSignal): Promise<void> {
    const { client, type, clock } = this.#options;
    const startedMs = clock.now();
    let events = 0;
    await this.#unlessSilent(stop, async (signal, heard) => {
      const from = { resourceVersion: this.#resourceVersion, signal };
      for await (const { type: change, object } of client.watch(type, from)) {
        heard();
        events++;
        this.#take(change, object);
      }
    });
    if (events > 0 || clock.now() - startedMs >= worthwhileMs) return this.#healthy();
    throw new ApiError('ServiceUnavailable', `${client.server} ended the watch of ${type.plural} at once`);
  }

  /** Runs `work` with a signal that is aborted by `stop`, and by too long a time without `heard` being called. */
  async #unlessSilent(
    stop: AbortSignal,
    work: (signal: AbortSignal, heard: () => void) => Promise<void>,
  ): Promise<void> {
    const { client, type, clock, times } = this.#options;
    stop.throwIfAborted();
    const attempt = new AbortController();
    const onStop = (): void => attempt.abort(stop.reason);
    const message = `${client.server} said nothing about ${type.plural} for ${times.silenceMs / 1000} s`;
    const listen = (): (() => void) =>
      clock.after(times.silenceMs, () => attempt.abort(new ApiError('Timeout', message)));
    let cancel = listen();
    stop.addEventListener('abort', onStop, { once: true });
    try {
      await work(attempt.signal, () => {
        cancel();
        cancel = listen();
      });
    } finally {
      cancel();
      stop.removeEventListener('abort', onStop);
    }
  }

  #take(change: string, object: KubeObject): void {
    const { type, sink, shape } = this.#options;
    const { resourceVersion } = object.metadata;
    if (change === 'ADDED' || change === 'MODIFIED') sink.put(rowOf<T>(type, object, shape));
    else if (change === 'DELETED') sink.remove(rowOf<T>(type, object, shape));
    // Only after the change is in: a throw above goes on from before it.
    if (resourceVersion) this.#resourceVersion = resourceVersion;
    this.#healthy();
  }
}

import { type Clock, isApiError, type Logger } from '@kit/base';

export interface WorkQueueOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many keys are worked on at the same time; one key is never worked on twice at once. Default 4. */
  readonly workers?: number;
  /** Answers `again` for work that has to be tried again later, as after a failure, but is no fault of ours. */
  readonly work: (key: string) => Promise<void | 'again'>;
}

// The numbers of Kubernetes' controllers.
const retryMs = { first: 5, most: 1_000_000 };

/**
 * Keys to work on. A key that is added while it waits is one piece of work; added while it is worked on, it is
 * worked on once more afterwards. Work that throws is tried again, later each time.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #workers: number;
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new Map<string, { atMs: number; cancel: () => void }>();
  #pumping = false;
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#workers = options.workers ?? 4;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#ready.add(key);
    this.#pumpSoon();
  }

  /** Adds `key` after `delayMs`; of several delays for one key the shortest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return;
    const atMs = this.#options.clock.now() + delayMs;
    const known = this.#delayed.get(key);
    if (known && known.atMs <= atMs) return;
    known?.cancel();
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { atMs, cancel });
  }

  /** How many keys wait for a worker. */
  get backlog(): number {
    return this.#ready.size;
  }

  /** True when nothing is being worked on or ready to be. */
  get idle(): boolean {
    return this.#ready.size === 0 && this.#running.size === 0;
  }

  /** Takes no more work and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ready.clear();
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    await Promise.all(this.#running.values());
  }

  // One turn of the event loop gathers a burst of watch events about one key into one piece of work.
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    for (const key of this.#ready) {
      if (this.#running.size >= this.#workers) return;
      if (this.#running.has(key)) continue;
      this.#ready.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    try {
      if ((await this.#options.work(key)) === 'again') this.#postpone(key);
      else this.#failures.delete(key);
    } catch (error) {
      this.#retry(key, error);
    }
    this.#running.delete(key);
    if (this.#ready.size > 0) this.#pumpSoon();
  }

  #retry(key: string, error: unknown): void {
    const isRace = isApiError(error, 'Conflict') || isApiError(error, 'NotFound') || isApiError(error, 'AlreadyExists');
    const fields = { controller: this.#options.name, key, failures: this.#postpone(key), error };
    if (isRace) this.#options.log.debug('work met a newer state, trying again', fields);
    else this.#options.log.warn('work failed, trying again', fields);
  }

  /** Tries the key again later, the later the more often that was done; answers how often. */
  #postpone(key: string): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.addAfter(key, Math.min(retryMs.most, retryMs.first * 2 ** (failures - 1)));
    return failures;
  }
}

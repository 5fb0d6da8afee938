import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { Change, Informer } from './informer.ts';
import type { InformerSet } from './informer-set.ts';
import { WorkQueue } from './work-queue.ts';

/** What every controller of one process shares. */
export interface ControllerContext {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly informers: InformerSet;
  /** Events in the name of `component`. */
  readonly recorder: (component: string) => EventRecorder;
}

/** A controller: asks for its informers when it is made, works from `start` on, which is called once they are synced. */
export interface Controller {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
}

export type MakeController = (context: ControllerContext) => Controller;

export interface QueueControllerOptions {
  readonly name: string;
  readonly workers?: number;
  /** Answers `again` when the key has to be tried again later, as after a failure. */
  readonly reconcile: (key: string) => Promise<void | 'again'>;
}

/** A controller that is a queue of keys: watch informers with `feed`, reconcile one key at a time. */
export class QueueController implements Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  #started = false;
  #waiting = new Set<string>();

  constructor(context: ControllerContext, options: QueueControllerOptions) {
    this.name = options.name;
    const { clock, log } = context;
    const { name, workers, reconcile } = options;
    this.queue = new WorkQueue({ name, clock, log, workers, work: reconcile });
  }

  /** Queues the keys that `keysOf` names for each changed object (its state before and after). */
  feed<T extends ClusterObject>(
    informer: Informer<T>,
    keysOf: (object: T, change: Change<T>) => readonly string[],
  ): this {
    informer.onChange((change) => {
      const { before, after } = change;
      const keys = [...(before ? keysOf(before, change) : []), ...(after ? keysOf(after, change) : [])];
      for (const key of keys) this.addSoon(key);
    });
    return this;
  }

  /** Queues a key after `delayMs`, or from the start on. */
  addSoon(key: string, delayMs = 0): void {
    if (!this.#started) this.#waiting.add(key);
    else if (delayMs > 0) this.queue.addAfter(key, delayMs);
    else this.queue.add(key);
  }

  start(): void {
    this.#started = true;
    for (const key of this.#waiting) this.queue.add(key);
    this.#waiting.clear();
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }
}

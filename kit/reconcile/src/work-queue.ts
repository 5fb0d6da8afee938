import type { Clock } from '@kit/base';
import { Backoff } from '@kit/kube';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  /** Works on one item; answers when to do so again, if at all. A throw means again, after a growing pause. */
  readonly work: (key: string) => Promise<{ readonly againMs?: number } | void>;
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  /** Items begun per second over the long run, and at once after a rest. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
}

/**
 * Works on items by key: each at most once at a time, several at a time, and however often one is added while it waits,
 * it is worked on once. One that is added while it is worked on runs again afterwards.
 */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #later = new Map<string, { dueMs: number; cancel: () => void }>();
  readonly #backoffs = new Map<string, Backoff>();
  #tokens: number;
  #refilledMs: number;
  #cancelRefill: (() => void) | undefined;
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = { firstRetryMs: 100, maxRetryMs: 300_000, rate: { perSecond: 100, burst: 500 }, ...options };
    this.#tokens = this.#options.rate.burst;
    this.#refilledMs = options.clock.now();
  }

  /** How many items wait for their turn now. */
  get waiting(): number {
    return this.#ready.size;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#later.get(key)?.cancel();
    this.#later.delete(key);
    if (this.#running.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#pump();
  }

  /** Adds the item after `delayMs`; of several such wishes the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return;
    const dueMs = this.#options.clock.now() + delayMs;
    const waiting = this.#later.get(key);
    if (waiting && waiting.dueMs <= dueMs) return;
    waiting?.cancel();
    this.#later.set(key, { dueMs, cancel: this.#options.clock.after(delayMs, () => this.add(key)) });
  }

  /** Begins nothing more, and resolves when what has begun has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRefill?.();
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    this.#ready.clear();
    this.#again.clear();
    await Promise.all(this.#running.values());
  }

  #pump(): void {
    for (const key of this.#ready) {
      if (this.#stopped || this.#running.size >= this.#options.concurrency || !this.#takeToken()) return;
      this.#ready.delete(key);
      this.#running.set(key, this.#work(key));
    }
  }

  async #work(key: string): Promise<void> {
    await Promise.resolve(); // so that `#running` has the item before its work begins
    try {
      const result = await this.#options.work(key);
      this.#backoffs.delete(key);
      if (result?.againMs !== undefined) this.addAfter(key, result.againMs);
    } catch {
      this.addAfter(key, this.#backoffOf(key).nextMs()); // whoever gave the work has logged it
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.add(key);
    this.#pump();
  }

  #backoffOf(key: string): Backoff {
    const { firstRetryMs, maxRetryMs } = this.#options;
    let backoff = this.#backoffs.get(key);
    if (!backoff) this.#backoffs.set(key, (backoff = new Backoff(firstRetryMs, maxRetryMs)));
    return backoff;
  }

  #takeToken(): boolean {
    const { clock, rate } = this.#options;
    const nowMs = clock.now();
    this.#tokens = Math.min(rate.burst, this.#tokens + ((nowMs - this.#refilledMs) / 1000) * rate.perSecond);
    this.#refilledMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens--;
      return true;
    }
    this.#cancelRefill ??= clock.after(Math.ceil(1000 / rate.perSecond), () => {
      this.#cancelRefill = undefined;
      this.#pump();
    });
    return false;
  }
}

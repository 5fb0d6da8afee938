import type { Clock } from '@kit/base';
import type { Cache, Window } from './cache.ts';

// Strangers decide how many keys there are; what was written longest ago goes first.
const mostKeys = 100_000;

/** A map whose entries end, and which never holds more than a fixed number of them. */
class Ending<V> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { readonly value: V; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.untilMs > this.#clock.now()) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, lifeMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: this.#clock.now() + lifeMs });
    this.#dropOldest();
  }

  untilMs(key: string): number {
    return this.get(key) === undefined ? 0 : (this.#entries.get(key)?.untilMs ?? 0);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Two looks for each write keep the ended ones few, without a timer. */
  #dropOldest(): void {
    let looks = 2;
    for (const [key, { untilMs }] of this.#entries) {
      if (untilMs <= this.#clock.now() || this.#entries.size > mostKeys) this.#entries.delete(key);
      if ((looks -= 1) === 0) return;
    }
  }
}

/** A cache of this process alone: nothing is ever away, and nothing outlives it. */
export function memoryCache(clock: Clock): Cache {
  return new MemoryCache(clock);
}

class MemoryCache implements Cache {
  readonly isShared = false;
  readonly isConnected = true;
  readonly #clock: Clock;
  readonly #values: Ending<string>;
  readonly #sets: Ending<ReadonlyMap<string, number>>;
  readonly #times: Ending<readonly number[]>;
  readonly #listeners = new Map<string, Set<(message: string) => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#values = new Ending(clock);
    this.#sets = new Ending(clock);
    this.#times = new Ending(clock);
  }

  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async set(key: string, value: string, lifeMs: number): Promise<void> {
    this.#values.set(key, value, lifeMs);
  }

  async replace(key: string, value: string, lifeMs: number): Promise<boolean> {
    if (this.#values.get(key) === undefined) return false;
    this.#values.set(key, value, lifeMs);
    return true;
  }

  async take(key: string): Promise<string | undefined> {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) for (const entries of [this.#values, this.#sets, this.#times]) entries.delete(key);
  }

  async join(set: string, member: string, lifeMs: number): Promise<void> {
    const untilMs = this.#clock.now() + lifeMs;
    const members = new Map(this.#sets.get(set) ?? []).set(member, untilMs);
    this.#sets.set(set, members, Math.max(lifeMs, this.#sets.untilMs(set) - this.#clock.now()));
  }

  async leave(set: string, members: readonly string[]): Promise<void> {
    const left = new Map(this.#sets.get(set) ?? []);
    for (const member of members) left.delete(member);
    if (left.size === 0) this.#sets.delete(set);
    else this.#sets.set(set, left, this.#sets.untilMs(set) - this.#clock.now());
  }

  async members(set: string): Promise<string[]> {
    const now = this.#clock.now();
    return [...(this.#sets.get(set) ?? [])].filter(([, untilMs]) => untilMs > now).map(([member]) => member);
  }

  async note(key: string, { windowMs, most }: Window): Promise<number[]> {
    const times = [...this.#recent(key, windowMs), this.#clock.now()].slice(-most);
    this.#times.set(key, times, windowMs);
    return times;
  }

  async noted(key: string, windowMs: number): Promise<number[]> {
    return this.#recent(key, windowMs);
  }

  #recent(key: string, windowMs: number): number[] {
    const since = this.#clock.now() - windowMs;
    return (this.#times.get(key) ?? []).filter((atMs) => atMs > since);
  }

  async publish(channel: string, message: string): Promise<void> {
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(message);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  onConnection(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    for (const entries of [this.#values, this.#sets, this.#times]) entries.clear();
    this.#listeners.clear();
  }
}

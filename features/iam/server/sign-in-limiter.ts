import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { LRUCache } from 'lru-cache';

const windowMs = 10 * 60_000;
const perUser = 10;
// One address may stand for an office; it gets more tries than one name, but not any number.
const perAddress = 100;

/** Counts failed sign-ins by user and address, and by address. A stranger elsewhere cannot lock a user out. */
export class SignInLimiter {
  readonly #clock: Clock;
  readonly #failures = new LRUCache<string, number[]>({ max: 50_000 });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `TooManyRequests` when there were too many failures of late. */
  check(userName: string, sourceIp: string): void {
    const waits = [this.#waitMs(keyOf(userName, sourceIp), perUser), this.#waitMs(sourceIp, perAddress)];
    const waitMs = Math.max(...waits);
    if (waitMs <= 0) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new ApiError('TooManyRequests', 'too many failed sign-ins; try again later', {
      details: { retryAfterSeconds },
    });
  }

  failed(userName: string, sourceIp: string): void {
    for (const key of [keyOf(userName, sourceIp), sourceIp]) {
      this.#failures.set(key, [...this.#recent(key), this.#clock.now()].slice(-perAddress));
    }
  }

  succeeded(userName: string, sourceIp: string): void {
    this.#failures.delete(keyOf(userName, sourceIp));
  }

  #recent(key: string): number[] {
    const since = this.#clock.now() - windowMs;
    return (this.#failures.get(key) ?? []).filter((atMs) => atMs > since);
  }

  #waitMs(key: string, limit: number): number {
    const recent = this.#recent(key);
    if (recent.length < limit) return 0;
    return (recent.at(-limit) ?? 0) + windowMs - this.#clock.now();
  }
}

function keyOf(userName: string, sourceIp: string): string {
  return `${userName}\0${sourceIp}`;
}

import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import type { Cache } from '@kit/cache';

const windowMs = 10 * 60_000;
const perUser = 10;
// One address may stand for an office; it gets more tries than one name, but not any number.
const perAddress = 100;

/**
 * Counts failed sign-ins by user and address, and by address, over all replicas. A stranger elsewhere cannot lock a user
 * out.
 */
export class SignInLimiter {
  readonly #cache: Cache;
  readonly #clock: Clock;

  constructor(cache: Cache, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
  }

  /** Throws `TooManyRequests` when there were too many failures of late. */
  async check(userName: string, sourceIp: string): Promise<void> {
    const limits = [this.#waitMs(userKey(userName, sourceIp), perUser), this.#waitMs(addressKey(sourceIp), perAddress)];
    const waitMs = Math.max(...(await Promise.all(limits)));
    if (waitMs <= 0) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new ApiError('TooManyRequests', 'too many failed sign-ins; try again later', {
      details: { retryAfterSeconds },
    });
  }

  async failed(userName: string, sourceIp: string): Promise<void> {
    const keys = [userKey(userName, sourceIp), addressKey(sourceIp)];
    await Promise.all(keys.map((key) => this.#cache.note(key, { windowMs, most: perAddress })));
  }

  async succeeded(userName: string, sourceIp: string): Promise<void> {
    await this.#cache.remove([userKey(userName, sourceIp)]);
  }

  async #waitMs(key: string, limit: number): Promise<number> {
    const recent = await this.#cache.noted(key, windowMs);
    if (recent.length < limit) return 0;
    return (recent.at(-limit) ?? 0) + windowMs - this.#clock.now();
  }
}

// A name is what a stranger typed: as JSON it cannot run into the address.
function userKey(userName: string, sourceIp: string): string {
  return `failed/user/${JSON.stringify([userName, sourceIp])}`;
}

function addressKey(sourceIp: string): string {
  return `failed/address/${sourceIp}`;
}

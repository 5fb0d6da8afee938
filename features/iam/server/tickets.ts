import { createHash, randomBytes } from 'node:crypto';
import type { Cache } from '@kit/cache';

/**
 * What a ticket is for: an authorization code, a sign-in that still lacks its second factor, one that is away at an
 * identity provider, or an identity without an account yet. One kind is never taken for another.
 */
export type TicketPurpose =
  'code' | 'used-code' | 'second-factor' | 'provider' | 'registration' | 'registered' | 'totp-setup';

/**
 * Secrets handed out to be brought back once, soon. Only their hashes are kept, with what they stand for; taking one
 * removes it in the same step, so of two who bring it at the same moment, on whatever replica, one comes too late.
 */
export class Tickets {
  readonly #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** A new ticket that stands for `value` until `lifeMs` from now. */
  async make(purpose: TicketPurpose, value: object, lifeMs: number): Promise<string> {
    const ticket = randomBytes(32).toString('base64url');
    await this.put(purpose, ticket, { value, lifeMs });
    return ticket;
  }

  /** The same, under a name that the caller has already. */
  async put(
    purpose: TicketPurpose,
    ticket: string,
    { value, lifeMs }: { readonly value: object; readonly lifeMs: number },
  ): Promise<void> {
    await this.#cache.set(keyOf(purpose, ticket), JSON.stringify(value), lifeMs);
  }

  /** What the ticket stands for, which it does no longer; `undefined` for one that is unknown, used or too old. */
  async take<T>(purpose: TicketPurpose, ticket: string): Promise<T | undefined> {
    return valueOf<T>(await this.#cache.take(keyOf(purpose, ticket)));
  }

  /** The same without using the ticket up. */
  async look<T>(purpose: TicketPurpose, ticket: string): Promise<T | undefined> {
    return valueOf<T>(await this.#cache.get(keyOf(purpose, ticket)));
  }
}

function valueOf<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T); // as `put` wrote it for this purpose
}

function keyOf(purpose: TicketPurpose, ticket: string): string {
  return `ticket/${createHash('sha256').update(`${purpose}\0${ticket}`).digest('base64url')}`;
}

import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@kit/base';
import type { Store } from '@kit/store';
import type { Kysely } from 'kysely';

/**
 * What a ticket is for: an authorization code, a sign-in that still lacks its second factor, one that is away at an
 * identity provider, or an identity without an account yet. One kind is never taken for another.
 */
export type TicketPurpose =
  'code' | 'used-code' | 'second-factor' | 'provider' | 'registration' | 'registered' | 'totp-setup';

interface TicketTable {
  iam_tickets: { id: string; purpose: string; value: string; expires_ms: number };
}

/**
 * Secrets handed out to be brought back once, soon. Only their hashes are stored, with what they stand for; taking one
 * removes it in the same step, so of two who bring it at the same moment one comes too late.
 */
export class Tickets {
  readonly #db: Kysely<TicketTable>;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#db = store.db as Kysely<TicketTable>; // this feature's tables, made by its migrations
    this.#clock = clock;
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
    const now = this.#clock.now();
    await this.#db.deleteFrom('iam_tickets').where('expires_ms', '<=', now).execute();
    const row = { id: idOf(purpose, ticket), purpose, value: JSON.stringify(value), expires_ms: now + lifeMs };
    await this.#db
      .insertInto('iam_tickets')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ value: row.value, expires_ms: row.expires_ms }))
      .execute();
  }

  /** What the ticket stands for, which it does no longer; `undefined` for one that is unknown, used or too old. */
  async take<T>(purpose: TicketPurpose, ticket: string): Promise<T | undefined> {
    const row = await this.#db
      .deleteFrom('iam_tickets')
      .where('id', '=', idOf(purpose, ticket))
      .returningAll()
      .executeTakeFirst();
    return row && row.expires_ms > this.#clock.now() ? (JSON.parse(row.value) as T) : undefined; // as `put` wrote it for this purpose
  }

  /** The same without using the ticket up. */
  async look<T>(purpose: TicketPurpose, ticket: string): Promise<T | undefined> {
    const row = await this.#db
      .selectFrom('iam_tickets')
      .selectAll()
      .where('id', '=', idOf(purpose, ticket))
      .where('expires_ms', '>', this.#clock.now())
      .executeTakeFirst();
    return row && (JSON.parse(row.value) as T); // as `put` wrote it for this purpose
  }
}

function idOf(purpose: TicketPurpose, ticket: string): string {
  return createHash('sha256').update(`${purpose}\0${ticket}`).digest('base64url');
}

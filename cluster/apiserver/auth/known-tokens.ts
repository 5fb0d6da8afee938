import { createHash } from 'node:crypto';
import type { VerifiedToken } from './service-account-tokens.ts';
import { issuer } from './service-account-tokens.ts';
import type { TokenAuthenticator } from './token-authenticator.ts';

/** A token that was agreed before the start, as a line of `--token-auth-file` of a real API server. */
export interface KnownToken {
  readonly token: string;
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

/** Looked up by digest: how long that takes tells nothing of the tokens. */
const digest = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Believes the tokens it is given, for as long as it lives; they are for whatever audience the server is for. */
export class KnownTokens implements TokenAuthenticator {
  readonly #byDigest: ReadonlyMap<string, KnownToken>;

  constructor(tokens: readonly KnownToken[]) {
    this.#byDigest = new Map(tokens.map((known) => [digest(known.token), known]));
  }

  verify(token: string, audiences: readonly string[] = [issuer]): VerifiedToken | undefined {
    const known = this.#byDigest.get(digest(token));
    if (!known || !audiences.includes(issuer)) return undefined;
    const { user: name, uid, groups = [] } = known;
    return { caller: { name, uid, groups: [...groups, 'system:authenticated'] }, audiences: [issuer] };
  }
}

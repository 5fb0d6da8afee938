import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { SignJWT, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';

export const issuer = 'kubesphere';
export type TokenKind = 'access_token' | 'refresh_token';

export interface TokenClaims {
  readonly userName: string;
  readonly sessionId: string;
  readonly kind: TokenKind;
  readonly expiresMs: number;
  /** What a client that reads its tokens finds beside the name: the identity of a person without an account yet. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Makes and reads the platform's tokens: HS256, claims as KubeSphere 3.4 writes them, and the session they hang on. */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  // A signature that held once holds always; expiry and session are looked at on every use.
  readonly #verified = new LRUCache<string, TokenClaims>({ max: 10_000 });

  constructor(key: Uint8Array, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  async issue(claims: Omit<TokenClaims, 'expiresMs'>, lifeMs: number): Promise<string> {
    const nowS = Math.floor(this.#clock.now() / 1000);
    const extra = claims.extra ? { extra: claims.extra } : {};
    return new SignJWT({ username: claims.userName, token_type: claims.kind, sid: claims.sessionId, ...extra })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(claims.userName)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + Math.floor(lifeMs / 1000))
      .setJti(crypto.randomUUID())
      .sign(this.#key);
  }

  /** The claims of a token of ours that has not expired; throws `Unauthorized`. */
  async read(token: string): Promise<TokenClaims> {
    const claims = this.#verified.get(token) ?? (await this.#verify(token));
    if (claims.expiresMs <= this.#clock.now()) throw new ApiError('Unauthorized', 'the token has expired');
    return claims;
  }

  async #verify(token: string): Promise<TokenClaims> {
    const options = { algorithms: ['HS256'], issuer, currentDate: new Date(0), requiredClaims: ['exp', 'sid', 'sub'] };
    const { payload } = await jwtVerify(token, this.#key, options).catch((cause: unknown) => {
      throw new ApiError('Unauthorized', 'the token is not one of this platform', { cause });
    });
    const claims: TokenClaims = {
      userName: payload.sub ?? '',
      sessionId: String(payload['sid']),
      kind: payload['token_type'] === 'refresh_token' ? 'refresh_token' : 'access_token',
      expiresMs: (payload.exp ?? 0) * 1000,
    };
    this.#verified.set(token, claims);
    return claims;
  }
}

import { createHash } from 'node:crypto';
import { compactVerify, createRemoteJWKSet, customFetch, errors } from 'jose';
import type { CompactJWSHeaderParameters, CryptoKey, JWTVerifyGetKey } from 'jose';
import type { ServerMetadata } from 'openid-client';
import { unproved, unreachable } from './provider-fetch.ts';

/** What came with a code: the id_token, and the access token that it may speak for. */
export interface CheckedTokens {
  readonly id_token?: string | undefined;
  readonly access_token: string;
}

/** Throws `Unauthorized` unless a key of the provider has signed the id_token, and for this access token. */
export type IdTokenCheck = (tokens: CheckedTokens) => Promise<void>;

const hashes: Readonly<Record<string, string>> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  RS384: 'sha384',
  PS384: 'sha384',
  ES384: 'sha384',
  RS512: 'sha512',
  PS512: 'sha512',
  ES512: 'sha512',
  EdDSA: 'sha512',
  Ed25519: 'sha512',
};

/**
 * The signature of a provider's id_tokens. The protocol lets a client that got the token over TLS leave it out; it is
 * checked here, so that whoever stands in for the provider's token endpoint makes nobody. What the token says is checked by
 * whoever exchanged the code. Keys are asked for again whenever one is not known: the provider may have changed them just now.
 */
export function idTokenCheck(server: ServerMetadata, call: typeof fetch): IdTokenCheck {
  const address = server.jwks_uri;
  if (address === undefined) throw new Error('the discovery document names no keys (jwks_uri)');
  const keys = createRemoteJWKSet(new URL(address), { [customFetch]: call, cooldownDuration: 0 });
  const offered = server.id_token_signing_alg_values_supported ?? ['RS256'];
  const algorithms = Object.keys(hashes).filter((one) => offered.includes(one));
  return async ({ id_token: token = '', access_token: accessToken }) => {
    const header = await verify(token, keys, algorithms).catch((error: unknown) => {
      throw isNoAnswer(error) ? unreachable(error) : unproved(error);
    });
    checkAccessTokenHash(token, header.alg, accessToken);
  };
}

async function verify(token: string, keys: JWTVerifyGetKey, algorithms: string[]): Promise<CompactJWSHeaderParameters> {
  try {
    return (await compactVerify(token, keys, { algorithms })).protectedHeader;
  } catch (error) {
    // A token that names no key, of a provider with several.
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyByAny(token, error, algorithms);
    throw error;
  }
}

async function verifyByAny(token: string, keys: AsyncIterable<CryptoKey>, algorithms: string[]) {
  for await (const key of keys) {
    const found = await compactVerify(token, key, { algorithms }).catch(() => undefined);
    if (found) return found.protectedHeader;
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** The library's failures have codes of their own; a key set that cannot be had is none of the token's. */
function isNoAnswer(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error.code === 'ERR_JOSE_GENERIC' || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid
  );
}

/** OpenID Connect Core, 3.1.3.8: where the token says which access token it came with, it is that one. */
function checkAccessTokenHash(token: string, algorithm: string, accessToken: string): void {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { at_hash: expected } = JSON.parse(payload) as { at_hash?: unknown }; // a JSON object: its claims have been read before
  if (expected === undefined) return;
  const digest = createHash(hashes[algorithm] ?? 'sha256')
    .update(accessToken)
    .digest();
  if (expected !== digest.subarray(0, digest.length / 2).toString('base64url'))
    throw unproved(new Error('at_hash of the id_token does not fit the access token'));
}

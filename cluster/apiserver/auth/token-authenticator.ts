import type { VerifiedToken } from './service-account-tokens.ts';

/** Knows some bearer tokens; `undefined` is its word for one that it does not know. */
export interface TokenAuthenticator {
  verify(token: string, audiences?: readonly string[]): Promise<VerifiedToken | undefined> | VerifiedToken | undefined;
}

/** Asks one after the other whose token it is. */
export async function verifyToken(
  authenticators: readonly TokenAuthenticator[],
  token: string,
  audiences?: readonly string[],
): Promise<VerifiedToken | undefined> {
  for (const authenticator of authenticators) {
    const verified = await authenticator.verify(token, audiences);
    if (verified) return verified;
  }
  return undefined;
}

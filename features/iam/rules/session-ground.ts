import type { IdentityProviderConfig, OAuthClient } from './sign-in-settings.ts';

/** What a session rests on beside its user. */
export interface Grounds {
  /** The OAuth client it was opened for. */
  readonly client: string;
  /** Of an OAuth client's sign-in: what was granted. */
  readonly scopes?: readonly string[];
  /** Who vouched for the user. */
  readonly provider?: string;
}

interface Known {
  readonly providers: readonly Pick<IdentityProviderConfig, 'name'>[];
  readonly clients: readonly Pick<OAuthClient, 'name'>[];
}

/** Why a session is over although its user is not: who vouched for it, or whom it was given to, is gone. */
export function lostGround({ client, scopes, provider }: Grounds, { providers, clients }: Known): string | undefined {
  if (provider !== undefined && !providers.some(({ name }) => name === provider))
    return `identity provider "${provider}", which vouched for you, is not trusted any more`;
  if (scopes !== undefined && !clients.some(({ name }) => name === client))
    return `application "${client}", which this token was given to, is not known any more`;
  return undefined;
}

import type { OAuthClient } from './sign-in-settings.ts';
import { apiScope } from './session-scope.ts';

/** The parameters of `/oauth/authorize` (RFC 6749, RFC 7636, OpenID Connect Core), as they came. */
export interface AuthorizeParameters {
  readonly response_type?: string;
  readonly client_id?: string;
  readonly redirect_uri?: string;
  readonly scope?: string;
  readonly state?: string;
  readonly nonce?: string;
  readonly prompt?: string;
  readonly code_challenge?: string;
  readonly code_challenge_method?: string;
}

/** What is asked for, once it has been found in order. */
export interface AuthorizeRequest {
  readonly scopes: readonly string[];
  readonly nonce?: string;
  readonly challenge?: string;
}

/** Why not, in the words of RFC 6749; told to the client at its own address. */
export interface AuthorizeProblem {
  readonly error: string;
  readonly description: string;
}

export const knownScopes = ['openid', 'profile', 'email', 'groups', 'offline_access', apiScope];

/** Checks what a client, whose name and address are known to fit, asks for. */
export function readAuthorizeRequest(
  client: OAuthClient,
  parameters: AuthorizeParameters,
): AuthorizeRequest | AuthorizeProblem {
  const { response_type: type, prompt, nonce, code_challenge: challenge } = parameters;
  if (client.grantMethod === 'deny') return problem('access_denied', 'this client gets no codes');
  if (type !== 'code')
    return problem(
      'unsupported_response_type',
      'only codes are given out; a token in an address would be read by others',
    );
  if (prompt?.split(' ').includes('none'))
    return problem('interaction_required', 'signing in always shows a page of the platform');
  const pkce = pkceProblem(client, parameters);
  if (pkce) return pkce;
  const asked = (parameters.scope ?? 'openid').split(' ').filter((one) => one !== '');
  const refused = scopeProblem(client, asked);
  if (refused) return refused;
  return { scopes: asked, ...(nonce ? { nonce } : {}), ...(challenge ? { challenge } : {}) };
}

function scopeProblem({ scopeRestrictions }: OAuthClient, asked: readonly string[]): AuthorizeProblem | undefined {
  const unknown = asked.find((one) => !knownScopes.includes(one));
  if (unknown !== undefined) return problem('invalid_scope', `there is no scope "${unknown}"`);
  const refused = asked.find((one) => scopeRestrictions && !scopeRestrictions.includes(one));
  return refused === undefined ? undefined : problem('invalid_scope', `this client is not given scope "${refused}"`);
}

function pkceProblem(client: OAuthClient, parameters: AuthorizeParameters): AuthorizeProblem | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = parameters;
  if (challenge === undefined) {
    return client.secret
      ? undefined
      : problem('invalid_request', 'a client without a secret uses PKCE: code_challenge');
  }
  if (method !== 'S256') return problem('invalid_request', 'code_challenge_method is S256');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return problem('invalid_request', 'code_challenge is the SHA-256 of the verifier in base64url');
  return undefined;
}

function problem(error: string, description: string): AuthorizeProblem {
  return { error, description };
}

import { createHash } from 'node:crypto';
import type { KubeClient } from '@kit/kube';
import type { Clock } from '@kit/base';
import type { UserObject } from '../contract/index.ts';
import { builtInClient } from '../rules/sign-in-settings.ts';
import type { OAuthClient } from '../rules/sign-in-settings.ts';
import type { FinishSignIn } from './finish-sign-in.ts';
import { maxIdTokenMs } from './id-token-keys.ts';
import type { IdTokenKeys } from './id-token-keys.ts';
import type { IdentityMapping } from './identity-mapping.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignIn } from './sign-in.ts';
import type { Tickets } from './tickets.ts';
import type { Tokens } from './tokens.ts';

/** What the OAuth endpoints share. */
export interface OauthParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  readonly finish: FinishSignIn;
  readonly config: SignInConfig;
  readonly tickets: Tickets;
  readonly idTokenKeys: IdTokenKeys;
  readonly mapping: IdentityMapping;
}

/** The answer of the token endpoint. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly id_token?: string;
  readonly scope?: string;
}

/** How long the tokens of a client live. A refresh token lives some time longer than what it renews, and carries the session. */
export interface Lifetimes {
  readonly accessMs: number;
  readonly refreshMs: number;
}

export async function lifetimesOf(config: SignInConfig, client: OAuthClient): Promise<Lifetimes> {
  const settings = await config.settings();
  const accessMs = (client.accessTokenMaxAge ?? settings.accessTokenMaxAge) * 1000;
  const idleMs = (client.accessTokenInactivityTimeout ?? settings.accessTokenInactivityTimeout) * 1000;
  return { accessMs, refreshMs: accessMs + idleMs };
}

export interface Issuing {
  readonly session: Session;
  readonly user: UserObject;
  readonly client: OAuthClient;
  readonly lifetimes: Lifetimes;
  /** Who signs the id_token, as the client knows it; absent: no id_token. */
  readonly issuer?: string;
  readonly nonce?: string;
}

/** Tokens for a session: an access token and a refresh token, and an id_token for who asked for `openid`. */
export async function issueTokens(parts: OauthParts, issuing: Issuing): Promise<TokenAnswer> {
  const { session, lifetimes, client } = issuing;
  const claims = { userName: session.userName, sessionId: session.id };
  const { scopes } = session.about;
  const isOpenId = scopes?.includes('openid') && client.name !== builtInClient.name;
  const accessToken = await parts.tokens.issue({ ...claims, kind: 'access_token' }, lifetimes.accessMs);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    refresh_token: await parts.tokens.issue({ ...claims, kind: 'refresh_token' }, lifetimes.refreshMs),
    expires_in: Math.floor(lifetimes.accessMs / 1000),
    ...(isOpenId ? { id_token: await idToken(parts, issuing, accessToken) } : {}),
    ...(scopes ? { scope: scopes.join(' ') } : {}),
  };
}

async function idToken(
  { idTokenKeys, clock }: OauthParts,
  { session, user, ...rest }: Issuing,
  accessToken: string,
): Promise<string> {
  const { client, lifetimes, issuer, nonce } = rest;
  const nowS = Math.floor(clock.now() / 1000);
  return idTokenKeys.sign(
    {
      iss: issuer ?? '',
      aud: client.name,
      iat: nowS,
      exp: nowS + Math.floor(Math.min(lifetimes.accessMs, maxIdTokenMs) / 1000),
      at_hash: halfHash(accessToken),
      auth_time: Math.floor(session.createdMs / 1000),
      sid: session.id,
      ...(nonce ? { nonce } : {}),
      ...identityClaims(user, session.about.scopes ?? []),
    },
    client.idTokenSignedResponseAlg ?? 'RS256',
  );
}

/** Ties an id_token to its access token (OpenID Connect Core, 3.1.3.6); both of our algorithms hash by SHA-256. */
function halfHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}

/** What a token or an answer says of a user, by the scopes that were given. */
export function identityClaims(
  { metadata, spec }: UserObject,
  scopes: readonly string[],
): Record<string, unknown> & { readonly sub: string } {
  const { name } = metadata;
  return {
    sub: name,
    ...(scopes.includes('profile')
      ? { preferred_username: name, name: spec.displayName ?? name, ...(spec.lang ? { locale: spec.lang } : {}) }
      : { preferred_username: name }),
    ...(scopes.includes('email') ? { email: spec.email } : {}),
    ...(scopes.includes('groups') ? { groups: outsideGroups(spec.groups) } : {}),
  };
}

/** Groups as others are told them. What begins with `system:` means something to Kubernetes, and nobody is given it here. */
export function outsideGroups(groups: readonly string[] = []): string[] {
  return groups.filter((group) => !group.startsWith('system:'));
}

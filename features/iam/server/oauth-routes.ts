import { ApiError, isApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Permission, Route, RouteRequest, User } from '@kit/http';
import type { JWTPayload } from 'jose';
import { Type } from 'typebox';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { knownScopes } from '../rules/authorize-request.ts';
import type { OAuthClient } from '../rules/sign-in-settings.ts';
import { sessionOf, userOfToken } from './authenticate.ts';
import type { AuthenticateDeps } from './authenticate.ts';
import { issuerOf } from './issuer.ts';
import { authorizeRoutes } from './oauth-authorize-routes.ts';
import { tokenRoute } from './oauth-token-route.ts';
import type { TokenRouteDeps } from './oauth-token-route.ts';
import { identityClaims, outsideGroups } from './token-issue.ts';

export interface OauthDeps extends TokenRouteDeps {
  readonly authentication: AuthenticateDeps;
}

const tag = 'Sign-in';
const ownSession: Permission = { by: 'signedIn', why: 'acts on the caller’s own session only' };

/** The OAuth and OpenID Connect part of KubeSphere's API: everything below `/oauth` but identity providers. */
export function oauthRoutes(deps: OauthDeps): Route[] {
  return [
    tokenRoute(deps),
    ...authorizeRoutes(deps),
    ...logoutRoutes(deps),
    ...userInfoRoutes(deps),
    discoveryRoute(deps),
    keysRoute(deps),
    tokenReviewRoute(deps.authentication),
  ];
}

const logoutQuery = Type.Object({
  id_token_hint: Type.Optional(Type.String({ maxLength: 8192 })),
  post_logout_redirect_uri: Type.Optional(Type.String({ maxLength: 2048 })),
  state: Type.Optional(Type.String({ maxLength: 2048 })),
});

function logoutRoutes(deps: OauthDeps): Route[] {
  return (['GET', 'POST'] as const).map((method) =>
    defineRoute({
      method,
      path: '/oauth/logout',
      scope: 'none',
      permission: { by: 'open', why: 'ends only the session of the token it is shown, which others do not have' },
      summary: 'End the session of the token in use, or of an id_token, and go back to the application',
      tag,
      query: logoutQuery,
      responses: { 200: Type.Object({ message: Type.Literal('success') }), 302: Type.Undefined() },
      handle: ({ query, headers }) => logOut(deps, query, headers),
    }),
  );
}

interface LogoutQuery {
  readonly id_token_hint?: string;
  readonly post_logout_redirect_uri?: string;
  readonly state?: string;
}

async function logOut(deps: OauthDeps, query: LogoutQuery, headers: RouteRequest['headers']): Promise<unknown> {
  const { id_token_hint: hint, post_logout_redirect_uri: back } = query;
  const claims = hint === undefined ? undefined : await hinted(deps, hint);
  const sessionId = claims ? String(claims['sid']) : await sessionOfBearer(deps, headers.authorization);
  const parent = (await deps.sessions.find(sessionId))?.about.parent;
  if (parent !== undefined) await deps.sessions.end(parent);
  await deps.sessions.end(sessionId);
  if (back === undefined) return { message: 'success' };
  const client = claims && (await deps.config.client(String(claims.aud)));
  return leave(client, back, query.state);
}

async function hinted({ idTokenKeys }: OauthDeps, hint: string): Promise<JWTPayload> {
  const claims = await idTokenKeys.read(hint);
  if (!claims) throw new ApiError('BadRequest', 'id_token_hint is not an id_token of this platform');
  return claims;
}

/** Back to the application, at an address that it has registered for this. */
function leave(client: OAuthClient | undefined, back: string, state: string | undefined): Reply {
  if (!client?.postLogoutRedirectURIs?.includes(back))
    throw new ApiError('BadRequest', 'post_logout_redirect_uri is not registered for the client of id_token_hint');
  const query = state ? `${back.includes('?') ? '&' : '?'}${new URLSearchParams({ state }).toString()}` : '';
  return new Reply(302, undefined, { location: `${back}${query}` });
}

async function sessionOfBearer({ tokens }: OauthDeps, header = ''): Promise<string> {
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined)
    throw new ApiError('Unauthorized', 'say whose session ends: send its token or an id_token_hint');
  return (await tokens.read(token)).sessionId;
}

/** By both methods, as OpenID Connect Core, 5.3.1 wants it. */
function userInfoRoutes(deps: OauthDeps): Route[] {
  return (['GET', 'POST'] as const).map((method) => userInfoRoute(deps, method));
}

function userInfoRoute({ kube, sessions }: OauthDeps, method: 'GET' | 'POST'): Route {
  return defineRoute({
    method,
    path: '/oauth/userinfo',
    scope: 'none',
    permission: ownSession,
    summary: 'Say who the token in use belongs to',
    tag,
    responses: { 200: Type.Object({ sub: Type.String(), preferred_username: Type.String() }) },
    handle: async ({ user }) => {
      const found = await kube.get<UserObject>(iamTypes.users, { name: user.name });
      const session = await sessions.find(sessionOf(user) ?? '');
      return identityClaims(found, scopesOf(session?.about.scopes));
    },
  });
}

/** A session of the platform's own shows everything; one of a client what it was given. */
function scopesOf(scopes: readonly string[] | undefined): readonly string[] {
  return scopes ?? ['profile', 'email', 'groups'];
}

function discoveryRoute({ config }: OauthDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/.well-known/openid-configuration',
    scope: 'none',
    permission: { by: 'open', why: 'says which endpoints there are, and nothing else' },
    summary: 'What this OpenID provider offers',
    tag,
    responses: { 200: Type.Object({ issuer: Type.String() }) },
    handle: async ({ headers }) => {
      const issuer = await issuerOf(config, headers.host);
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/keys`,
        end_session_endpoint: `${issuer}/logout`,
        grant_types_supported: ['authorization_code', 'refresh_token', 'password'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'ES256'],
        code_challenge_methods_supported: ['S256'],
        scopes_supported: knownScopes,
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
        claims_supported: [
          ...['iss', 'sub', 'aud', 'iat', 'exp', 'auth_time', 'nonce', 'sid', 'at_hash'],
          ...['name', 'email', 'groups', 'preferred_username', 'locale'],
        ],
      };
    },
  });
}

function keysRoute({ idTokenKeys }: OauthDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/keys',
    scope: 'none',
    permission: { by: 'open', why: 'public keys are for everybody' },
    summary: 'The public keys of id_tokens',
    tag,
    responses: { 200: Type.Object({ keys: Type.Array(Type.Object({ kid: Type.String() })) }) },
    handle: () => idTokenKeys.published(),
  });
}

const review = Type.Object({
  apiVersion: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  spec: Type.Object({ token: Type.Optional(Type.String({ maxLength: 8192 })) }),
});

function tokenReviewRoute(deps: AuthenticateDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/oauth/authenticate',
    scope: 'none',
    permission: {
      by: 'open',
      why: 'says only to who already has a token whose it is; API servers have no credential here',
    },
    summary: 'Review a token for a Kubernetes API server (webhook token authentication)',
    tag,
    body: review,
    responses: {
      200: Type.Object({ kind: Type.Literal('TokenReview'), status: Type.Object({ authenticated: Type.Boolean() }) }),
    },
    handle: async ({ body, sourceIp }) => {
      const apiVersion = body.apiVersion ?? 'authentication.k8s.io/v1';
      const status = await reviewed(deps, body.spec.token ?? '', sourceIp);
      return { apiVersion, kind: 'TokenReview', status };
    },
  });
}

async function reviewed(deps: AuthenticateDeps, token: string, sourceIp: string): Promise<object> {
  try {
    // Judged as a write to Kubernetes outside of every workspace: a token with limits is refused, since an API server
    // that asks here would not hold it to them.
    const user = await userOfToken(deps, token, { method: 'POST', url: '/api/v1/nodes', sourceIp });
    return { authenticated: true, user: await reviewedUser(deps, user) };
  } catch (error) {
    if (isApiError(error, 'Unauthorized') || isApiError(error, 'Forbidden'))
      return { authenticated: false, error: error.message };
    throw error;
  }
}

async function reviewedUser({ kube }: AuthenticateDeps, user: User): Promise<object> {
  const found = await kube.find<UserObject>(iamTypes.users, { name: user.name });
  if (!found) throw new ApiError('Unauthorized', 'the token is of nobody with an account');
  return { username: user.name, uid: found.metadata.uid, groups: outsideGroups(found.spec.groups) };
}

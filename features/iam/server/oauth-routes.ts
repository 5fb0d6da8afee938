import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Permission, Route, RouteRequest } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { sessionOf } from './authenticate.ts';
import * as schemas from './schemas.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import type { Tokens } from './tokens.ts';
import { issuer } from './tokens.ts';

export interface OauthDeps {
  readonly kube: KubeClient;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  readonly lifetimes: Lifetimes;
}

/** How long tokens live. A refresh token lives as long again as the access token it renews, and carries its session. */
export interface Lifetimes {
  readonly accessMs: number;
  readonly refreshMs: number;
}

export const defaultLifetimes: Lifetimes = { accessMs: 2 * 3_600_000, refreshMs: 4 * 3_600_000 };

const tag = 'Sign-in';
const open: Permission = {
  by: 'open',
  why: 'this is where a credential is proved; failures are counted and slowed down',
};
const ownSession: Permission = { by: 'signedIn', why: 'acts on the caller’s own session only' };

const tokenForm = Type.Object({
  grant_type: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  username: Type.Optional(Type.String({ maxLength: 254 })),
  password: Type.Optional(Type.String({ maxLength: 1024 })),
  refresh_token: Type.Optional(Type.String()),
});
type TokenForm = Static<typeof tokenForm>;

const tokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  refresh_token: Type.String(),
  expires_in: Type.Integer(),
});
const oauthError = Type.Object({ error: Type.String(), error_description: Type.Optional(Type.String()) });

/** The OAuth part of KubeSphere's API: `/oauth/token`, `/oauth/logout`, `/oauth/userinfo` and what they are. */
export function oauthRoutes(deps: OauthDeps): Route[] {
  return [tokenRoute(deps), ...logoutRoutes(deps), userInfoRoute(deps), discoveryRoute()];
}

function tokenRoute(deps: OauthDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/oauth/token',
    scope: 'none',
    permission: open,
    summary: 'Get a token by password, or a new one by a refresh token',
    tag,
    form: true,
    body: tokenForm,
    responses: { 200: tokenAnswer, 400: oauthError, 401: oauthError, 429: oauthError },
    handle: async (request) => {
      if (clientOf(request) !== 'kubesphere') return refuse(401, 'invalid_client', 'the OAuth client was not found');
      if (request.body.grant_type === 'password') return byPassword(deps, request);
      if (request.body.grant_type === 'refresh_token') return byRefreshToken(deps, request.body);
      return refuse(400, 'unsupported_grant_type');
    },
  });
}

type TokenRequest = Pick<RouteRequest, 'headers' | 'sourceIp'> & { readonly body: TokenForm };

/** The client's name, from the form or from Basic authentication. It is a public client: its secret proves nothing. */
function clientOf({ headers, body }: TokenRequest): string {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const name = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0];
  return body.client_id ?? name ?? 'kubesphere';
}

async function byPassword(
  { signIn, sessions, tokens, lifetimes }: OauthDeps,
  { body, headers, sourceIp }: TokenRequest,
): Promise<unknown> {
  const { username = '', password = '' } = body;
  const attempt = { username, password, sourceIp, userAgent: headers['user-agent'] ?? '', type: 'Token' };
  const result = await signIn(attempt).catch((error: unknown) => {
    if (error instanceof ApiError && error.reason === 'TooManyRequests') return tooMany(error);
    throw error;
  });
  if (result instanceof Reply) return result;
  if (!result.ok) return refuse(400, 'invalid_grant', result.why);
  const { name, uid = '' } = result.user.metadata;
  return issue(tokens, await sessions.open({ name, uid }, lifetimes.refreshMs), lifetimes);
}

async function byRefreshToken(
  { sessions, tokens, lifetimes, kube }: OauthDeps,
  { refresh_token: token = '' }: TokenForm,
): Promise<unknown> {
  const claims = await tokens.read(token).catch((error: unknown) => {
    if (error instanceof ApiError && error.reason === 'Unauthorized') return undefined;
    throw error;
  });
  if (claims?.kind !== 'refresh_token')
    return refuse(400, 'invalid_grant', 'this is not a refresh token that can be used');
  const session = sessions.find(claims.sessionId);
  const user = session && (await kube.find<UserObject>(iamTypes.users, { name: session.userName }));
  if (!session || user?.metadata.uid !== session.userUid) return refuse(400, 'invalid_grant', 'the session has ended');
  if (user.status?.state === 'Disabled') return refuse(400, 'invalid_grant', 'account is not active');
  await sessions.extend(session, lifetimes.refreshMs);
  return issue(tokens, session, lifetimes);
}

async function issue(
  tokens: Tokens,
  session: Session,
  { accessMs, refreshMs }: Lifetimes,
): Promise<Static<typeof tokenAnswer>> {
  const claims = { userName: session.userName, sessionId: session.id };
  return {
    access_token: await tokens.issue({ ...claims, kind: 'access_token' }, accessMs),
    token_type: 'Bearer',
    refresh_token: await tokens.issue({ ...claims, kind: 'refresh_token' }, refreshMs),
    expires_in: Math.floor(accessMs / 1000),
  };
}

function refuse(status: number, error: string, description?: string): Reply {
  return new Reply(status, { error, ...(description === undefined ? {} : { error_description: description }) });
}

function tooMany(error: ApiError): Reply {
  const body = { error: 'invalid_grant', error_description: error.message };
  return new Reply(429, body, { 'retry-after': String(error.details?.retryAfterSeconds ?? 60) });
}

function logoutRoutes({ sessions }: OauthDeps): Route[] {
  return (['GET', 'POST'] as const).map((method) =>
    defineRoute({
      method,
      path: '/oauth/logout',
      scope: 'none',
      permission: ownSession,
      summary: 'End the session of the token in use',
      tag,
      responses: { 200: schemas.success },
      handle: async ({ user }) => {
        const id = sessionOf(user);
        if (id !== undefined) await sessions.end(id);
        return { message: 'success' };
      },
    }),
  );
}

function userInfoRoute({ kube }: OauthDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/userinfo',
    scope: 'none',
    permission: ownSession,
    summary: 'Say who the token in use belongs to',
    tag,
    responses: {
      200: Type.Object({
        sub: Type.String(),
        name: Type.String(),
        email: Type.String(),
        preferred_username: Type.String(),
      }),
    },
    handle: async ({ user }) => {
      const { spec } = await kube.get<UserObject>(iamTypes.users, { name: user.name });
      const locale = spec.lang === undefined ? {} : { locale: spec.lang };
      return { sub: user.name, name: user.name, email: spec.email, preferred_username: user.name, ...locale };
    },
  });
}

function discoveryRoute(): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/.well-known/openid-configuration',
    scope: 'none',
    permission: { by: 'open', why: 'says which endpoints there are, and nothing else' },
    summary: 'What this authorization server offers',
    tag,
    responses: { 200: Type.Object({ issuer: Type.String() }) },
    handle: () => ({
      issuer,
      token_endpoint: '/oauth/token',
      userinfo_endpoint: '/oauth/userinfo',
      end_session_endpoint: '/oauth/logout',
      grant_types_supported: ['password', 'refresh_token'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      claims_supported: ['sub', 'name', 'email', 'preferred_username', 'locale'],
    }),
  });
}

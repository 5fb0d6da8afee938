import { createHash } from 'node:crypto';
import { ApiError, isApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest } from '@kit/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { iamTypes, preRegistrationUser } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { lostGround } from '../rules/session-ground.ts';
import { builtInClient } from '../rules/sign-in-settings.ts';
import type { OAuthClient } from '../rules/sign-in-settings.ts';
import type { Finished, Proved } from './finish-sign-in.ts';
import { issuerOf } from './issuer.ts';
import { clientOf, isSame, refuse } from './oauth-client.ts';
import { openSession } from './open-session.ts';
import type { Session } from './sessions.ts';
import { issueTokens, lifetimesOf } from './token-issue.ts';
import type { OauthParts } from './token-issue.ts';

const tokenForm = Type.Object({
  grant_type: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String({ maxLength: 256 })),
  client_secret: Type.Optional(Type.String({ maxLength: 256 })),
  username: Type.Optional(Type.String({ maxLength: 254 })),
  password: Type.Optional(Type.String({ maxLength: 1024 })),
  /** With a password: the directory that is to be shown it. */
  provider: Type.Optional(Type.String({ maxLength: 64 })),
  refresh_token: Type.Optional(Type.String({ maxLength: 8192 })),
  code: Type.Optional(Type.String({ maxLength: 256 })),
  redirect_uri: Type.Optional(Type.String({ maxLength: 2048 })),
  code_verifier: Type.Optional(Type.String({ maxLength: 128 })),
  mfa_token: Type.Optional(Type.String({ maxLength: 256 })),
  otp: Type.Optional(Type.String({ maxLength: 32 })),
});

export const tokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  refresh_token: Type.String(),
  expires_in: Type.Integer(),
  id_token: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
});
export const oauthError = Type.Object({
  error: Type.String(),
  error_description: Type.Optional(Type.String()),
  /** With `mfa_required`: what to bring back with the code, as `grant_type=otp`. */
  mfa_token: Type.Optional(Type.String()),
});

/** What the token endpoint needs beside what all have: how a directory answers. */
export interface TokenRouteDeps extends OauthParts {
  readonly byDirectory: (provider: string, attempt: DirectoryAttempt) => Promise<unknown>;
}

export interface DirectoryAttempt {
  readonly username: string;
  readonly password: string;
  readonly otp?: string;
  readonly type: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}

type TokenRequest = Pick<RouteRequest, 'headers' | 'sourceIp'> & { readonly body: Static<typeof tokenForm> };
type Grant = (parts: TokenRouteDeps, request: TokenRequest, client: OAuthClient) => Promise<unknown>;

const grants: Readonly<Record<string, Grant>> = {
  password: byPassword,
  otp: byCodeOfApp,
  refresh_token: byRefreshToken,
  authorization_code: byCode,
  // KubeSphere 3.4 calls it so.
  code: byCode,
};

/** `POST /oauth/token`. */
export function tokenRoute(parts: TokenRouteDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/oauth/token',
    scope: 'none',
    permission: { by: 'open', why: 'this is where a credential is proved; failures are counted and slowed down' },
    summary: 'Get tokens by password, second factor, authorization code or refresh token',
    tag: 'Sign-in',
    form: true,
    body: tokenForm,
    responses: { 200: tokenAnswer, 400: oauthError, 401: oauthError, 429: oauthError },
    handle: async (request) => {
      const client = await clientOf(parts.config, request);
      if (client instanceof Reply) return client;
      const grant = Object.hasOwn(grants, request.body.grant_type ?? '')
        ? grants[request.body.grant_type ?? '']
        : undefined;
      if (!grant) return refuse(400, 'unsupported_grant_type');
      return grant(parts, request, client).catch(asOauth);
    },
  });
}

/** Refusals in the words of RFC 6749; what is nobody's fault stays what it is. */
export function asOauth(error: unknown): Reply {
  if (isApiError(error, 'TooManyRequests')) {
    const body = { error: 'invalid_grant', error_description: error.message };
    return new Reply(429, body, { 'retry-after': String(error.details?.retryAfterSeconds ?? 60) });
  }
  if (isApiError(error, 'Unauthorized')) return refuse(400, 'invalid_grant', error.message);
  throw error;
}

async function byPassword(parts: TokenRouteDeps, request: TokenRequest, client: OAuthClient): Promise<unknown> {
  const { body, headers, sourceIp } = request;
  if (client.name !== builtInClient.name)
    return refuse(400, 'unauthorized_client', 'this client gets codes; passwords are typed on the platform’s own page');
  const { username = '', password = '' } = body;
  const attempt = { sourceIp, userAgent: headers['user-agent'] ?? '', type: 'Token' };
  if (body.provider)
    return parts.byDirectory(body.provider, { ...attempt, username, password, ...(body.otp ? { otp: body.otp } : {}) });
  const result = await parts.signIn({ ...attempt, username, password });
  if (!result.ok) return refuse(400, 'invalid_grant', result.why);
  const finished = await parts.finish.afterPassword(result.user, attempt, client.name);
  return answerFinished(parts, finished, { client, otp: body.otp });
}

interface Finishing {
  readonly client: OAuthClient;
  /** The code, from a caller who sends it with the password. */
  readonly otp?: string | undefined;
}

/** Tokens, or what to bring a code with. */
export async function answerFinished(
  parts: OauthParts,
  finished: Finished,
  { client, otp }: Finishing,
): Promise<unknown> {
  if (finished.state === 'proved') return tokensFor(parts, finished.proved, client);
  if (otp) return tokensFor(parts, await parts.finish.withCode(finished.ticket, otp), client);
  const error_description = 'bring mfa_token back with the code as otp: grant_type=otp';
  return new Reply(400, { error: 'mfa_required', error_description, mfa_token: finished.ticket });
}

async function byCodeOfApp(parts: OauthParts, { body }: TokenRequest, client: OAuthClient): Promise<unknown> {
  if (client.name !== builtInClient.name) return refuse(400, 'unauthorized_client');
  const { mfa_token: ticket = '', otp = '' } = body;
  return tokensFor(parts, await parts.finish.withCode(ticket, otp), client);
}

/**
 * Opens a session of the platform's own API for who has proved everything. Where a second factor is required and there was
 * none, its tokens open nothing but setting one up: `sessionRefusal`.
 */
export async function tokensFor(parts: OauthParts, proved: Proved, client: OAuthClient): Promise<unknown> {
  const lifetimes = await lifetimesOf(parts.config, client);
  const session = await openSession(parts, proved, { lifeMs: lifetimes.refreshMs });
  return issueTokens(parts, { session, user: proved.user, client, lifetimes });
}

async function byRefreshToken(
  parts: OauthParts,
  { body, headers, sourceIp }: TokenRequest,
  client: OAuthClient,
): Promise<unknown> {
  const claims = await parts.tokens.read(body.refresh_token ?? '');
  if (claims.kind !== 'refresh_token') throw refused('this is not a refresh token that can be used');
  if (claims.userName === preRegistrationUser) return byRegistration(parts, claims.sessionId, { headers, sourceIp });
  const session = await parts.sessions.find(claims.sessionId);
  if (!session || (session.about.client || builtInClient.name) !== client.name) throw refused('the session has ended');
  const lost = lostGround(session.about, await parts.config.current());
  if (lost) throw refused(lost);
  const user = await userOfSession(parts, session);
  const lifetimes = await lifetimesOf(parts.config, client);
  await parts.sessions.extend(session, lifetimes.refreshMs);
  const issuer = session.about.scopes ? await issuerOf(parts.config, headers.host) : undefined;
  return issueTokens(parts, { session, user, client, lifetimes, ...(issuer ? { issuer } : {}) });
}

/** The token of a registration, once the account is made, becomes tokens of that account. */
async function byRegistration(
  parts: OauthParts,
  ticket: string,
  { headers, sourceIp }: Pick<TokenRequest, 'headers' | 'sourceIp'>,
): Promise<unknown> {
  const registered = await parts.mapping.registered(ticket);
  if (!registered) throw refused('this registration has not been finished, or has been used');
  const { name: userName, uid: userUid, provider, byPassword: isPassword } = registered;
  const user = await userOfSession(parts, { userName, userUid });
  const attempt = { type: 'OAuth', sourceIp, userAgent: headers['user-agent'] ?? '', provider };
  const how = { client: builtInClient.name, isPassword };
  return tokensFor(parts, await parts.finish.afterProvider(user, attempt, how), builtInClient);
}

async function userOfSession(
  { kube }: OauthParts,
  session: Pick<Session, 'userName' | 'userUid'>,
): Promise<UserObject> {
  const user = await kube.find<UserObject>(iamTypes.users, { name: session.userName });
  if (user?.metadata.uid !== session.userUid) throw refused('the session has ended');
  if (user.status?.state === 'Disabled') throw refused('account is not active');
  return user;
}

/** What a code stands for. */
export interface CodeGrant {
  readonly client: string;
  readonly redirectUri: string;
  readonly userName: string;
  readonly userUid: string;
  readonly scopes: readonly string[];
  readonly method: string;
  readonly provider?: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly issuer: string;
  readonly nonce?: string;
  readonly challenge?: string;
  /** The session in which it was approved. */
  readonly parent?: string;
}

const usedLifeMs = 3_600_000;

async function byCode(parts: OauthParts, { body }: TokenRequest, client: OAuthClient): Promise<unknown> {
  const { code = '' } = body;
  const grant = await parts.tickets.take<CodeGrant>('code', code);
  if (!grant) {
    await endReplayed(parts, code);
    throw refused('the code is not known, was used before, or is too old');
  }
  checkCode(grant, client, body);
  const { userName, userUid, scopes, method, provider, sourceIp, userAgent, parent, issuer, nonce } = grant;
  if (parent !== undefined && !(await parts.sessions.find(parent))) throw refused('the session has ended');
  const user = await userOfSession(parts, { userName, userUid });
  const lifetimes = await lifetimesOf(parts.config, client);
  const origin = { ...(parent ? { parent } : {}), ...(provider ? { provider } : {}) };
  const about = { method, client: client.name, sourceIp, userAgent, scopes, ...origin };
  const session = await parts.sessions.open({ name: userName, uid: userUid, about }, lifetimes.refreshMs);
  await parts.tickets.put('used-code', code, { value: { session: session.id }, lifeMs: usedLifeMs });
  return issueTokens(parts, { session, user, client, lifetimes, issuer, ...(nonce ? { nonce } : {}) });
}

/** A code brought twice was read by somebody else: what was given for it ends (RFC 6749, 4.1.2). */
async function endReplayed({ tickets, sessions }: OauthParts, code: string): Promise<void> {
  const used = await tickets.take<{ session: string }>('used-code', code);
  if (used) await sessions.end(used.session);
}

function checkCode(grant: CodeGrant, client: OAuthClient, body: Static<typeof tokenForm>): void {
  if (grant.client !== client.name) throw refused('the code was given to another client');
  if (grant.redirectUri !== body.redirect_uri) throw refused('redirect_uri is not the one the code was sent to');
  if (grant.challenge === undefined) return;
  const answer = createHash('sha256')
    .update(body.code_verifier ?? '')
    .digest('base64url');
  if (!isSame(answer, grant.challenge)) throw refused('code_verifier does not fit the challenge');
}

function refused(message: string): ApiError {
  return new ApiError('Unauthorized', message);
}

import { ApiError, isApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest } from '@kit/http';
import { Type } from 'typebox';
import { preRegistrationUser } from '../contract/index.ts';
import { localPath } from '../rules/local-path.ts';
import { builtInClient } from '../rules/sign-in-settings.ts';
import { consoleSession } from './console-session.ts';
import type { SessionDeps } from './console-session.ts';
import { awayMark, awayMarkOf, registrationMark } from './cookies.ts';
import type { IdentityMapping } from './identity-mapping.ts';
import { externalUrlOf } from './issuer.ts';
import { isSame, refuse } from './oauth-client.ts';
import { answerFinished, asOauth, oauthError, tokenAnswer } from './oauth-token-route.ts';
import type { DirectoryAttempt } from './oauth-token-route.ts';
import type { ProviderResult, ProviderSignIn } from './provider-sign-in.ts';
import type { OauthParts } from './token-issue.ts';

export interface ProviderRouteDeps extends OauthParts {
  readonly providerSignIn: ProviderSignIn;
  readonly mapping: IdentityMapping;
  readonly console: SessionDeps;
}

const tag = 'Sign-in';
const params = Type.Object({ provider: Type.String({ maxLength: 64 }) });
const open = { by: 'open', why: 'this is where an identity is proved, at a provider the administrator chose' } as const;

/** Signing in by identity providers: `/oauth/login/{provider}` and `/oauth/callback/{provider}`. */
export function providerRoutes(deps: ProviderRouteDeps): Route[] {
  return [passwordRoute(deps), beginRoute(deps), callbackRoute(deps)];
}

function passwordRoute(deps: ProviderRouteDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/oauth/login/{provider}',
    scope: 'none',
    permission: open,
    summary: 'Get tokens by a name and a password of a directory',
    tag,
    params,
    form: true,
    body: Type.Object({
      username: Type.String({ maxLength: 254 }),
      password: Type.String({ maxLength: 1024 }),
      otp: Type.Optional(Type.String({ maxLength: 32 })),
    }),
    responses: { 200: tokenAnswer, 400: oauthError, 429: oauthError },
    handle: async ({ params: { provider }, body, headers, sourceIp }) => {
      const attempt = { ...body, sourceIp, userAgent: headers['user-agent'] ?? '', type: 'Token' };
      return byDirectory(deps, provider, attempt).catch(asOauth);
    },
  });
}

/** The token answer of a password that a directory was shown. */
export async function byDirectory(
  deps: ProviderRouteDeps,
  provider: string,
  attempt: DirectoryAttempt,
): Promise<unknown> {
  const result = await deps.providerSignIn.withPassword(provider, attempt, builtInClient.name);
  if (!result) return refuse(400, 'invalid_grant', 'incorrect password');
  return tokensOf(deps, result, attempt.otp);
}

async function tokensOf(deps: ProviderRouteDeps, result: ProviderResult, otp?: string): Promise<unknown> {
  if (result.state !== 'registration') return answerFinished(deps, result, { client: builtInClient, otp });
  return registrationTokens(deps, result.ticket);
}

const registrationMs = 900_000;

/** What KubeSphere's clients are given to make the account with: a token that opens nothing else. */
async function registrationTokens({ tokens, mapping }: ProviderRouteDeps, ticket: string): Promise<object> {
  const { identity, provider } = await mapping.registrationOf(ticket);
  const { uid, username, email = '', displayName = '' } = identity;
  const values = { idp: provider, uid, username, email, displayName };
  const extra = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value]]));
  const claims = { userName: preRegistrationUser, sessionId: ticket, extra };
  return {
    access_token: await tokens.issue({ ...claims, kind: 'access_token' }, registrationMs),
    token_type: 'Bearer',
    refresh_token: await tokens.issue({ ...claims, kind: 'refresh_token' }, registrationMs),
    expires_in: registrationMs / 1000,
  };
}

function beginRoute(deps: ProviderRouteDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/login/{provider}',
    scope: 'none',
    permission: open,
    summary: 'Go to an identity provider to sign in; `response=token` to be answered with tokens afterwards',
    tag,
    params,
    query: Type.Object({
      next: Type.Optional(Type.String({ maxLength: 2000 })),
      response: Type.Optional(Type.Union([Type.Literal('token'), Type.Literal('console')])),
    }),
    responses: { 302: Type.Undefined() },
    handle: ({ params: { provider }, query, headers }) =>
      orProblemPage(headers, async () => {
        const url = await externalUrlOf(deps.config, headers.host);
        const callbackUrl = `${url}/oauth/callback/${provider}`;
        const away = query.response === 'token' ? { callbackUrl } : { callbackUrl, next: localPath(query.next) };
        const { location, browser } = await deps.providerSignIn.begin(provider, away);
        return new Reply(302, undefined, { location, 'set-cookie': awayMark(browser) });
      }),
  });
}

function callbackRoute(deps: ProviderRouteDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/oauth/callback/{provider}',
    scope: 'none',
    permission: open,
    summary: 'Come back from an identity provider',
    tag,
    params,
    // What else a provider sends is its own affair, and is handed on to what speaks with it.
    query: Type.Object({ state: Type.Optional(Type.String({ maxLength: 256 })) }),
    responses: { 200: tokenAnswer, 302: Type.Undefined(), 400: oauthError },
    handle: (request) => orProblemPage(request.headers, () => comeBack(deps, request)),
  });
}

type Returning = Pick<RouteRequest, 'headers' | 'sourceIp'> & {
  readonly params: { readonly provider: string };
  readonly query: object;
};

async function comeBack(deps: ProviderRouteDeps, { params: { provider }, query, headers, sourceIp }: Returning) {
  const texts = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const answer = new URLSearchParams(texts);
  const away = await deps.providerSignIn.takeAway(provider, answer.get('state') ?? '');
  // Whoever is made to follow another's link must not end up in that other's account.
  if (!isSame(away.browser, awayMarkOf(headers.cookie)))
    throw new ApiError('Forbidden', 'this sign-in was begun in another browser; begin again');
  const attempt = { type: 'OAuth', sourceIp, userAgent: headers['user-agent'] ?? '' };
  const isApi = away.next === undefined;
  try {
    const result = await deps.providerSignIn.finish(away, answer, attempt);
    return isApi ? await tokensOf(deps, result) : await toConsole(deps, result, away.next ?? '/');
  } catch (error) {
    if (isApi) return asOauth(error);
    if (!isApiError(error)) throw error;
    return problemPage(error.message);
  }
}

/** Who follows a link in a browser is shown a page of the console, not the answer of an API. */
async function orProblemPage(headers: RouteRequest['headers'], work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (isApiError(error) && headers.accept?.includes('text/html')) return problemPage(error.message);
    throw error;
  }
}

function problemPage(problem: string): Reply {
  return toPage(`/?${new URLSearchParams({ signInProblem: problem }).toString()}`, []);
}

async function toConsole(deps: ProviderRouteDeps, result: ProviderResult, next: string): Promise<Reply> {
  if (result.state === 'registration') return toPage(next, [registrationMark(result.ticket)]);
  if (result.state === 'second-factor')
    throw new ApiError('Unauthorized', 'a second factor is asked for passwords only');
  const { cookie } = await consoleSession(deps.console, result.proved);
  return toPage(next, [cookie]);
}

function toPage(location: string, cookies: readonly string[]): Reply {
  return new Reply(302, undefined, { location, 'set-cookie': [...cookies, awayMark('', 0)] });
}

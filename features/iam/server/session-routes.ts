import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, User } from '@kit/http';
import { Type } from 'typebox';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { lostGround } from '../rules/session-ground.ts';
import { findSessionUser, sessionOf } from './authenticate.ts';
import { attemptOf, byOwnPassword, checkSameSite, credentials, describe, enter, signedIn } from './console-session.ts';
import type { From, SessionDeps } from './console-session.ts';
import { registrationMark, registrationMarkOf, sessionCookie } from './cookies.ts';
import { cookieOf } from './credentials.ts';
import { registrationInfo, registrationRoutes, shownRegistration } from './registration-routes.ts';
import { sessionIdOf } from './sessions.ts';

const tag = 'Sign-in';
const open = { by: 'open', why: 'this is where a credential is proved; failures are counted and slowed down' } as const;

const signedOut = Type.Object({
  signedIn: Type.Literal(false),
  /** What to bring to /session/secondfactor with the code. */
  secondFactor: Type.Optional(Type.String()),
  /** Of a person whom an identity provider vouches for, and who has no account yet. */
  registration: Type.Optional(registrationInfo),
});
const either = Type.Union([signedIn, signedOut]);
/** The console's session: a cookie that no script can read. */
export function sessionRoutes(deps: SessionDeps): Route[] {
  const common = { scope: 'none', tag } as const;
  return [
    defineRoute({
      ...common,
      path: '/session',
      method: 'POST',
      permission: open,
      summary: 'Sign in to the console, by a password of this platform or of a directory',
      body: Type.Object({ ...credentials, provider: Type.Optional(Type.String({ maxLength: 64 })) }),
      responses: { 200: either },
      handle: (request) => signInToConsole(deps, request),
    }),
    defineRoute({
      ...common,
      path: '/session/secondfactor',
      method: 'POST',
      permission: open,
      summary: 'Sign in to the console: the code that was still missing',
      body: Type.Object({ ticket: Type.String({ maxLength: 256 }), code: Type.String({ maxLength: 32 }) }),
      responses: { 200: signedIn },
      handle: async ({ body, headers }) => {
        checkSameSite(headers['sec-fetch-site']);
        return enter(deps, await deps.finish.withCode(body.ticket, body.code));
      },
    }),
    ...registrationRoutes(deps),
    defineRoute({
      ...common,
      path: '/session',
      method: 'GET',
      permission: {
        by: 'open',
        why: 'answers about the sender of the cookie only, and without one just that nobody is signed in',
      },
      summary: 'Say who is signed in, or that nobody is',
      responses: { 200: either },
      handle: ({ headers }) => readSession(deps, headers.cookie),
    }),
    defineRoute({
      ...common,
      path: '/session',
      method: 'DELETE',
      permission: { by: 'signedIn', why: 'ends the caller’s own session only' },
      summary: 'Sign out of the console',
      responses: { 204: Type.Undefined() },
      handle: ({ user }) => signOut(deps, user),
    }),
  ];
}

type SignInRequest = From & {
  readonly body: { readonly username: string; readonly password: string; readonly provider?: string };
};

async function signInToConsole(deps: SessionDeps, request: SignInRequest): Promise<Reply> {
  const { body, headers } = request;
  checkSameSite(headers['sec-fetch-site']);
  const attempt = { ...attemptOf(request), username: body.username, password: body.password };
  const result = body.provider
    ? await deps.providerSignIn.withPassword(body.provider, attempt, 'console')
    : await byOwnPassword(deps, attempt);
  if (!result) throw new ApiError('Unauthorized', 'the user name or the password is wrong');
  if (result.state === 'second-factor') return new Reply(200, { signedIn: false, secondFactor: result.ticket });
  if (result.state === 'proved') return enter(deps, result.proved);
  const answer = { signedIn: false, registration: await shownRegistration(deps, result.ticket) };
  return new Reply(200, answer, { 'set-cookie': registrationMark(result.ticket) });
}

/** Nobody being signed in is an answer, not a failure: every first visit asks, and no browser should report an error. */
async function readSession(deps: SessionDeps, cookies = ''): Promise<Record<string, unknown>> {
  const cookie = cookieOf(cookies);
  const session = cookie === undefined ? undefined : await deps.sessions.find(sessionIdOf(cookie));
  if (session && !lostGround(session.about, await deps.config.current()) && (await findSessionUser(deps, session))) {
    // Asked of the cluster, which knows of a password changed a moment ago.
    return describe(deps, await deps.kube.get<UserObject>(iamTypes.users, { name: session.userName }), session);
  }
  const ticket = registrationMarkOf(cookies);
  const registration = ticket === '' ? undefined : await shownRegistration(deps, ticket).catch(() => undefined);
  return { signedIn: false, ...(registration ? { registration } : {}) };
}

async function signOut({ sessions }: SessionDeps, user: User): Promise<Reply> {
  const id = sessionOf(user);
  if (id !== undefined) await sessions.end(id);
  return new Reply(204, undefined, { 'set-cookie': sessionCookie('', 0), 'clear-site-data': '"cache"' });
}

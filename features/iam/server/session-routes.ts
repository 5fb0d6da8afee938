import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest, User } from '@kit/http';
import type { KubeClient, View } from '@kit/kube';
import { Type } from 'typebox';
import { annotations, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { findSessionUser, sessionOf } from './authenticate.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { cookieName, cookieOf } from './credentials.ts';
import { newCookie, sessionIdOf } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

export interface SessionDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly index: AuthorizationIndex;
}

const tag = 'Sign-in';
const cookieLifeMs = 12 * 3_600_000;

const sessionAnswer = Type.Object({
  signedIn: Type.Literal(true),
  username: Type.String(),
  displayName: Type.Optional(Type.String()),
  email: Type.String(),
  lang: Type.Optional(Type.String()),
  globalrole: Type.Optional(Type.String()),
  mustChangePassword: Type.Boolean(),
});
const signedOut = Type.Object({ signedIn: Type.Literal(false) });

/** The console's session: a cookie that no script can read. */
export function sessionRoutes(deps: SessionDeps): Route[] {
  const common = { path: '/session', scope: 'none', tag } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      permission: { by: 'open', why: 'this is where a password is proved; failures are counted and slowed down' },
      summary: 'Sign in to the console',
      body: Type.Object({ username: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 1024 }) }),
      responses: { 200: sessionAnswer },
      handle: (request) => signInToConsole(deps, request),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      permission: {
        by: 'open',
        why: 'answers about the sender of the cookie only, and without one just that nobody is signed in',
      },
      summary: 'Say who is signed in, or that nobody is',
      responses: { 200: Type.Union([sessionAnswer, signedOut]) },
      handle: ({ headers }) => readSession(deps, headers.cookie),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      permission: { by: 'signedIn', why: 'ends the caller’s own session only' },
      summary: 'Sign out of the console',
      responses: { 204: Type.Undefined() },
      handle: ({ user }) => signOut(deps, user),
    }),
  ];
}

type SignInRequest = Pick<RouteRequest, 'headers' | 'sourceIp'> & {
  readonly body: { username: string; password: string };
};

async function signInToConsole(deps: SessionDeps, { body, headers, sourceIp }: SignInRequest): Promise<Reply> {
  checkSameSite(headers['sec-fetch-site']);
  const result = await deps.signIn({ ...body, sourceIp, userAgent: headers['user-agent'] ?? '', type: 'Console' });
  if (!result.ok) {
    throw new ApiError(
      'Unauthorized',
      result.why === 'incorrect password' ? 'the user name or the password is wrong' : result.why,
    );
  }
  const { name, uid = '' } = result.user.metadata;
  const cookie = newCookie();
  await deps.sessions.open({ name, uid }, cookieLifeMs, cookie.id);
  return new Reply(200, describe(deps, result.user), { 'set-cookie': cookieText(cookie.value, cookieLifeMs / 1000) });
}

/** Nobody being signed in is an answer, not a failure: every first visit asks, and no browser should report an error. */
async function readSession(deps: SessionDeps, cookies = ''): Promise<Record<string, unknown>> {
  const cookie = cookieOf(cookies);
  const session = cookie === undefined ? undefined : deps.sessions.find(sessionIdOf(cookie));
  if (!session || !(await findSessionUser(deps, session))) return { signedIn: false };
  // Asked of the cluster, which knows of a password changed a moment ago.
  return describe(deps, await deps.kube.get<UserObject>(iamTypes.users, { name: session.userName }));
}

/** A foreign page must not sign its visitors in to an account of its choice. */
function checkSameSite(site: string | string[] | undefined): void {
  if (site !== undefined && site !== 'same-origin')
    throw new ApiError('Forbidden', 'this request comes from a page of another site');
}

async function signOut({ sessions }: SessionDeps, user: User): Promise<Reply> {
  const id = sessionOf(user);
  if (id !== undefined) await sessions.end(id);
  return new Reply(204, undefined, { 'set-cookie': cookieText('', 0), 'clear-site-data': '"cache"' });
}

// Not marked Secure: the server speaks plain HTTP, and is reached by TLS only through what stands in front of it.
function cookieText(value: string, maxAgeSeconds: number): string {
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

function describe({ index }: SessionDeps, { metadata, spec }: UserObject): Record<string, unknown> {
  const globalrole = index.bindings.grants('platform', `User:${metadata.name}`)[0]?.roleName;
  return {
    signedIn: true,
    username: metadata.name,
    email: spec.email,
    ...(spec.displayName === undefined ? {} : { displayName: spec.displayName }),
    ...(spec.lang === undefined ? {} : { lang: spec.lang }),
    ...(globalrole === undefined ? {} : { globalrole }),
    mustChangePassword: metadata.annotations?.[annotations.uninitialized] === 'true',
  };
}

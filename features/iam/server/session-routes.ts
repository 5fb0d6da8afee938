import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest, User } from '@kit/http';
import type { KubeClient, View } from '@kit/kube';
import { Type } from 'typebox';
import { annotations, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isPasswordTooOld } from '../rules/password-age.ts';
import { findSessionUser, sessionOf } from './authenticate.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { registrationMark, registrationMarkOf, sessionCookie } from './cookies.ts';
import { cookieOf } from './credentials.ts';
import type { FinishSignIn, Proved } from './finish-sign-in.ts';
import type { IdentityMapping } from './identity-mapping.ts';
import { openSession } from './open-session.ts';
import type { ProviderResult, ProviderSignIn } from './provider-sign-in.ts';
import { newCookie, sessionIdOf } from './sessions.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignIn } from './sign-in.ts';

export interface SessionDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly finish: FinishSignIn;
  readonly providerSignIn: ProviderSignIn;
  readonly mapping: IdentityMapping;
  readonly config: SignInConfig;
  readonly index: AuthorizationIndex;
  readonly now: () => number;
}

const tag = 'Sign-in';
const open = { by: 'open', why: 'this is where a credential is proved; failures are counted and slowed down' } as const;

const signedIn = Type.Object({
  signedIn: Type.Literal(true),
  username: Type.String(),
  displayName: Type.Optional(Type.String()),
  email: Type.String(),
  lang: Type.Optional(Type.String()),
  globalrole: Type.Optional(Type.String()),
  mustChangePassword: Type.Boolean(),
  mustSetUpSecondFactor: Type.Boolean(),
});
const signedOut = Type.Object({
  signedIn: Type.Literal(false),
  /** What to bring to /session/secondfactor with the code. */
  secondFactor: Type.Optional(Type.String()),
  /** Of a person whom an identity provider vouches for, and who has no account yet. */
  registration: Type.Optional(
    Type.Object({ provider: Type.String(), username: Type.String(), email: Type.String(), mayLink: Type.Boolean() }),
  ),
});
const either = Type.Union([signedIn, signedOut]);
const credentials = {
  username: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
};

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
    registrationRoute(deps),
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

function registrationRoute(deps: SessionDeps): Route {
  return defineRoute({
    scope: 'none',
    tag,
    path: '/session/registration',
    method: 'POST',
    permission: {
      by: 'open',
      why: 'the cookie holds what an identity provider has proved; without it nothing is made',
    },
    summary: 'Make an account for an identity, or link it to one’s own, and sign in',
    body: Type.Object({
      name: Type.Optional(Type.String({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' })),
      email: Type.Optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254 })),
      displayName: Type.Optional(Type.String({ maxLength: 253 })),
      link: Type.Optional(Type.Object({ ...credentials, code: Type.Optional(Type.String({ maxLength: 32 })) })),
    }),
    responses: { 200: signedIn },
    handle: (request) => register(deps, request),
  });
}

type From = Pick<RouteRequest, 'headers' | 'sourceIp'>;
type SignInRequest = From & {
  readonly body: { readonly username: string; readonly password: string; readonly provider?: string };
};

const attemptOf = ({ headers, sourceIp }: From) => ({
  sourceIp,
  userAgent: headers['user-agent'] ?? '',
  type: 'Console',
});

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
  const answer = { signedIn: false, registration: await registrationOf(deps, result.ticket) };
  return new Reply(200, answer, { 'set-cookie': registrationMark(result.ticket) });
}

type PasswordAttempt = ReturnType<typeof attemptOf> & { readonly username: string; readonly password: string };

async function byOwnPassword(deps: SessionDeps, attempt: PasswordAttempt): Promise<ProviderResult | undefined> {
  const result = await deps.signIn(attempt);
  if (result.ok) return deps.finish.afterPassword(result.user, attempt, 'console');
  if (result.why === 'incorrect password') return undefined;
  throw new ApiError('Unauthorized', result.why);
}

/** Opens the console's session for who has proved everything, and the cookie it goes by. */
export async function consoleSession(deps: SessionDeps, proved: Proved): Promise<{ cookie: string; session: Session }> {
  const { sessionMaxAge } = await deps.config.settings();
  const { value, id } = newCookie();
  const session = await openSession(deps, proved, { lifeMs: sessionMaxAge * 1000, id });
  return { cookie: sessionCookie(value, sessionMaxAge), session };
}

async function enter(deps: SessionDeps, proved: Proved): Promise<Reply> {
  const { cookie, session } = await consoleSession(deps, proved);
  const cookies = [cookie, registrationMark('', 0)];
  return new Reply(200, await describe(deps, proved.user, session), { 'set-cookie': cookies });
}

type RegisterRequest = From & {
  readonly body: {
    readonly name?: string;
    readonly email?: string;
    readonly displayName?: string;
    readonly link?: { readonly username: string; readonly password: string; readonly code?: string };
  };
};

async function register(deps: SessionDeps, request: RegisterRequest): Promise<Reply> {
  const { body, headers } = request;
  checkSameSite(headers['sec-fetch-site']);
  const ticket = registrationMarkOf(headers.cookie);
  const { provider } = await deps.mapping.registrationOf(ticket);
  const attempt = { ...attemptOf(request), type: 'OAuth', provider };
  if (body.link) {
    const { user } = await proveOwner(deps, { ...attemptOf(request), ...body.link }, body.link.code);
    const linked = await deps.mapping.link(ticket, user);
    return enter(deps, await deps.finish.afterProvider(linked, attempt, 'console'));
  }
  const { name = '', email = '', displayName } = body;
  if (name === '' || email === '') throw new ApiError('Invalid', 'an account has a name and an e-mail address');
  const account = { name, email, ...(displayName ? { displayName } : {}) };
  return enter(deps, await deps.finish.afterProvider(await deps.mapping.register(ticket, account), attempt, 'console'));
}

/** Who links an identity to an account proves that it is theirs, with everything the account asks for. */
async function proveOwner(deps: SessionDeps, attempt: PasswordAttempt, code = ''): Promise<Proved> {
  const result = await byOwnPassword(deps, attempt);
  if (result?.state === 'proved') return result.proved;
  if (result?.state === 'second-factor') return deps.finish.withCode(result.ticket, code);
  throw new ApiError('Unauthorized', 'the user name or the password is wrong');
}

/** Nobody being signed in is an answer, not a failure: every first visit asks, and no browser should report an error. */
async function readSession(deps: SessionDeps, cookies = ''): Promise<Record<string, unknown>> {
  const cookie = cookieOf(cookies);
  const session = cookie === undefined ? undefined : deps.sessions.find(sessionIdOf(cookie));
  if (session && (await findSessionUser(deps, session))) {
    // Asked of the cluster, which knows of a password changed a moment ago.
    return describe(deps, await deps.kube.get<UserObject>(iamTypes.users, { name: session.userName }), session);
  }
  const ticket = registrationMarkOf(cookies);
  const registration = ticket === '' ? undefined : await registrationOf(deps, ticket).catch(() => undefined);
  return { signedIn: false, ...(registration ? { registration } : {}) };
}

async function registrationOf({ mapping }: SessionDeps, ticket: string): Promise<object> {
  const { identity, provider, mayLink } = await mapping.registrationOf(ticket);
  const { username, email = '', displayName = '' } = identity;
  return { provider, username, email, displayName, mayLink };
}

/** A foreign page must not sign its visitors in to an account of its choice. */
function checkSameSite(site: string | string[] | undefined): void {
  if (site !== undefined && site !== 'same-origin')
    throw new ApiError('Forbidden', 'this request comes from a page of another site');
}

async function signOut({ sessions }: SessionDeps, user: User): Promise<Reply> {
  const id = sessionOf(user);
  if (id !== undefined) await sessions.end(id);
  return new Reply(204, undefined, { 'set-cookie': sessionCookie('', 0), 'clear-site-data': '"cache"' });
}

async function describe(deps: SessionDeps, user: UserObject, session: Session): Promise<Record<string, unknown>> {
  const { metadata, spec } = user;
  const { secondFactor, passwordPolicy } = await deps.config.settings();
  const globalrole = deps.index.bindings.grants('platform', `User:${metadata.name}`)[0]?.roleName;
  const isFirst = metadata.annotations?.[annotations.uninitialized] === 'true';
  return {
    signedIn: true,
    username: metadata.name,
    email: spec.email,
    ...(spec.displayName === undefined ? {} : { displayName: spec.displayName }),
    ...(spec.lang === undefined ? {} : { lang: spec.lang }),
    ...(globalrole === undefined ? {} : { globalrole }),
    mustChangePassword: isFirst || isPasswordTooOld(user, { maxAgeDays: passwordPolicy.maxAgeDays, nowMs: deps.now() }),
    mustSetUpSecondFactor: secondFactor === 'required' && session.about.method === 'password',
  };
}

import { ApiError } from '@kit/base';
import { Reply } from '@kit/http';
import type { RouteRequest } from '@kit/http';
import type { KubeClient, View } from '@kit/kube';
import { Type } from 'typebox';
import { annotations } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isPasswordTooOld } from '../rules/password-age.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { registrationMark, sessionCookie } from './cookies.ts';
import type { FinishSignIn, Proved } from './finish-sign-in.ts';
import type { IdentityMapping } from './identity-mapping.ts';
import { openSession } from './open-session.ts';
import type { ProviderResult, ProviderSignIn } from './provider-sign-in.ts';
import { newCookie } from './sessions.ts';
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

export const signedIn = Type.Object({
  signedIn: Type.Literal(true),
  username: Type.String(),
  displayName: Type.Optional(Type.String()),
  email: Type.String(),
  lang: Type.Optional(Type.String()),
  globalrole: Type.Optional(Type.String()),
  mustChangePassword: Type.Boolean(),
  mustSetUpSecondFactor: Type.Boolean(),
});

export const credentials = {
  username: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
};

export type From = Pick<RouteRequest, 'headers' | 'sourceIp'>;

export const attemptOf = ({ headers, sourceIp }: From) => ({
  sourceIp,
  userAgent: headers['user-agent'] ?? '',
  type: 'Console',
});

export type PasswordAttempt = ReturnType<typeof attemptOf> & { readonly username: string; readonly password: string };

/** A password of this platform: what it leads to, or `undefined` for a wrong one. */
export async function byOwnPassword(deps: SessionDeps, attempt: PasswordAttempt): Promise<ProviderResult | undefined> {
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

/** The answer to who has proved everything: a session, its cookie, and the registration that led here done with. */
export async function enter(deps: SessionDeps, proved: Proved): Promise<Reply> {
  const { cookie, session } = await consoleSession(deps, proved);
  const cookies = [cookie, registrationMark('', 0)];
  return new Reply(200, await describe(deps, proved.user, session), { 'set-cookie': cookies });
}

/** A foreign page must not sign its visitors in to an account of its choice. */
export function checkSameSite(site: string | string[] | undefined): void {
  if (site !== undefined && site !== 'same-origin')
    throw new ApiError('Forbidden', 'this request comes from a page of another site');
}

/** A session as the console is told about it. */
export async function describe(
  deps: SessionDeps,
  user: UserObject,
  session: Session,
): Promise<Record<string, unknown>> {
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

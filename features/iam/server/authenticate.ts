import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeClient, View } from '@kit/kube';
import { LRUCache } from 'lru-cache';
import { anonymousUser, authenticatedGroup, iamTypes, unauthenticatedGroup } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { credentialOf } from './credentials.ts';
import type { Credential } from './credentials.ts';
import type { Session, Sessions } from './sessions.ts';
import { sessionIdOf } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import type { Tokens } from './tokens.ts';

export interface AuthenticateDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
}

const nobody: User = { name: anonymousUser, groups: [unauthenticatedGroup] };

/** Says who sends a request. Who sends no credential is the anonymous user; one that does not hold is `Unauthorized`. */
export function createAuthenticate(deps: AuthenticateDeps): (request: IncomingMessage) => Promise<User> {
  const basic = new BasicCredentials(deps);
  return async (request) => {
    const credential = credentialOf(request);
    switch (credential.by) {
      case 'none':
        return nobody;
      case 'basic':
        return callerOf(await basic.user(credential, request));
      case 'bearer':
        return userOf(deps, await sessionOfToken(deps, credential.token));
      case 'cookie':
        return userOf(deps, deps.sessions.find(sessionIdOf(credential.value)));
    }
  };
}

async function sessionOfToken({ tokens, sessions }: AuthenticateDeps, token: string): Promise<Session | undefined> {
  const claims = await tokens.read(token);
  if (claims.kind !== 'access_token')
    throw new ApiError('Unauthorized', 'a refresh token opens nothing but /oauth/token');
  return sessions.find(claims.sessionId);
}

async function userOf(deps: AuthenticateDeps, session: Session | undefined): Promise<User> {
  const user = session && (await findSessionUser(deps, session));
  if (!user) throw new ApiError('Unauthorized', 'the session has ended; sign in again');
  return callerOf(user, session.id);
}

/** The user of a session, unless the account has been deleted or disabled since. */
export async function findSessionUser(
  { kube, users }: Pick<AuthenticateDeps, 'kube' | 'users'>,
  { userName, userUid }: Session,
): Promise<UserObject | undefined> {
  // The view lags a moment behind a user just created; a session of theirs is reason enough to ask the cluster.
  const user = users.get('', userName)?.object() ?? (await kube.find<UserObject>(iamTypes.users, { name: userName }));
  return user && user.metadata.uid === userUid && isActive(user) ? user : undefined;
}

function isActive({ status, metadata }: UserObject): boolean {
  return status?.state !== 'Disabled' && !metadata.deletionTimestamp;
}

function callerOf(user: UserObject, sessionId?: string): User {
  if (!isActive(user)) throw new ApiError('Unauthorized', 'the account is not active');
  return {
    name: user.metadata.name,
    groups: [authenticatedGroup, ...(user.spec.groups ?? [])],
    ...(sessionId === undefined ? {} : { extra: { session: [sessionId] } }),
  };
}

/** The session a caller acts in, if their credential was of one. */
export function sessionOf(user: User): string | undefined {
  return user.extra?.['session']?.[0];
}

const rememberMs = 60_000;

/** Passwords sent with every request: one that held is remembered for a minute, by the hash it held against. */
class BasicCredentials {
  readonly #deps: AuthenticateDeps;
  readonly #held = new LRUCache<string, true>({ max: 1000, ttl: rememberMs });

  constructor(deps: AuthenticateDeps) {
    this.#deps = deps;
  }

  async user(credential: Extract<Credential, { by: 'basic' }>, request: IncomingMessage): Promise<UserObject> {
    const { username, password } = credential;
    const known = this.#deps.users.get('', username)?.object();
    if (known && this.#held.has(memoryOf(credential, known))) return known;
    const result = await this.#deps.signIn({
      username,
      password,
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      type: 'Basic',
    });
    if (!result.ok) throw new ApiError('Unauthorized', result.why);
    this.#held.set(memoryOf(credential, result.user), true);
    return result.user;
  }
}

function memoryOf({ username, password }: { username: string; password: string }, user: UserObject): string {
  return createHash('sha256')
    .update(`${username}\0${password}\0${user.metadata.uid}\0${user.spec.password}`)
    .digest('base64');
}

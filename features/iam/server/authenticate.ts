import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeClient, View } from '@kit/kube';
import { LRUCache } from 'lru-cache';
import {
  anonymousUser,
  authenticatedGroup,
  iamTypes,
  preRegistrationGroup,
  preRegistrationUser,
  unauthenticatedGroup,
} from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { requestInfo } from '../rules/request-info.ts';
import { lostGround } from '../rules/session-ground.ts';
import { sessionRefusal } from '../rules/session-scope.ts';
import { tokenRefusal } from '../rules/token-scope.ts';
import { isApiToken, scopeOf } from './api-tokens.ts';
import type { ApiTokens } from './api-tokens.ts';
import { credentialOf } from './credentials.ts';
import type { Credential } from './credentials.ts';
import type { IdTokenKeys } from './id-token-keys.ts';
import type { LoginRecords } from './login-records.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Session, Sessions } from './sessions.ts';
import { sessionIdOf } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignIn } from './sign-in.ts';
import type { Tickets } from './tickets.ts';
import type { Tokens } from './tokens.ts';

export interface AuthenticateDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  readonly apiTokens: ApiTokens;
  readonly idTokenKeys: IdTokenKeys;
  readonly config: SignInConfig;
  readonly tickets: Tickets;
  readonly factors: SecondFactors;
  readonly records: LoginRecords;
  readonly workspaceOf: (namespace: string) => string | undefined;
}

/** What a credential is used for, as far as a token's limits ask. */
export interface Use {
  readonly method: string;
  readonly url: string;
  readonly sourceIp: string;
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
        return userOfToken(deps, credential.token, useOf(request));
      case 'cookie':
        return userOf(deps, await deps.sessions.find(sessionIdOf(credential.value)), useOf(request));
    }
  };
}

function useOf({ method = 'GET', url = '/', socket }: IncomingMessage): Use {
  return { method, url, sourceIp: socket.remoteAddress ?? '' };
}

/** The user of a bearer token: an access token, an id_token of a client that was given the API, or an API token. */
export async function userOfToken(deps: AuthenticateDeps, token: string, use: Use): Promise<User> {
  if (isApiToken(token)) return userOfApiToken(deps, token, use);
  if (!isSymmetric(token)) return userOf(deps, await sessionOfIdToken(deps, token), use);
  const claims = await deps.tokens.read(token);
  if (claims.kind !== 'access_token')
    throw new ApiError('Unauthorized', 'a refresh token opens nothing but /oauth/token');
  if (claims.userName === preRegistrationUser) return registrant(deps, claims.sessionId);
  return userOf(deps, await deps.sessions.find(claims.sessionId), use);
}

/** Access tokens are signed by HS256; what is not is tried as an id_token. */
function isSymmetric(token: string): boolean {
  const header = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8');
  return !/"alg":"(RS|ES)256"/.test(header);
}

async function sessionOfIdToken(
  { idTokenKeys, sessions }: AuthenticateDeps,
  token: string,
): Promise<Session | undefined> {
  const claims = await idTokenKeys.read(token);
  if (!claims) throw new ApiError('Unauthorized', 'the token is not one of this platform');
  if (idTokenKeys.hasExpired(claims)) throw new ApiError('Unauthorized', 'the token has expired');
  return sessions.find(String(claims['sid']));
}

/** Between an identity provider's word and an account: a caller who can make that account, and nothing else. */
async function registrant({ tickets }: AuthenticateDeps, ticket: string): Promise<User> {
  if ((await tickets.look('registration', ticket)) === undefined)
    throw new ApiError('Unauthorized', 'this registration is not under way any more; sign in again');
  return { name: preRegistrationUser, groups: [preRegistrationGroup], extra: { registration: [ticket] } };
}

async function userOfApiToken(deps: AuthenticateDeps, token: string, use: Use): Promise<User> {
  const found = deps.apiTokens.find(token);
  const { user: name, userUid } = found.spec;
  const user = deps.users.get('', name)?.object();
  if (!user || user.metadata.uid !== userUid) throw new ApiError('Unauthorized', 'the API token is of nobody any more');
  const refusal = tokenRefusal(scopeOf(found), requestInfo(use.method, use.url), deps.workspaceOf);
  if (refusal) throw new ApiError('Forbidden', refusal);
  const caller = callerOf(user);
  deps.apiTokens.noteUse(found, use.sourceIp);
  return { ...caller, extra: { 'api-token': [found.metadata.name] } };
}

async function userOf(deps: AuthenticateDeps, session: Session | undefined, use: Use): Promise<User> {
  const user = session && (await findSessionUser(deps, session));
  if (!user) throw new ApiError('Unauthorized', 'the session has ended; sign in again');
  const config = await deps.config.current();
  const lost = lostGround(session.about, config);
  if (lost) throw new ApiError('Unauthorized', lost);
  const { secondFactor } = config.settings;
  const path = use.url.split('?', 1)[0] ?? '/';
  const refusal = sessionRefusal(session.about, { path, userName: user.metadata.name, secondFactor });
  if (refusal) throw new ApiError('Forbidden', refusal);
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
    const attempt = {
      username,
      password,
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      type: 'Basic',
    };
    const result = await this.#deps.signIn(attempt);
    if (!result.ok) throw new ApiError('Unauthorized', result.why);
    await this.#checkPasswordIsEnough(result.user);
    this.#deps.records.write(result.user, attempt);
    this.#held.set(memoryOf(credential, result.user), true);
    return result.user;
  }

  async #checkPasswordIsEnough(user: UserObject): Promise<void> {
    const { config, factors } = this.#deps;
    const isRequired = (await config.settings()).secondFactor === 'required';
    if (isRequired || (await factors.stateOf(user)).enabled)
      throw new ApiError('Unauthorized', 'a password alone is not enough for this account; use an API token');
  }
}

function memoryOf({ username, password }: { username: string; password: string }, user: UserObject): string {
  return createHash('sha256')
    .update(`${username}\0${password}\0${user.metadata.uid}\0${user.spec.password}`)
    .digest('base64');
}

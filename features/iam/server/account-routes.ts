import { ApiError, timestamp } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Permission, Route, User } from '@kit/http';
import { Type } from 'typebox';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { isPassword } from '../rules/password.ts';
import type { ApiTokens } from './api-tokens.ts';
import { sessionOf } from './authenticate.ts';
import { checkOutranks } from './global-role.ts';
import type { IamParts } from './parts.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import * as schemas from './schemas.ts';

export interface AccountDeps extends IamParts {
  readonly sessions: Sessions;
  readonly factors: SecondFactors;
  readonly apiTokens: ApiTokens;
  readonly config: SignInConfig;
}

const tag = 'Own account';
const base = '/kapis/iam.freehold.io/v1alpha1/account';
const own: Permission = { by: 'signedIn', why: 'acts on the caller’s own account only, and not by an API token' };
const common = { scope: 'none', permission: own, tag } as const;
const password = Type.String({ maxLength: 1024 });

/** One's own sessions, second factor and API tokens: iam.freehold.io/v1alpha1. */
export function accountRoutes(deps: AccountDeps): Route[] {
  return [...ownSessionRoutes(deps), ...secondFactorRoutes(deps), ...apiTokenRoutes(deps), resetRoute(deps)];
}

/** How one signs in is changed by somebody who signed in: a token made for a script cannot make itself at home. */
function checkIsPerson(user: User): void {
  if (user.extra?.['api-token'] || sessionOf(user) === undefined)
    throw new ApiError(
      'Forbidden',
      'sign in to change how you sign in; a token or a password with the request is not enough',
    );
}

/** The caller's account, if they signed in themselves; throws `Forbidden` for tokens made for others. */
export async function accountOf(
  { kube, sessions }: Pick<AccountDeps, 'kube' | 'sessions'>,
  user: User,
): Promise<UserObject> {
  checkIsPerson(user);
  if ((await sessions.find(sessionOf(user) ?? ''))?.about.scopes)
    throw new ApiError('Forbidden', 'an application cannot change how its user signs in');
  return kube.get<UserObject>(iamTypes.users, { name: user.name });
}

const sessionInfo = Type.Object({
  id: Type.String(),
  current: Type.Boolean(),
  method: Type.String(),
  client: Type.String(),
  sourceIP: Type.String(),
  userAgent: Type.String(),
  createdAt: Type.String(),
  expiresAt: Type.String(),
});

function ownSessionRoutes(deps: AccountDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: `${base}/sessions`,
      summary: 'List one’s own sessions',
      responses: { 200: Type.Object({ items: Type.Array(sessionInfo) }) },
      handle: async ({ user }) => {
        await accountOf(deps, user);
        const own = await deps.sessions.ofUser(user.name);
        return { items: own.map((one) => shownSession(one, sessionOf(user))) };
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${base}/sessions`,
      summary: 'Sign out everywhere else',
      responses: { 200: schemas.success },
      handle: async ({ user }) => {
        await accountOf(deps, user);
        await deps.sessions.endAll(user.name, sessionOf(user));
        return { message: 'success' };
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${base}/sessions/{session}`,
      summary: 'End one of one’s own sessions',
      params: Type.Object({ session: Type.String({ maxLength: 64 }) }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await accountOf(deps, user);
        if ((await deps.sessions.find(params.session))?.userName !== user.name)
          throw new ApiError('NotFound', 'you have no such session', {
            details: { kind: 'sessions', name: params.session },
          });
        await deps.sessions.end(params.session);
        return { message: 'success' };
      },
    }),
  ];
}

function shownSession({ id, about, createdMs, expiresMs }: Session, currentId: string | undefined): object {
  const { method, client, sourceIp, userAgent } = about;
  const times = { createdAt: timestamp(createdMs), expiresAt: timestamp(expiresMs) };
  return { id, current: id === currentId, method, client, sourceIP: sourceIp, userAgent, ...times };
}

/** What is asked again before how one signs in becomes weaker or another's: a session left open is not enough. */
async function provePassword(
  deps: AccountDeps,
  user: UserObject,
  { given, sourceIp }: { given: string; sourceIp: string },
) {
  if (user.spec.password === undefined) return;
  const { name } = user.metadata;
  await deps.limiter.check(name, sourceIp);
  if (await isPassword(user.spec.password, given)) return;
  await deps.limiter.failed(name, sourceIp);
  const message = 'the password is wrong';
  throw new ApiError('BadRequest', message, {
    details: { causes: [{ field: 'password', message, reason: 'FieldValueInvalid' }] },
  });
}

function secondFactorRoutes(deps: AccountDeps): Route[] {
  const path = `${base}/secondfactor`;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'Say whether one’s own second factor is on',
      responses: { 200: Type.Object({ enabled: Type.Boolean() }) },
      handle: async ({ user }) => deps.factors.stateOf(await accountOf(deps, user)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path,
      summary: 'Begin to set up a second factor: the secret, and its square for the app',
      body: Type.Object({ password: Type.Optional(password) }),
      responses: {
        200: Type.Object({ setup: Type.String(), secret: Type.String(), uri: Type.String(), svg: Type.String() }),
      },
      handle: async ({ user, body, sourceIp }) => {
        const account = await accountOf(deps, user);
        await provePassword(deps, account, { given: body.password ?? '', sourceIp });
        return deps.factors.begin(account);
      },
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path,
      summary: 'Turn the second factor on by a code of the app; answers the recovery codes once',
      body: Type.Object({ setup: Type.String({ maxLength: 256 }), code: Type.String({ maxLength: 32 }) }),
      responses: { 200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }) },
      handle: async ({ user, body, sourceIp }) => {
        const account = await accountOf(deps, user);
        await deps.limiter.check(user.name, sourceIp);
        const recoveryCodes = await deps.factors
          .confirm(account, body.setup, body.code)
          .catch(async (error: unknown) => {
            await deps.limiter.failed(user.name, sourceIp);
            throw error;
          });
        const session = await deps.sessions.find(sessionOf(user) ?? '');
        if (session) await deps.sessions.note(session, { method: 'second-factor' });
        await deps.sessions.endAll(user.name, sessionOf(user));
        return { recoveryCodes };
      },
    }),
    turnOffRoute(deps),
  ];
}

function turnOffRoute(deps: AccountDeps): Route {
  return defineRoute({
    ...common,
    method: 'DELETE',
    path: `${base}/secondfactor`,
    summary: 'Turn one’s own second factor off',
    body: Type.Object({ password: Type.Optional(password), code: Type.String({ maxLength: 32 }) }),
    responses: { 200: schemas.success },
    handle: async ({ user, body, sourceIp }) => {
      const account = await accountOf(deps, user);
      await provePassword(deps, account, { given: body.password ?? '', sourceIp });
      await deps.limiter.check(user.name, sourceIp);
      if (!(await deps.factors.verify(account, body.code))) {
        await deps.limiter.failed(user.name, sourceIp);
        throw new ApiError('BadRequest', 'code: the code is wrong, or was used before');
      }
      await deps.factors.remove(user.name);
      const session = await deps.sessions.find(sessionOf(user) ?? '');
      if (session?.about.method === 'second-factor') await deps.sessions.note(session, { method: 'password' });
      return { message: 'success' };
    },
  });
}

const tokenInfo = Type.Object({
  name: Type.String(),
  description: Type.String(),
  createdAt: Type.String(),
  readOnly: Type.Boolean(),
  workspaces: Type.Optional(Type.Array(Type.String())),
  expiresAt: Type.Optional(Type.String()),
  lastUsedAt: Type.Optional(Type.String()),
  lastUsedFrom: Type.Optional(Type.String()),
});
const dayMs = 86_400_000;
const maxTokens = 50;

function apiTokenRoutes(deps: AccountDeps): Route[] {
  const path = `${base}/apitokens`;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'List one’s own API tokens',
      responses: { 200: Type.Object({ items: Type.Array(tokenInfo) }) },
      handle: async ({ user }) => {
        await accountOf(deps, user);
        return { items: deps.apiTokens.ofUser(user.name) };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path,
      summary: 'Make an API token; it is shown once',
      body: Type.Object({
        description: Type.String({ minLength: 1, maxLength: 200 }),
        days: Type.Integer({ minimum: 1, maximum: 3650 }),
        readOnly: Type.Optional(Type.Boolean()),
        workspaces: Type.Optional(Type.Array(Type.String({ maxLength: 63 }), { minItems: 1, maxItems: 50 })),
      }),
      responses: { 200: Type.Object({ token: Type.String(), info: tokenInfo }) },
      handle: async ({ user, body }) => {
        const account = await accountOf(deps, user);
        const { apiTokenMaxDays } = await deps.config.settings();
        if (body.days > apiTokenMaxDays)
          throw new ApiError('Invalid', `days: a token lives ${apiTokenMaxDays} days at most here`);
        if (deps.apiTokens.ofUser(user.name).length >= maxTokens)
          throw new ApiError('Invalid', `you have ${maxTokens} tokens; take one back first`);
        const { description, readOnly = false, workspaces, days } = body;
        const expiresMs = deps.clock.now() + days * dayMs;
        return deps.apiTokens.make(account, {
          description,
          readOnly,
          expiresMs,
          ...(workspaces ? { workspaces } : {}),
        });
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${path}/{token}`,
      summary: 'Take back one of one’s own API tokens',
      params: Type.Object({ token: Type.String({ pattern: '^[a-z0-9]{16}$' }) }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await accountOf(deps, user);
        await deps.apiTokens.remove(user.name, params.token);
        return { message: 'success' };
      },
    }),
  ];
}

/** For the day the phone and the recovery codes are lost. */
function resetRoute(deps: AccountDeps): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/kapis/iam.freehold.io/v1alpha1/users/{user}/secondfactor',
    scope: 'platform',
    permission: {
      by: 'rbac',
      attributes: { verb: 'update', group: 'iam.kubesphere.io', resource: 'users', scope: 'global' },
    },
    tag: 'Users',
    summary: 'Turn another user’s second factor off; their sessions end',
    params: schemas.userParams,
    responses: { 200: schemas.success },
    handle: async ({ user, params }) => {
      checkIsPerson(user);
      if (user.name === params.user)
        throw new ApiError('BadRequest', 'your own second factor is turned off in your account, by a code of it');
      checkOutranks(deps, user, params.user);
      await deps.kube.get(iamTypes.users, { name: params.user });
      await deps.factors.remove(params.user);
      await deps.sessions.endAll(params.user);
      return { message: 'success' };
    },
  });
}

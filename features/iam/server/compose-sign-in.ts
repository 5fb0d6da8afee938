import type { IncomingMessage } from 'node:http';
import type { Route, User } from '@kit/http';
import { apiTokenType, publicUser } from '../contract/index.ts';
import type { ApiTokenObject, UserObject } from '../contract/index.ts';
import { accountOf, accountRoutes } from './account-routes.ts';
import { ApiTokens } from './api-tokens.ts';
import { createAuthenticate } from './authenticate.ts';
import { FinishSignIn } from './finish-sign-in.ts';
import { IdTokenKeys } from './id-token-keys.ts';
import { IdentityMapping } from './identity-mapping.ts';
import { LoginRecords } from './login-records.ts';
import { oauthConfigRoute } from './oauth-config-route.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { ownIdentityRoutes } from './own-identity-routes.ts';
import type { IamParts } from './parts.ts';
import { ProviderSignIn } from './provider-sign-in.ts';
import { byDirectory, providerRoutes } from './provider-routes.ts';
import { Providers } from './providers/make-provider.ts';
import { SecondFactors } from './second-factors.ts';
import { sessionRoutes } from './session-routes.ts';
import type { Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';
import { signInConfigRoutes } from './sign-in-config-routes.ts';
import { SignInLocks } from './sign-in-locks.ts';
import { createSignIn } from './sign-in.ts';
import { Tickets } from './tickets.ts';
import { Tokens } from './tokens.ts';

export interface SignInParts extends IamParts {
  readonly sessions: Sessions;
  /** Signs access tokens, and keys the digests of API tokens and recovery codes. */
  readonly key: Uint8Array;
}

/** Everything about proving who one is, wired. */
export interface ComposedSignIn {
  /** `/oauth` but for identity providers. */
  readonly oauthRoutes: readonly Route[];
  readonly routes: readonly Route[];
  readonly authenticate: (request: IncomingMessage) => Promise<User>;
  readonly config: SignInConfig;
  /** Makes the account of a registration under way, of what a client sent as a User. */
  readonly register: (ticket: string, body: NewUser) => Promise<UserObject>;
}

interface NewUser {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly email: string; readonly displayName?: string };
}

/** Wires signing in; nothing is read before a request needs it. */
export function composeSignIn(parts: SignInParts): ComposedSignIn {
  const { kube, views, users, cache, clock, log, index, key, config } = parts;
  const tickets = new Tickets(cache);
  const records = new LoginRecords(kube, log);
  const locks = new SignInLocks({ kube, cache, clock, log, config });
  const factors = new SecondFactors({ kube, clock, tickets, key });
  const signIn = createSignIn({ ...parts, locks, records });
  const finish = new FinishSignIn({ ...parts, config, factors, tickets, locks, records });
  const mapping = new IdentityMapping({
    kube,
    users,
    tickets,
    clock,
    hasRights: (name) => [...index.bindings.placesOf(`User:${name}`)].length > 0,
  });
  const providers = new Providers();
  const providerSignIn = new ProviderSignIn({ ...parts, config, providers, mapping, finish, tickets });
  const apiTokens = new ApiTokens({ kube, tokens: views.of<ApiTokenObject>(apiTokenType), clock, log, key });
  const common = { ...parts, tokens: new Tokens(key, clock), signIn, finish, config, tickets, records, factors };
  const authentication = {
    ...common,
    apiTokens,
    idTokenKeys: new IdTokenKeys(kube, clock),
    workspaceOf: (namespace: string) => index.workspaceOf(namespace),
  };
  const oauth = { ...common, idTokenKeys: authentication.idTokenKeys, mapping };
  const console = { ...common, providerSignIn, mapping, now: () => clock.now() };
  const byProvider = { ...oauth, providerSignIn, console };
  return {
    config,
    register: async (ticket, { metadata: { name }, spec: { email, displayName } }) =>
      publicUser(await mapping.register(ticket, { name, email, ...(displayName ? { displayName } : {}) })),
    oauthRoutes: oauthRoutes({
      ...oauth,
      authentication,
      byDirectory: (provider, attempt) => byDirectory(byProvider, provider, attempt),
    }),
    routes: [
      ...sessionRoutes(console),
      ...providerRoutes(byProvider),
      ...accountRoutes({ ...common, apiTokens }),
      ...ownIdentityRoutes({ ...common, accountOf: (user) => accountOf(common, user) }),
      ...signInConfigRoutes({ config }),
      oauthConfigRoute({ config }),
    ],
    authenticate: createAuthenticate(authentication),
  };
}

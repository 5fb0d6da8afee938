import type { IncomingMessage } from 'node:http';
import type { Part } from '@kit/base';
import type { AuthorizeRequest, Route, User } from '@kit/http';
import { anonymousUser, iamTypes } from '../contract/index.ts';
import type { Access, UserObject, WriteGuard } from '../contract/index.ts';
import { accessReviewRoute } from './access-review-route.ts';
import { explanationRoute } from './explanation-route.ts';
import { AuthorizationIndex } from './authorization-index.ts';
import { createAuthorize } from './authorize.ts';
import { bindingRoutes } from './binding-routes.ts';
import { composeSignIn } from './compose-sign-in.ts';
import { groupRoutes } from './group-routes.ts';
import { kindRoutes } from './kind-routes.ts';
import { kubeconfigRoute } from './kubeconfig-route.ts';
import { loginRoute } from './login-route.ts';
import { memberRoutes } from './member-routes.ts';
import { ownAccountRoute } from './own-account-route.ts';
import type { IamDeps } from './ports.ts';
import { onRightsChange } from './rights-changes.ts';
import { roleRoutes } from './role-routes.ts';
import { SessionWarden } from './session-warden.ts';
import { Sessions } from './sessions.ts';
import { SharedSessions } from './shared-sessions.ts';
import { StoredSessions } from './stored-sessions.ts';
import { SignInConfig } from './sign-in-config.ts';
import { SignInLimiter } from './sign-in-limiter.ts';
import { createWriteGuard } from './write-guard.ts';
import { userRoutes } from './user-routes.ts';

/** Signing in and deciding, wired: what the HTTP server and the other features need of it. */
export interface Iam {
  readonly access: Access;
  /** Looks at people, roles and bindings that are written as Kubernetes objects. */
  readonly guard: WriteGuard;
  readonly routes: readonly Route[];
  readonly authenticate: (request: IncomingMessage) => Promise<User>;
  readonly authorize: (request: AuthorizeRequest) => void;
  readonly isAnonymous: (user: User) => boolean;
  /** Calls the listener whenever somebody may have lost a right; the answer ends it. */
  readonly onRightsChange: (listener: () => void) => () => void;
  /** Reads the stored sessions and waits for the roles and bindings; start it before the HTTP server. */
  readonly part: Part;
  /** Whether decisions rest on everything the cluster has. */
  readonly isReady: () => boolean;
}

/** Wires the feature. `key` signs the tokens (see `signingKey`). Nothing is read before `part.start`. */
export function createIam(deps: IamDeps, key: Uint8Array): Iam {
  const { views, store, cache, log, clock } = deps;
  const users = views.of<UserObject>(iamTypes.users);
  const records = cache.isShared ? new SharedSessions(cache, clock) : new StoredSessions(store, clock);
  const sessions = new Sessions({ records, cache, clock, log });
  const index = new AuthorizationIndex(views);
  const limiter = new SignInLimiter(cache, clock);
  const config = new SignInConfig({ kube: deps.kube, clock, log });
  const warden = new SessionWarden({ users, sessions, cache, log });
  const parts = { ...deps, users, index, limiter, config, warden };
  const guard = createWriteGuard(parts);
  const signIn = composeSignIn({ ...parts, sessions, key });
  return {
    access: index,
    guard,
    routes: [
      ...signIn.oauthRoutes,
      ...signIn.routes,
      ...userRoutes({ ...parts, register: signIn.register }),
      ...roleRoutes(parts),
      ...memberRoutes(parts),
      ...groupRoutes(parts),
      ...bindingRoutes(parts),
      ...kindRoutes({ ...parts, guard }),
      kubeconfigRoute(parts),
      loginRoute(signIn.oauthRoutes),
      ownAccountRoute(parts),
      accessReviewRoute(index),
      explanationRoute(parts),
    ],
    authenticate: signIn.authenticate,
    authorize: createAuthorize(index),
    isReady: () => index.synced,
    isAnonymous: (user) => user.name === anonymousUser,
    onRightsChange: (listener) => onRightsChange({ views, sessions }, listener),
    part: {
      name: 'sign-in and access',
      async start() {
        await Promise.all([sessions.start(), index.ready()]);
      },
      stop() {
        index.stop();
        sessions.stop();
        parts.warden.stop();
      },
    },
  };
}

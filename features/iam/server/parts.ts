import type { User } from '@kit/http';
import type { View } from '@kit/kube';
import type { UserObject } from '../contract/index.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import type { IamDeps } from './ports.ts';
import type { SessionWarden } from './session-warden.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';

/** What the handlers of users, roles and members share. */
export interface IamParts extends IamDeps {
  readonly users: View<UserObject>;
  readonly index: AuthorizationIndex;
  readonly warden: SessionWarden;
  readonly limiter: SignInLimiter;
  readonly config: SignInConfig;
}

/** A request about one user: who asks, and about whom. */
export interface AboutUser {
  readonly caller: User;
  readonly name: string;
  readonly sourceIp: string;
}

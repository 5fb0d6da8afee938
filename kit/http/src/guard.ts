import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import type { Permission, User } from './route.ts';

/** What authorization is asked: who wants to do what. `attributes` override what the path says. */
export interface AuthorizeRequest {
  readonly user: User;
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Guards {
  /** Who calls; nobody is a user too (`anonymous`). A credential that does not hold throws `Unauthorized`. */
  readonly authenticate: (request: IncomingMessage) => Promise<User>;
  /** Throws `Forbidden` when the user may not. */
  readonly authorize: (request: AuthorizeRequest) => void;
  readonly isAnonymous: (user: User) => boolean;
}

const nobody: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Lets a request in, or throws why not. Open routes look at no credential at all: one that has expired must not keep anybody from signing in. */
export async function admit(guards: Guards, permission: Permission, request: IncomingMessage): Promise<User> {
  if (permission.by === 'open') return nobody;
  const user = await guards.authenticate(request);
  if (permission.by === 'signedIn') {
    if (guards.isAnonymous(user)) throw new ApiError('Unauthorized', 'sign in first');
    return user;
  }
  const target = { user, method: request.method ?? 'GET', url: request.url ?? '/' };
  guards.authorize(permission.attributes ? { ...target, attributes: permission.attributes } : target);
  return user;
}

export interface Recheck {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly admit: () => Promise<unknown>;
  readonly onRefused: (error: unknown) => void;
}

/** Asks again and again whether an open connection is still allowed, until the answer stops it or it is refused. */
export function keepChecking({ clock, everyMs, admit: ask, onRefused }: Recheck): () => void {
  let stopped = false;
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      ask().then(
        () => void (stopped || next()),
        (error: unknown) => void (stopped || onRefused(error)),
      );
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}

import type { Proved } from './finish-sign-in.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';

export interface OpenSessionDeps {
  readonly sessions: Sessions;
  readonly config: SignInConfig;
}

/** Opens a session for a user who proved who they are; where one at a time is the rule, the others end. */
export async function openSession(
  { sessions, config }: OpenSessionDeps,
  { user, about }: Proved,
  { lifeMs, id }: { readonly lifeMs: number; readonly id?: string },
): Promise<Session> {
  const { name, uid = '' } = user.metadata;
  const session = await sessions.open({ name, uid, about }, lifeMs, id);
  if (!(await config.settings()).multipleLogin) await sessions.endAll(name, session.id);
  return session;
}

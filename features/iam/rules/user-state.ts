import { labels } from '../contract/index.ts';
import type { UserObject, UserStatus } from '../contract/index.ts';

const noPassword = 'no password has been set';

/** The state a user should be in, when it is not the one they are in. Who was disabled on purpose stays disabled. */
export function stateAfter(user: UserObject): Pick<UserStatus, 'state' | 'reason'> | undefined {
  const canSignIn = Boolean(user.spec.password) || labels.identityProvider in (user.metadata.labels ?? {});
  const { state, reason } = user.status ?? {};
  if (!canSignIn) return state === 'Disabled' ? undefined : { state: 'Disabled', reason: noPassword };
  if (state === undefined || (state === 'Disabled' && reason === noPassword)) return { state: 'Active', reason: '' };
  return undefined;
}

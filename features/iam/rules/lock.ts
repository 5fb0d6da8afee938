import type { UserObject } from '../contract/index.ts';
import { annotations } from '../contract/index.ts';

const defaultLockMs = 600_000;

/** Until when a user is locked out for too many failed sign-ins, in milliseconds; 0 for one who is not. */
export function lockedUntilMs({ status, metadata }: UserObject): number {
  if (status?.state !== 'AuthLimitExceeded') return 0;
  const noted = Date.parse(metadata.annotations?.[annotations.lockedUntil] ?? '');
  if (!Number.isNaN(noted)) return noted;
  const since = Date.parse(status.lastTransitionTime ?? '');
  return (Number.isNaN(since) ? 0 : since) + defaultLockMs;
}

import { annotations } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';

const dayMs = 86_400_000;

/** Whether a password has to be replaced by now. Who has none, or whose password's age is not known, is not asked. */
export function isPasswordTooOld(
  { metadata, spec }: UserObject,
  { maxAgeDays, nowMs }: { readonly maxAgeDays: number; readonly nowMs: number },
): boolean {
  if (maxAgeDays === 0 || spec.password === undefined) return false;
  const changedMs = Date.parse(metadata.annotations?.[annotations.lastPasswordChange] ?? '');
  return !Number.isNaN(changedMs) && nowMs - changedMs > maxAgeDays * dayMs;
}

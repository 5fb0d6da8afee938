import type { UserObject } from './kinds.ts';

/**
 * The user as answers show them: without the password's hash and without what other tools noted (kubectl's
 * last-applied annotation repeats the whole object, the password included).
 */
export function publicUser(user: UserObject, extra: Readonly<Record<string, string>> = {}): UserObject {
  const { password: _password, ...spec } = user.spec;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...noted } = user.metadata.annotations ?? {};
  const { managedFields: _fields, ...metadata } = user.metadata;
  const shown = { ...noted, ...extra };
  return { ...user, metadata: { ...metadata, ...(Object.keys(shown).length > 0 ? { annotations: shown } : {}) }, spec };
}

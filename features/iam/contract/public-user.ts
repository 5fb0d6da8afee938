import type { UserObject } from './kinds.ts';

/**
 * The user as answers show them: without the password's hash and without what other tools noted (kubectl's
 * last-applied annotation repeats the whole object, the password included).
 */
export function publicUser(user: UserObject, extra: Readonly<Record<string, string>> = {}): UserObject {
  const annotations = { ...without(user.metadata.annotations ?? {}, appliedAnnotation), ...extra };
  const metadata = { ...without(user.metadata, 'managedFields'), annotations };
  const shown = Object.keys(annotations).length > 0 ? metadata : without(metadata, 'annotations');
  return { ...user, metadata: shown, spec: without(user.spec, 'password') };
}

const appliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

function without<T extends object, K extends string>(value: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as Omit<T, K>; // the same but for one key
}

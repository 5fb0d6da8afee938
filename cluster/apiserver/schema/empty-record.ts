/**
 * An object that has nothing of its own. Properties are looked up in it by names that clients chose: in an ordinary
 * object `constructor` and `__proto__` would be found.
 */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>; // `create` gives `any`
}

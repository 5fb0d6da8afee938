import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';

/** RFC 7396: objects are merged field by field, a null removes, everything else replaces. */
export function mergePatch(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(value) ? { ...value } : {};
  for (const [field, change] of Object.entries(patch)) {
    if (change === null) delete result[field];
    else setOwn(result, field, mergePatch(result[field], change));
  }
  return result;
}

/** Plain assignment would let a field named `__proto__` change the object itself. */
export function setOwn(object: JsonObject, field: string, value: Json): void {
  if (field === '__proto__')
    Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true });
  else object[field] = value;
}

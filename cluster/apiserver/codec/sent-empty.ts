import type { Json, JsonObject } from '../schema/schema.ts';

const emptied = new WeakMap<JsonObject, Map<string, Json>>();

/** Notes that a body had an empty list or map where the object it became has nothing. */
export function noteEmpty(object: JsonObject, field: string, value: Json): void {
  const fields = emptied.get(object);
  if (fields) fields.set(field, value);
  else emptied.set(object, new Map([[field, value]]));
}

/**
 * The empty list or map a client sent for a field that is left out when empty; undefined when it sent nothing. A few
 * rules of the real server tell the two apart, and so do its messages. Known until the object is copied.
 */
export function sentEmpty(object: JsonObject | undefined, field: string): Json | undefined {
  return object && emptied.get(object)?.get(field);
}

import { cloneJson } from './clone-json.ts';
import { isObject } from './structural-schema.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/**
 * Fills in a structural schema's defaults, in place. A null where null is not allowed counts as missing; with no
 * default it is removed. Works from the outside in, so that a default object gets its own fields' defaults.
 */
export function applyDefaults(schema: Schema, value: Json | undefined): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) applyDefaults(schema.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    if (isUnset(child, value[field])) setToDefault(value, field, child);
    applyDefaults(child, value[field]);
  }
  if (typeof schema.additionalProperties === 'object') defaultAdditional(schema, schema.additionalProperties, value);
}

/** True when the schema has a default anywhere. */
export function hasDefaults(schema: Schema): boolean {
  const { additionalProperties: additional, items } = schema;
  return (
    schema.default !== undefined ||
    Object.values(schema.properties ?? {}).some(hasDefaults) ||
    (items !== undefined && hasDefaults(items)) ||
    (typeof additional === 'object' && hasDefaults(additional))
  );
}

function isUnset(schema: Schema, value: Json | undefined): boolean {
  return value === undefined || (value === null && !schema.nullable);
}

function setToDefault(object: JsonObject, field: string, schema: Schema): void {
  if (schema.default === undefined) delete object[field];
  else object[field] = cloneJson(schema.default);
}

/** Values of a map: one that may not be null and has no default stays, for validation to refuse. */
function defaultAdditional(schema: Schema, child: Schema, value: JsonObject): void {
  for (const key of Object.keys(value)) {
    if (schema.properties?.[key]) continue;
    if (child.default !== undefined && isUnset(child, value[key])) setToDefault(value, key, child);
    applyDefaults(child, value[key]);
  }
}

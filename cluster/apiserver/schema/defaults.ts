import { isObject } from './structural-schema.ts';
import type { Json, Schema } from './schema.ts';

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
    const unset = value[field] === undefined || (value[field] === null && !child.nullable);
    if (unset && child.default !== undefined) value[field] = structuredClone(child.default);
    else if (unset) delete value[field];
    applyDefaults(child, value[field]);
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties !== 'object') return;
  for (const [key, item] of Object.entries(value)) {
    if (schema.properties?.[key]) continue;
    if (item === null && !additionalProperties.nullable && additionalProperties.default !== undefined) {
      value[key] = structuredClone(additionalProperties.default);
    }
    applyDefaults(additionalProperties, value[key]);
  }
}

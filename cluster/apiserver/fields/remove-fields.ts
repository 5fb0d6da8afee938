import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import type { FieldSet } from './field-set.ts';
import { fieldSchema, itemElement, itemSchema } from './typed-value.ts';

/** The value without the members of `fields`; a container that was emptied by it goes as well. */
export function removeFields(schema: Schema, value: Json, fields: FieldSet): Json | undefined {
  if (fields.isEmpty) return value;
  if (Array.isArray(value)) return removeItems(schema, value, fields);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [field, item] of Object.entries(value)) {
    const element = `f:${field}`;
    if (fields.members.has(element)) continue;
    const kept = removeFields(fieldSchema(schema, field) ?? {}, item, fields.child(element));
    if (kept !== undefined) result[field] = kept;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

function removeItems(schema: Schema, list: readonly Json[], fields: FieldSet): Json[] | undefined {
  const result: Json[] = [];
  for (const [index, item] of list.entries()) {
    const element = itemElement(schema, item, index);
    if (fields.members.has(element)) continue;
    const kept = removeFields(itemSchema(schema), item, fields.child(element));
    if (kept !== undefined) result.push(kept);
  }
  return result.length > 0 ? result : undefined;
}

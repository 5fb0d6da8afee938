import { isObject } from './structural-schema.ts';
import type { Json, Schema } from './schema.ts';

const ownFields = new Set(['apiVersion', 'kind', 'metadata']);

/** Removes, in place, the fields that a structural schema does not know; gives their paths. */
export function prune(schema: Schema, value: Json | undefined, path = ''): string[] {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.flatMap((item, index) => prune(items, item, `${path}[${index}]`)) : [];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, item]) => {
    const child = schema.properties?.[field] ?? additional(schema);
    const childPath = path ? `${path}.${field}` : field;
    if (child) return prune(child, item, childPath);
    if (keepsUnknown(schema, field)) return [];
    delete value[field];
    return [childPath];
  });
}

function keepsUnknown(schema: Schema, field: string): boolean {
  return schema.preserveUnknown === true || (schema.embeddedResource === true && ownFields.has(field));
}

function additional(schema: Schema): Schema | undefined {
  const { additionalProperties } = schema;
  if (additionalProperties === true) return { preserveUnknown: true };
  return additionalProperties || undefined;
}

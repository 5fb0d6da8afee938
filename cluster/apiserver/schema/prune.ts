import { isObject } from './structural-schema.ts';
import type { Json, Schema } from './schema.ts';

const ownFields = new Set(['apiVersion', 'kind', 'metadata']);

/** Removes, in place, the fields that a structural schema does not know; gives their paths. */
export function prune(schema: Schema, value: Json | undefined, path = ''): string[] {
  if (Array.isArray(value)) {
    return schema.items ? value.flatMap((item, index) => prune(schema.items ?? {}, item, `${path}[${index}]`)) : [];
  }
  if (!isObject(value)) return [];
  const dropped: string[] = [];
  for (const [field, item] of Object.entries(value)) {
    const child = schema.properties?.[field] ?? additional(schema);
    const childPath = path ? `${path}.${field}` : field;
    if (child) dropped.push(...prune(child, item, childPath));
    else if (!schema.preserveUnknown && !(schema.embeddedResource && ownFields.has(field))) {
      dropped.push(childPath);
      delete value[field];
    }
  }
  return dropped;
}

function additional(schema: Schema): Schema | undefined {
  const { additionalProperties } = schema;
  if (additionalProperties === true) return { preserveUnknown: true };
  return additionalProperties || undefined;
}

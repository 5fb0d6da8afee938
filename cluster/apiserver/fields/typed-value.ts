import { listKey } from '../schema/list-key.ts';
import { isObject } from '../schema/structural-schema.ts';
import type { Json, Schema } from '../schema/schema.ts';

const unknown: Schema = { preserveUnknown: true };

/** The schema of a field; undefined when the object has no such field. */
export function fieldSchema(schema: Schema, field: string): Schema | undefined {
  const known = schema.properties?.[field];
  if (known) return known;
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties;
  const open = schema.additionalProperties === true || schema.preserveUnknown || !schema.properties;
  return open ? unknown : undefined;
}

export function itemSchema(schema: Schema): Schema {
  return schema.items ?? unknown;
}

/** True for a value that has one owner as a whole: scalars, atomic lists and maps. */
export function isLeaf(schema: Schema, value: Json): boolean {
  if (Array.isArray(value)) return schema.listType !== 'map' && schema.listType !== 'set';
  return !isObject(value) || schema.mapType === 'atomic';
}

/** The path element of a list item. Items without any of their keys go by position. */
export function itemElement(schema: Schema, item: Json, index: number): string {
  const key = listKey(schema, item);
  if (key === undefined) return `i:${index}`;
  return schema.listType === 'set' ? `v:${key}` : `k:${key}`;
}

/** Items by path element, in order. Of two with the same element the later one counts. */
export function itemsByElement(schema: Schema, list: readonly Json[]): Map<string, Json> {
  return new Map(list.map((item, index) => [itemElement(schema, item, index), item]));
}

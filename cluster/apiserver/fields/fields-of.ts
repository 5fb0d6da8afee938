import type { Json, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { FieldSet } from './field-set.ts';
import { fieldSchema, isLeaf, itemSchema, itemsByElement } from './typed-value.ts';

/** The fields a value sets: what server-side apply owns after it was applied. */
export function fieldsOf(schema: Schema, value: Json): FieldSet {
  const members: string[] = [];
  const children: [string, FieldSet][] = [];
  if (isObject(value)) {
    for (const [field, item] of Object.entries(value)) {
      const child = fieldSchema(schema, field) ?? {};
      const declared = schema.properties?.[field] !== undefined;
      if (isLeaf(child, item) || isEmpty(item) || !declared) members.push(`f:${field}`);
      if (!isLeaf(child, item)) children.push([`f:${field}`, fieldsOf(child, item)]);
    }
  } else if (Array.isArray(value)) {
    for (const [element, item] of itemsByElement(schema, value)) {
      members.push(element);
      if (!isLeaf(itemSchema(schema), item)) children.push([element, fieldsOf(itemSchema(schema), item)]);
    }
  }
  return new FieldSet(members, children);
}

function isEmpty(value: Json): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

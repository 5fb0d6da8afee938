import type { Json, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { FieldSet } from './field-set.ts';
import { fieldSchema, isLeaf, itemSchema, itemsByElement } from './typed-value.ts';

/** The fields a value sets: what server-side apply owns after it was applied. */
export function fieldsOf(schema: Schema, value: Json): FieldSet {
  const parts = Array.isArray(value) ? itemsOf(schema, value) : propertiesOf(schema, value);
  return new FieldSet(
    parts.filter(({ member }) => member).map(({ element }) => element),
    parts
      .filter(({ child, item }) => !isLeaf(child, item))
      .map(({ element, child, item }) => [element, fieldsOf(child, item)] as const),
  );
}

interface Part {
  readonly element: string;
  readonly child: Schema;
  readonly item: Json;
  /** Owned itself, and not only in what it contains. */
  readonly member: boolean;
}

function itemsOf(schema: Schema, list: readonly Json[]): Part[] {
  const child = itemSchema(schema);
  return [...itemsByElement(schema, list)].map(([element, item]) => ({ element, child, item, member: true }));
}

function propertiesOf(schema: Schema, value: Json): Part[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([field, item]) => {
    const child = fieldSchema(schema, field) ?? {};
    const declared = schema.properties?.[field] !== undefined;
    return { element: `f:${field}`, child, item, member: isLeaf(child, item) || isEmpty(item) || !declared };
  });
}

function isEmpty(value: Json): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

import { isObject } from './structural-schema.ts';
import type { Json, Schema } from './schema.ts';

/** Characters of property names that CEL names cannot have. */
const escapes: readonly (readonly [from: string, to: string])[] = [
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
];
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A value as CEL rules see it: integers by schema (JSON has none), times as times, property names as CEL can say them. */
export function celValue(schema: Schema, value: Json): unknown {
  if (typeof value === 'number') return isInteger(schema, value) ? BigInt(value) : value;
  if (typeof value === 'string') return schema.format === 'date-time' ? new Date(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(schema.items ?? {}, item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const known = schema.properties?.[name];
      const additional = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
      return [known ? celName(name) : name, celValue(known ?? additional, item)];
    }),
  );
}

function isInteger(schema: Schema, value: number): boolean {
  return Number.isInteger(value) && schema.type !== 'number';
}

function celName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return escapes.reduce((text, [from, to]) => text.replaceAll(from, to), name);
}

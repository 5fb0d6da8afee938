import { isObject } from './structural-schema.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/**
 * What identifies an item of a list of type `set` or `map`, as JSON with sorted keys: `"a"` or `{"port":80,"protocol":"TCP"}`.
 * Missing map keys count with their default. Undefined when the item has none of its keys.
 */
export function listKey(schema: Schema, item: Json): string | undefined {
  if (schema.listType === 'set') return JSON.stringify(item);
  if (!isObject(item)) return undefined;
  const key: JsonObject = {};
  for (const name of [...(schema.listMapKeys ?? [])].sort()) {
    const value = item[name] ?? schema.items?.properties?.[name]?.default;
    if (value !== undefined) key[name] = value;
  }
  return Object.keys(key).length > 0 ? JSON.stringify(key) : undefined;
}

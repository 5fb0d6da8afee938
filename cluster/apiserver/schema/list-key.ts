import { isObject } from './structural-schema.ts';
import type { Json, Schema } from './schema.ts';

/**
 * What identifies an item of a list of type `set` or `map`, as JSON with sorted keys: `"a"` or `{"port":80,"protocol":"TCP"}`.
 * Missing map keys count with their default. Undefined when the item has none of its keys.
 */
export function listKey(schema: Schema, item: Json): string | undefined {
  if (schema.listType === 'set') return JSON.stringify(item);
  if (!isObject(item)) return undefined;
  const defaults = schema.items?.properties ?? {};
  const names = [...(schema.listMapKeys ?? [])].sort();
  const key = names
    .map((name) => [name, item[name] ?? defaults[name]?.default] as const)
    .filter(([, value]) => value !== undefined);
  return key.length > 0 ? JSON.stringify(Object.fromEntries(key)) : undefined;
}

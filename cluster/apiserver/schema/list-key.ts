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

/** The old item of a list whose items have keys, for each new one. */
export function oldItems(schema: Schema, old: Json | undefined): (item: Json) => Json | undefined {
  if (schema.listType !== 'map' || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item) => [listKey(schema, item), item]));
  return (item) => byKey.get(listKey(schema, item));
}

import { oldItems } from './list-key.ts';
import { sameJson } from './same-json.ts';
import type { Json, Schema } from './schema.ts';
import { isObject } from './structural-schema.ts';

/** True when an update has left a value as it was; items with keys may have changed their places. */
export function isUnchanged(schema: Schema, value: Json, old: Json): boolean {
  if (Array.isArray(value)) return Array.isArray(old) && isUnchangedList(schema, value, old);
  if (!isObject(value) || !isObject(old)) return sameJson(value, old);
  const names = Object.keys(value);
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  return (
    names.length === Object.keys(old).length &&
    names.every((name) => {
      const [now, then] = [value[name], old[name]];
      return now !== undefined && then !== undefined && isUnchanged(schema.properties?.[name] ?? more, now, then);
    })
  );
}

function isUnchangedList(schema: Schema, list: readonly Json[], old: readonly Json[]): boolean {
  if (list.length !== old.length) return false;
  const items = schema.items ?? {};
  const byKey = schema.listType === 'map' ? oldItems(schema, [...old]) : undefined;
  return list.every((item, index) => {
    const was = byKey ? byKey(item) : old[index];
    return was !== undefined && isUnchanged(items, item, was);
  });
}

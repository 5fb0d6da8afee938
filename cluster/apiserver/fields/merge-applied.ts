import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { fieldSchema, isLeaf, itemSchema, itemsByElement } from './typed-value.ts';

/** The live value with the applied one laid over it: objects field by field, keyed lists item by item, the rest whole. */
export function mergeApplied(schema: Schema, live: Json | undefined, applied: Json): Json {
  if (live === undefined || isLeaf(schema, applied) || isLeaf(schema, live)) return applied;
  if (Array.isArray(applied) && Array.isArray(live)) return mergeList(schema, live, applied);
  if (!isObject(applied) || !isObject(live)) return applied;
  const result: JsonObject = { ...live };
  for (const [field, value] of Object.entries(applied)) {
    result[field] = mergeApplied(fieldSchema(schema, field) ?? {}, live[field], value);
  }
  return result;
}

/** Shared items stand in the applied order; items only the live list has keep their place before the next shared one. */
function mergeList(schema: Schema, live: readonly Json[], applied: readonly Json[]): Json[] {
  const left = itemsByElement(schema, live);
  const right = itemsByElement(schema, applied);
  const liveElements = [...left.keys()];
  const result: Json[] = [];
  let next = 0;
  const takeLiveOnly = (): void => {
    for (; next < liveElements.length; next++) {
      const element = liveElements[next] ?? '';
      if (right.has(element)) return;
      result.push(left.get(element) ?? null);
    }
  };
  for (const [element, item] of right) {
    takeLiveOnly();
    result.push(mergeApplied(itemSchema(schema), left.get(element), item));
    if (liveElements[next] === element) next++;
  }
  for (; next < liveElements.length; next++) {
    const element = liveElements[next] ?? '';
    if (!right.has(element)) result.push(left.get(element) ?? null);
  }
  return result;
}

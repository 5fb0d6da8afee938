import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '@kit/base';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { setOwn } from './merge-patch.ts';

const directive = '$patch';
const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';
const retain = '$retainKeys';

/**
 * Kubernetes' strategic merge: like a merge patch, but lists with a merge key are merged item by item, and directives
 * delete, replace, order and retain. Throws `InternalError`, as the real server does, for a directive or an item without its key.
 */
export function strategicMergePatch(schema: Schema, value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const { [directive]: what = 'merge' } = patch;
  if (what === 'delete') return {};
  if (what === 'replace') return clean(without(patch, directive));
  if (what !== 'merge') throw bad(`unknown patch type: ${goText(what)} in map: ${goText(patch)}`);
  return mergeFields(schema, isObject(value) ? value : {}, patch);
}

function mergeFields(schema: Schema, value: JsonObject, patch: JsonObject): JsonObject {
  const result = retained({ ...value }, patch);
  for (const [key, change] of Object.entries(patch)) {
    if (key.startsWith(deletePrefix)) deletePrimitives(result, key.slice(deletePrefix.length), change);
    else if (!isDirective(key))
      mergeField(result, { schema: fieldSchema(schema, key), key, change, order: patch[orderPrefix + key] });
  }
  for (const key of Object.keys(patch)) {
    const field = key.slice(orderPrefix.length);
    if (key.startsWith(orderPrefix) && patch[field] === undefined) orderList(result, field, { schema, patch });
  }
  return result;
}

/** An order that came without changes of its list. */
function orderList(result: JsonObject, field: string, { schema, patch }: { schema: Schema; patch: JsonObject }): void {
  const list = result[field];
  if (Array.isArray(list))
    result[field] = inOrder(fieldSchema(schema, field), list, {
      order: patch[orderPrefix + field],
      existing: list,
    });
}

interface FieldChange {
  readonly schema: Schema;
  readonly key: string;
  readonly change: Json;
  readonly order: Json | undefined;
}

function mergeField(result: JsonObject, { schema, key, change, order }: FieldChange): void {
  if (change === null) {
    delete result[key];
    return;
  }
  const current = result[key];
  if (Array.isArray(change)) setOwn(result, key, mergeList(schema, { current, change, order }));
  else if (isObject(change)) {
    const deleted = change[directive] === 'delete';
    if (deleted) delete result[key];
    else setOwn(result, key, strategicMergePatch(schema, current, change));
  } else setOwn(result, key, change);
}

/** `$retainKeys` lists what a union keeps: setting one member of it drops the others. */
function retained(value: JsonObject, patch: JsonObject): JsonObject {
  const keep = patch[retain];
  if (keep === undefined) return value;
  if (!Array.isArray(keep)) throw bad(`${retain} has to be a list`);
  return Object.fromEntries(Object.entries(value).filter(([key]) => keep.includes(key)));
}

interface ListChange {
  readonly current: Json | undefined;
  readonly change: readonly Json[];
  readonly order: Json | undefined;
}

function mergeList(schema: Schema, { current, change, order }: ListChange): Json[] {
  const existing = Array.isArray(current) ? current : [];
  const merges = schema.patchStrategy?.split(',').includes('merge') ?? false;
  if (!merges) return clean([...change]) as Json[]; // a list stays a list
  const mergeKey = schema.patchMergeKey;
  const primitive =
    mergeKey === undefined || (change.every((item) => !isObject(item)) && existing.every((item) => !isObject(item)));
  const merged = primitive
    ? [...existing, ...change.filter((item) => !existing.some((other) => isDeepStrictEqual(other, item)))]
    : mergeItems(schema, { existing, change, mergeKey });
  const items = change.filter((item) => !isObject(item) || (item[directive] ?? 'merge') === 'merge');
  return inOrder(schema, merged, { order: order ?? items, existing });
}

function mergeItems(
  schema: Schema,
  list: { existing: readonly Json[]; change: readonly Json[]; mergeKey: string },
): Json[] {
  const { existing, change, mergeKey } = list;
  const items = change.filter(isObject);
  const replaces = items.some((item) => item[directive] === 'replace' && item[mergeKey] === undefined);
  let result: Json[] = replaces ? [] : [...existing];
  for (const item of items) {
    if (item[directive] === 'replace' && Object.keys(item).length === 1) continue;
    const key = item[mergeKey];
    if (key === undefined) throw bad(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    const index = result.findIndex((other) => isObject(other) && other[mergeKey] === key);
    if (item[directive] === 'delete') result = result.filter((other) => !isObject(other) || other[mergeKey] !== key);
    else if (index < 0) result.push(strategicMergePatch(schema.items ?? {}, {}, item));
    else result[index] = strategicMergePatch(schema.items ?? {}, result[index], item);
  }
  return result;
}

/**
 * Items named by the order come in it; the others keep their order, and come before those that they were before. An item
 * that is new goes ahead of what is left.
 */
function inOrder(
  schema: Schema,
  list: readonly Json[],
  { order, existing }: { order: Json | undefined; existing: readonly Json[] },
): Json[] {
  if (!Array.isArray(order)) return [...list];
  const { patchMergeKey } = schema;
  const keyOf = (item: Json): string => JSON.stringify(isObject(item) && patchMergeKey ? item[patchMergeKey] : item);
  const wanted = order.map(keyOf);
  const before = existing.map(keyOf);
  const ordered = wanted.flatMap((key) => list.filter((item) => keyOf(item) === key));
  const others = list.filter((item) => !wanted.includes(keyOf(item)));
  const result: Json[] = [];
  for (const item of ordered) {
    const place = before.indexOf(keyOf(item));
    while (place >= 0 && others[0] !== undefined && before.indexOf(keyOf(others[0])) < place)
      result.push(...others.splice(0, 1));
    result.push(item);
  }
  return [...result, ...others];
}

function deletePrimitives(result: JsonObject, field: string, values: Json): void {
  const list = result[field];
  if (!Array.isArray(values)) throw bad(`${deletePrefix}${field} has to be a list`);
  if (Array.isArray(list)) result[field] = list.filter((item) => !values.some((gone) => isDeepStrictEqual(gone, item)));
}

function fieldSchema(schema: Schema, field: string): Schema {
  const known = schema.properties?.[field];
  if (known) return known;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
}

function without({ ...object }: JsonObject, field: string): JsonObject {
  delete object[field];
  return object;
}

/** New content must not carry directives into the stored object. */
function clean(value: Json): Json {
  if (Array.isArray(value))
    return value
      .filter((item) => !isObject(item) || item[directive] === undefined || Object.keys(item).length > 1)
      .map(clean);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(([key, item]) => item !== null && !isDirective(key));
  return Object.fromEntries(own.map(([key, item]) => [key, clean(item)]));
}

function isDirective(key: string): boolean {
  return key === directive || key === retain || key.startsWith(orderPrefix) || key.startsWith(deletePrefix);
}

/** A value as Go prints it: the real server names what it cannot merge so. */
function goText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([name, item]) => `${name}:${goText(item)}`).join(' ')}]`;
}

/** The real server answers with an error of its own where a patch makes no sense. */
function bad(problem: string): ApiError {
  return new ApiError('InternalError', problem);
}

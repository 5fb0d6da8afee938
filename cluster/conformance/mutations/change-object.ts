import type { Json, JsonObject } from '../../apiserver/schema/schema.ts';
import { isObject } from '../../apiserver/schema/structural-schema.ts';
import { placesOf, replaced, type Mutation } from './mutate-object.ts';

/** What only the server writes, or what an update is addressed by. */
const kept = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const keptMetadata = new Set(['managedFields', 'selfLink', 'resourceVersion']);

/** Another value that would be as good in most places, and none. */
function changes(value: Json): Readonly<Record<string, Json | undefined>> {
  if (typeof value === 'string') return { drop: undefined, other: value === 'other' ? 'another' : 'other' };
  if (typeof value === 'number') return { drop: undefined, other: value + 1 };
  if (typeof value === 'boolean') return { drop: undefined, other: !value };
  return Array.isArray(value) || isObject(value) ? { drop: undefined } : {};
}

function changesBelow(object: JsonObject, field: string, skipped: ReadonlySet<string>): Mutation[] {
  return placesOf(object)
    .filter(([path]) => path[0] === field && !skipped.has(String(path[1] ?? '')))
    .flatMap(([path, value]) =>
      Object.entries(changes(value)).map(([how, by]) => ({
        how,
        at: path.join('.'),
        object: replaced(object, path, by) as JsonObject, // an object stays one: paths are never empty
      })),
    );
}

/** Every object that differs from a stored one in one value that clients may try to change. */
export function changesOf(stored: JsonObject): Mutation[] {
  const fields = Object.keys(stored).filter((field) => !kept.has(field));
  return [
    ...changesBelow(stored, 'metadata', keptMetadata),
    ...fields.flatMap((field) => changesBelow(stored, field, new Set())),
  ];
}

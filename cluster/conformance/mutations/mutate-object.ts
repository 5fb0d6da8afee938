import type { Json, JsonObject } from '../../apiserver/schema/schema.ts';
import { isObject } from '../../apiserver/schema/structural-schema.ts';

export type Path = readonly (string | number)[];

/** An object with one thing changed, and what was changed where. */
export interface Mutation {
  readonly how: string;
  readonly at: string;
  readonly object: JsonObject;
}

const longText = 'x'.repeat(300);
const deepest = 4;

/** The likeliest mistakes with a value of each kind; undefined takes the value out. */
function mistakes(value: Json, depth: number): Readonly<Record<string, Json | undefined>> {
  if (typeof value === 'string') {
    return { drop: undefined, empty: '', bad: 'Not_Valid!', number: 7, ...(depth < deepest && { long: longText }) };
  }
  if (typeof value === 'number') return { drop: undefined, minus: -1, huge: 70_000, text: 'many' };
  if (typeof value === 'boolean') return { drop: undefined, text: 'yes' };
  if (Array.isArray(value)) return { drop: undefined, none: [], twice: [...value, ...value] };
  return isObject(value) ? { drop: undefined, unknown: { ...value, zzz: 1 } } : { drop: undefined };
}

/** Every value below a value, with its path, outer ones first. */
export function placesOf(value: Json, path: Path = []): [Path, Json][] {
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))
      : [];
  return path.length === 0 ? below : [[path, value], ...below];
}

/** The value with another one at a path; undefined takes out what is there. */
export function replaced(value: Json, [key, ...rest]: Path, by: Json | undefined): Json | undefined {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    const item = replaced(value[Number(key)] ?? null, rest, by);
    return value.toSpliced(Number(key), 1, ...(item === undefined ? [] : [item]));
  }
  const { [key]: found = null, ...others } = isObject(value) ? value : {};
  const item = replaced(found, rest, by);
  return item === undefined ? others : { ...(isObject(value) ? value : {}), [key]: item };
}

/** Every object that differs from the given one by one likely mistake. What it is called and where it is stay. */
export function mutationsOf(object: JsonObject): Mutation[] {
  return placesOf(object)
    .filter(([path]) => path[0] !== 'apiVersion' && path[0] !== 'kind')
    .flatMap(([path, value]) =>
      Object.entries(mistakes(value, path.length)).map(([how, by]) => ({
        how,
        at: path.join('.'),
        object: replaced(object, path, by) as JsonObject, // an object stays one: paths are never empty
      })),
    );
}

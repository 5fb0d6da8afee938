import type { Json } from './schema.ts';

/** A copy that shares nothing with the original; several times faster than `structuredClone`, for JSON only. */
export function cloneJson<Value>(value: Value): Value;
export function cloneJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cloneJson(item));
  const copy: Record<string, Json> = {};
  for (const name of Object.keys(value)) copy[name] = cloneJson(value[name] as Json); // a key that was just listed
  return copy;
}

import type { Json, JsonObject } from '../../schema/schema.ts';

/** `value` as an object, undefined if it is none. */
export function record(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined; // JSON
}

/** `value` as an object, an empty one if it is none. */
export function fieldsIn(value: unknown): JsonObject {
  return record(value) ?? {};
}

/** The objects of a list; none when it is no list. */
export function items(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(record).filter((item) => item !== undefined) : [];
}

/** A value that is a text or a number by schema, as text. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A value that is a text or a number by schema, as text; '' for one that is not set. */
export function optionalText(value: unknown): string {
  return textOf(value ?? '');
}

/** Texts of a list; none when it is no list. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

/** Sets a field nobody has set. Go's zero text counts as unset; a zero number or false is a value where it is kept. */
export function setDefault(object: JsonObject, field: string, value: Json | undefined): void {
  const current = object[field];
  if ((current === undefined || current === null || current === '') && value !== undefined) object[field] = value;
}

/** Sets a field nobody has set, where an empty text is a value as well: Go holds it behind a pointer. */
export function setAbsent(object: JsonObject, field: string, value: Json): void {
  object[field] ??= value;
}

/** As `setAbsent`, for several fields. */
export function setAbsentAll(object: JsonObject, defaults: Readonly<Record<string, Json>>): void {
  for (const [field, value] of Object.entries(defaults)) object[field] ??= value;
}

export function setDefaults(object: JsonObject, defaults: Readonly<Record<string, Json>>): void {
  for (const [field, value] of Object.entries(defaults)) setDefault(object, field, value);
}

/** The object's `spec`, made if there is none. */
export function specOf(object: { [field: string]: unknown }): JsonObject {
  return record(object['spec']) ?? (object['spec'] = {}); // just made or checked
}

/** Reads a value by path, for field labels: `valueAt('spec.nodeName')`; `otherwise` stands for what is not set. */
export function valueAt(path: string, otherwise: Json = ''): (object: { [field: string]: unknown }) => Json {
  return (object) => {
    let value: unknown = object;
    for (const field of path.split('.')) value = record(value)?.[field];
    return (value as Json | undefined) ?? otherwise; // objects of the store are JSON
  };
}

import type { GoField, Json, JsonObject, Schema } from './schema.ts';

/**
 * Fills in what Go's encoder writes for fields nobody set: empty structs, and zero values of fields that are not
 * omitted when empty. Clients written against the real server rely on `status: {}` and `resources: {}` being there.
 */
export function completeZeroValues(schema: Schema, value: Json | undefined): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) completeZeroValues(schema.items, item);
  } else if (value && typeof value === 'object') {
    completeObject(schema, value);
  }
}

function completeObject(schema: Schema, value: JsonObject): void {
  if (typeof schema.additionalProperties === 'object') {
    for (const item of Object.values(value)) completeZeroValues(schema.additionalProperties, item);
  }
  if (!schema.go) return;
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const present = value[field];
    if (present !== undefined && present !== null) {
      completeZeroValues(child, present);
      continue;
    }
    const zero = zeroValue(child, schema.go[field]);
    if (zero !== undefined) value[field] = zero;
    else if (field in value) delete value[field]; // a delete, even of nothing, makes the object slow for everybody after
  }
}

/** What is written for an unset field; undefined when the field is left out. */
function zeroValue(schema: Schema, go: GoField | undefined): Json | undefined {
  if (!go || go.omitZero) return undefined;
  if (go.pointer) return go.omitEmpty ? undefined : null;
  if (isStruct(schema)) {
    const empty: JsonObject = {};
    completeObject(schema, empty);
    return empty;
  }
  // structs with their own JSON form are never empty to Go's encoder
  if (schema.quantity) return '0';
  if (schema.format === 'date-time' || schema.format === 'micro-time') return null;
  if (go.omitEmpty) return undefined;
  return zeroScalar(schema);
}

function zeroScalar(schema: Schema): Json {
  if (schema.intOrString) return 0;
  if (schema.type === 'string') return schema.format === 'byte' ? null : '';
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  return schema.type === 'boolean' ? false : null;
}

function isStruct(schema: Schema): boolean {
  return schema.type === 'object' && schema.properties !== undefined && schema.go !== undefined;
}

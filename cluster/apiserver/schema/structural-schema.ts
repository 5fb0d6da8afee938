import { emptyRecord } from './empty-record.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

const copied = [
  'type',
  'format',
  'default',
  'nullable',
  'description',
  'required',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

const extensions = {
  'x-kubernetes-preserve-unknown-fields': 'preserveUnknown',
  'x-kubernetes-embedded-resource': 'embeddedResource',
  'x-kubernetes-int-or-string': 'intOrString',
  'x-kubernetes-list-type': 'listType',
  'x-kubernetes-list-map-keys': 'listMapKeys',
  'x-kubernetes-map-type': 'mapType',
  'x-kubernetes-validations': 'rules',
} as const;

const taken = [...copied.map((key) => [key, key] as const), ...Object.entries(extensions)];

/** The schema of a custom kind from the `openAPIV3Schema` of its definition. */
export function structuralSchema(source: JsonObject): Schema {
  const result: Record<string, unknown> = {};
  for (const [from, to] of taken) if (source[from] !== undefined) result[to] = source[from];
  const { properties, additionalProperties } = source;
  if (isObject(properties)) result['properties'] = mapValues(properties, structuralSchema);
  if (typeof additionalProperties === 'boolean') result['additionalProperties'] = additionalProperties;
  for (const key of ['items', 'additionalProperties', 'not']) {
    const below = source[key];
    if (isObject(below)) result[key] = structuralSchema(below);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const list = source[key];
    if (Array.isArray(list)) result[key] = list.filter(isObject).map(structuralSchema);
  }
  return result; // every key above is one of Schema's; the definition's own validation checked the values
}

/** The schema of a whole custom object: the definition's own, with apiVersion, kind and metadata as every object has them. */
export function customObjectSchema(source: JsonObject | undefined, metadata: Schema): Schema {
  const schema = source ? structuralSchema(source) : { type: 'object' as const, preserveUnknown: true };
  const text: Schema = { type: 'string' };
  const properties = Object.assign(emptyRecord<Schema>(), schema.properties, {
    apiVersion: text,
    kind: text,
    metadata,
  });
  return { ...schema, properties };
}

function mapValues(object: JsonObject, convert: (value: JsonObject) => Schema): Record<string, Schema> {
  const result = emptyRecord<Schema>();
  for (const [key, value] of Object.entries(object)) result[key] = isObject(value) ? convert(value) : {};
  return result;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Json, JsonObject, Schema } from '../../schema/schema.ts';

const metadata: JsonObject = { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }], default: {} };

const asItIs = [
  'type', 'format', 'description', 'required', 'enum', 'default', 'nullable', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum',
  'multipleOf', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties',
] as const satisfies readonly (keyof Schema)[];

const extensions = {
  preserveUnknown: 'x-kubernetes-preserve-unknown-fields',
  embeddedResource: 'x-kubernetes-embedded-resource',
  intOrString: 'x-kubernetes-int-or-string',
  listType: 'x-kubernetes-list-type',
  listMapKeys: 'x-kubernetes-list-map-keys',
  mapType: 'x-kubernetes-map-type',
  rules: 'x-kubernetes-validations',
} as const satisfies Partial<Record<keyof Schema, string>>;

function openApi(schema: Schema): JsonObject {
  const result: Record<string, unknown> = {};
  for (const field of asItIs) if (schema[field] !== undefined) result[field] = schema[field];
  for (const [field, name] of Object.entries(extensions)) {
    const value = schema[field as keyof typeof extensions];
    if (value !== undefined && value !== false) result[name] = value;
  }
  if (schema.properties) result.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, openApi(part)]));
  const { additionalProperties: more, items } = schema;
  if (more !== undefined) result.additionalProperties = typeof more === 'boolean' ? more : openApi(more);
  if (items) result.items = openApi(items);
  for (const field of ['allOf', 'anyOf', 'oneOf'] as const) if (schema[field]) result[field] = schema[field].map(openApi);
  if (schema.not) result.not = openApi(schema.not);
  return result as JsonObject; // made of JSON only
}

/** The OpenAPI schema of a custom kind. */
export function customSchema(kind: { group: string; version: string; kind: string; schema: Schema }): JsonObject {
  const own = openApi({ ...kind.schema, properties: { ...kind.schema.properties, metadata: {} } });
  const properties: Json = { ...(own.properties as JsonObject), apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata };
  const { group, version } = kind;
  return { ...own, type: 'object', properties, 'x-kubernetes-group-version-kind': [{ group, version, kind: kind.kind }] };
}

/** `com.example.stable.v1.CronTab`: the group backwards, version and kind. */
export function customSchemaName(kind: { group: string; version: string; kind: string }): string {
  return `${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;
}

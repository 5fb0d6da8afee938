import type { Json, JsonObject, Schema } from '../../schema/schema.ts';

const metaPrefix = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1';
const metadata: JsonObject = { allOf: [{ $ref: `${metaPrefix}.ObjectMeta` }] };

const asItIs = [
  'type',
  'format',
  'description',
  'required',
  'enum',
  'default',
  'nullable',
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
] as const satisfies readonly (keyof Schema)[];

const extensions = [
  ['preserveUnknown', 'x-kubernetes-preserve-unknown-fields'],
  ['embeddedResource', 'x-kubernetes-embedded-resource'],
  ['intOrString', 'x-kubernetes-int-or-string'],
  ['listType', 'x-kubernetes-list-type'],
  ['listMapKeys', 'x-kubernetes-list-map-keys'],
  ['mapType', 'x-kubernetes-map-type'],
  ['rules', 'x-kubernetes-validations'],
] as const satisfies readonly (readonly [keyof Schema, string])[];

const mapped = (schemas: Readonly<Record<string, Schema>>): JsonObject =>
  Object.fromEntries(Object.entries(schemas).map(([name, part]) => [name, openApi(part)]));

/** The schemas inside a schema, under their own names. */
function inner({ properties, additionalProperties: more, items, not, ...schema }: Schema): JsonObject {
  const lists = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((field) => {
    const schemas = schema[field];
    return schemas ? [[field, schemas.map(openApi)] as const] : [];
  });
  return {
    ...(properties && { properties: mapped(properties) }),
    ...(more !== undefined && { additionalProperties: typeof more === 'boolean' ? more : openApi(more) }),
    ...(items && { items: openApi(items) }),
    ...(not && { not: openApi(not) }),
    ...Object.fromEntries(lists),
  };
}

function openApi(schema: Schema): JsonObject {
  const plain = asItIs.flatMap((field) => (schema[field] === undefined ? [] : [[field, schema[field]] as const]));
  // what either is has to be said in a way that all readers of OpenAPI know
  const either = schema.intOrString && !schema.anyOf ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {};
  const extended = extensions.flatMap(([field, name]) => (schema[field] ? [[name, schema[field]] as const] : []));
  return { ...Object.fromEntries([...plain, ...extended]), ...either, ...inner(schema) } as JsonObject; // made of JSON only
}

/** The OpenAPI schema of a custom kind. */
export function customSchema(kind: CustomKind & { schema: Schema }): JsonObject {
  const own = openApi(kind.schema);
  const properties: Json = {
    ...mapped({ ...kind.schema.properties, metadata: {} }),
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata,
  };
  const { group, version } = kind;
  return {
    ...own,
    type: 'object',
    properties,
    'x-kubernetes-group-version-kind': [{ group, version, kind: kind.kind }],
    ...selectable(kind),
  };
}

/** The schema of the list of a custom kind. */
export function customListSchema(kind: CustomKind & { listKind: string }): JsonObject {
  const { group, version, listKind } = kind;
  const items = { type: 'array', items: { $ref: `#/components/schemas/${customSchemaName(kind)}` } };
  const properties: JsonObject = {
    apiVersion: { type: 'string' },
    items,
    kind: { type: 'string' },
    metadata: { allOf: [{ $ref: `${metaPrefix}.ListMeta` }] },
  };
  return {
    type: 'object',
    required: ['items'],
    properties,
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
    ...selectable(kind),
  };
}

export function customListSchemaName(kind: CustomKind & { listKind: string }): string {
  return customSchemaName({ ...kind, kind: kind.listKind });
}

/** The fields that objects of the kind can be selected by, beside name and namespace. */
function selectable({ strategy }: CustomKind): JsonObject {
  const fields = strategy.fieldLabelNames.filter((name) => !name.startsWith('metadata.'));
  return fields.length > 0 ? { 'x-kubernetes-selectable-fields': fields.map((fieldPath) => ({ fieldPath })) } : {};
}

interface CustomKind {
  readonly strategy: { readonly fieldLabelNames: readonly string[] };
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `com.example.stable.v1.CronTab`: the group backwards, version and kind. */
export function customSchemaName(kind: Pick<CustomKind, 'group' | 'version' | 'kind'>): string {
  return `${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;
}

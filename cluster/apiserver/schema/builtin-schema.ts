import { readData, type OpenApiSchema } from '../../data/read-data.ts';
import { emptyRecord } from './empty-record.ts';
import type { GoField, Json, Schema } from './schema.ts';

type Draft = { -readonly [Key in keyof Schema]: Schema[Key] };

const apimachinery = 'io.k8s.apimachinery.pkg';
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** Types with their own JSON form, which the OpenAPI document describes only loosely. */
const special: Readonly<Record<string, Schema>> = {
  [`${apimachinery}.api.resource.Quantity`]: { quantity: true },
  [`${apimachinery}.util.intstr.IntOrString`]: { intOrString: true },
  [`${apimachinery}.apis.meta.v1.Time`]: { type: 'string', format: 'date-time' },
  [`${apimachinery}.apis.meta.v1.MicroTime`]: { type: 'string', format: 'micro-time' },
  [`${apimachinery}.apis.meta.v1.FieldsV1`]: { preserveUnknown: true, mapType: 'atomic' },
  [`${apimachinery}.runtime.RawExtension`]: { preserveUnknown: true, mapType: 'atomic' },
  [`${extensions}.JSON`]: { preserveUnknown: true, mapType: 'atomic' },
  [`${extensions}.JSONSchemaPropsOrArray`]: { preserveUnknown: true, mapType: 'atomic' },
  [`${extensions}.JSONSchemaPropsOrBool`]: { preserveUnknown: true, mapType: 'atomic' },
  [`${extensions}.JSONSchemaPropsOrStringArray`]: { preserveUnknown: true, mapType: 'atomic' },
};

const copied = ['type', 'format', 'enum', 'required', 'default'] as const;
const renamed = {
  'x-kubernetes-list-type': 'listType',
  'x-kubernetes-list-map-keys': 'listMapKeys',
  'x-kubernetes-map-type': 'mapType',
  'x-kubernetes-patch-merge-key': 'patchMergeKey',
  'x-kubernetes-patch-strategy': 'patchStrategy',
} as const;

const made = new Map<string, Schema>();

/** The schema of a built-in type by its OpenAPI name; made at the first call, shared by all later ones. */
export function builtinSchema(name: string): Schema {
  const known = made.get(name);
  if (known) return known;
  const source = readData('schemas.json')[name];
  if (!source) throw new Error(`no schema named ${name}`);
  const draft: Draft = { ...special[name], name };
  made.set(name, draft);
  if (special[name]) return draft;
  // recursive types meet their own unfinished draft: its properties object is already the final one
  const properties = emptyRecord<Schema>();
  if (source['properties']) draft.properties = properties;
  fill(draft, source);
  draft.go = goFields(name);
  const children = (source['properties'] ?? {}) as unknown as Record<string, OpenApiSchema>; // generated data, see read-data
  for (const [field, child] of Object.entries(children)) properties[field] = convert(child);
  return draft;
}

/** A schema of the OpenAPI document with its references resolved. */
function convert(source: OpenApiSchema): Schema {
  const draft: Draft = { ...referenced(source) };
  fill(draft, source);
  return draft;
}

function referenced(source: OpenApiSchema): Schema {
  const allOf = source['allOf'] as unknown as OpenApiSchema[] | undefined; // generated data, see read-data
  const ref = (source['$ref'] ?? allOf?.[0]?.['$ref']) as string | undefined; // as above
  return ref ? builtinSchema(ref.slice(ref.lastIndexOf('/') + 1)) : {};
}

function fill(draft: Draft, source: OpenApiSchema): void {
  const target = draft as Record<string, unknown>; // generated data, see read-data
  for (const key of copied) if (source[key] !== undefined) target[key] = source[key];
  for (const [from, to] of Object.entries(renamed)) if (source[from] !== undefined) target[to] = source[from];
  const { items, additionalProperties } = source as { items?: Json; additionalProperties?: Json }; // generated data, see read-data
  if (items) draft.items = convert(items as OpenApiSchema); // generated data, see read-data
  if (additionalProperties) draft.additionalProperties = convert(additionalProperties as OpenApiSchema); // generated data, see read-data
}

function goFields(name: string): Record<string, GoField> {
  const fields = readData('go-types.json')[name] ?? {};
  return Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, goField(text)]));
}

/** `type,flags,embedded structs`; a Go type of this API has no comma. */
function goField(text: string): GoField {
  const [type = '', flags = '', embedded = ''] = text.split(',');
  return {
    type,
    embedded,
    pointer: flags.includes('p'),
    omitEmpty: flags.includes('e'),
    omitZero: flags.includes('z'),
  };
}

import type { Cause } from '@kit/base';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../../client.ts';
import type { Converter } from '../conversion/call-converter.ts';
import type { ClientConfig } from '../outbound/outbound-client.ts';
import { decodeBuiltin } from '../codec/decode-builtin.ts';
import { builtinSchema } from '../schema/builtin-schema.ts';
import { checkRules, hasRules } from '../cel/check-rules.ts';
import { applyDefaults, hasDefaults } from '../schema/defaults.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { customObjectSchema } from '../schema/structural-schema.ts';
import { validate } from '../schema/validate.ts';
import type { KindInfo, PrinterColumn, Strategy, SubresourceInfo } from './kind-info.ts';
import { jsonPath, jsonPathText } from '../tables/json-path.ts';
import { dns1123Subdomain } from './validation/format.ts';
import { finalizerWarnings, validateObjectMeta, validateObjectMetaUpdate } from './validation/object-meta.ts';
import { sameContent } from './kind-rules.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonObject };
  readonly subresources?: { readonly status?: object; readonly scale?: KindInfo['scale'] };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

interface Names {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: Names;
    readonly versions: CrdVersion[];
    readonly conversion?: {
      readonly strategy: string;
      readonly webhook?: {
        readonly clientConfig?: ClientConfig;
        readonly conversionReviewVersions?: readonly string[];
      };
    };
  };
  readonly status?: { readonly acceptedNames?: Names; readonly storedVersions?: readonly string[] };
}

/** The kinds a CustomResourceDefinition serves, one per served version; names are those it was granted. */
export function kindsOfCrd(crd: ClusterObject): KindInfo[] {
  const { spec, status } = crd as unknown as Definition; // checked by the rules of CustomResourceDefinition
  const names = status?.acceptedNames?.plural ? status.acceptedNames : spec.names;
  const conversion = conversionOf({ spec, status }, () => all);
  const at = { group: spec.group, namespaced: spec.scope === 'Namespaced', names, conversion };
  const all = spec.versions.map((version) => kindOfVersion(at, version));
  return all.filter((_kind, index) => spec.versions[index]?.served);
}

function converterOf(conversion: Definition['spec']['conversion']): Converter | undefined {
  if (conversion?.strategy !== 'Webhook') return undefined;
  const { clientConfig = {}, conversionReviewVersions = ['v1'] } = conversion.webhook ?? {};
  return { clientConfig, conversionReviewVersions };
}

/** How objects get from version to version; a definition with one version needs no such thing. */
function conversionOf({ spec, status }: Definition, versions: () => readonly KindInfo[]): KindInfo['conversion'] {
  if (spec.versions.length < 2) return undefined;
  const storageVersion = spec.versions.find(({ storage }) => storage)?.name ?? '';
  const [firstVersion = storageVersion] = status?.storedVersions ?? [];
  const webhook = converterOf(spec.conversion);
  return { storageVersion, firstVersion, versions, ...(webhook && { webhook }) };
}

interface Place {
  readonly group: string;
  readonly namespaced: boolean;
  readonly names: Names;
  readonly conversion: KindInfo['conversion'];
}

function kindOfVersion(at: Place, version: CrdVersion): KindInfo {
  const { group, namespaced, names, conversion } = at;
  const source = version.schema?.openAPIV3Schema;
  const schema = customObjectSchema(source, builtinSchema('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'));
  const warning = version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated`;
  return {
    group,
    version: version.name,
    ...namesOf(names),
    namespaced,
    verbs,
    subresources: subresourcesOf(names.kind, version),
    schema,
    builtin: false,
    strategy: customStrategy(schema, version, namespaced),
    storage: version.storage,
    ...(conversion && { conversion }),
    ...(hasDefaults(contentOf(schema)) && { completeStored: (object) => applyDefaults(contentOf(schema), object) }),
    ...(version.additionalPrinterColumns && { printerColumns: version.additionalPrinterColumns }),
    ...(version.subresources?.scale && { scale: version.subresources.scale }),
    ...(version.deprecated && { deprecationWarning: warning }),
  };
}

type KindNames = Pick<KindInfo, 'kind' | 'listKind' | 'resource' | 'singular' | 'shortNames' | 'categories'>;

function namesOf({ plural, kind, listKind, singular, shortNames = [], categories = [] }: Names): KindNames {
  return {
    kind,
    listKind: listKind ?? `${kind}List`,
    resource: plural,
    singular: singular ?? kind.toLowerCase(),
    shortNames,
    categories,
  };
}

function subresourcesOf(kind: string, { subresources }: CrdVersion): SubresourceInfo[] {
  const list: SubresourceInfo[] = [];
  if (subresources?.status) list.push({ name: 'status', kind, verbs: statusVerbs });
  if (subresources?.scale)
    list.push({ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: statusVerbs });
  return list;
}

function customStrategy(schema: Schema, version: CrdVersion, namespaced: boolean): Strategy {
  const hasStatus = version.subresources?.status !== undefined;
  const selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''));
  const check = (object: ClusterObject, old?: ClusterObject): Cause[] => [
    ...withScale(validateContent(schema, object, old), version, object),
    ...embeddedProblems(schema, object),
  ];
  return {
    hasStatus,
    hasGeneration: true,
    allowUnconditionalUpdate: false,
    allowCreateOnUpdate: false,
    gracefulDelete: false,
    defaults(object) {
      conformMetadata(object);
      applyDefaults(contentOf(schema), json(object));
    },
    prepareForCreate(object) {
      if (hasStatus) delete object['status'];
    },
    prepareForUpdate(next, old) {
      if (!hasStatus) return;
      if (old['status'] === undefined) delete next['status'];
      else next['status'] = structuredClone<unknown>(old['status']);
    },
    prepareForStatusUpdate(next, old) {
      const { metadata } = next;
      const status = next['status'] as unknown; // `any` would spread
      for (const field of Object.keys(next)) delete next[field];
      Object.assign(next, structuredClone(old), {
        metadata: { ...structuredClone(old.metadata), managedFields: metadata.managedFields },
      });
      if (status === undefined) delete next['status'];
      else next['status'] = status;
    },
    changesGeneration: (next, old) =>
      hasStatus
        ? !sameContent(next, old)
        : !sameContent(next, old) || !isDeepStrictEqual(next['status'], old['status']),
    validate: (object) => [...validateObjectMeta(object, dns1123Subdomain), ...check(object)],
    validateUpdate: (next, old) => [...validateObjectMetaUpdate(next, old, dns1123Subdomain), ...check(next, old)],
    validateStatusUpdate: (next, old) => check(next, old),
    warnings: (object) => [...finalizerWarnings(object), ...(leftFaults.get(object) ?? [])],
    fieldLabels: (object) => ({
      'metadata.name': object.metadata.name,
      ...(namespaced && { 'metadata.namespace': object.metadata.namespace ?? '' }),
      ...Object.fromEntries(selectable.map((path) => [path, jsonPathText(json(object), `.${path}`)])),
    }),
    fieldLabelNames: ['metadata.name', ...(namespaced ? ['metadata.namespace'] : []), ...selectable],
  };
}

function json(object: ClusterObject): JsonObject {
  return object; // objects of requests and of the store are JSON
}

/** The schema without what every object has. */
function contentOf(schema: Schema): Schema {
  return { ...schema, properties: withoutOwn(schema) };
}

function withoutOwn(schema: Schema): Record<string, Schema> {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = schema.properties ?? {};
  return rest;
}

/** Metadata has the same shape in every kind. Throws `DecodeProblem` for a wrong type in it. */
function conformMetadata(object: ClusterObject): void {
  const schema = builtinSchema('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  object.metadata = decodeBuiltin(schema, json(object)['metadata'] ?? {}, { under: 'metadata' })
    .object as unknown as ClusterObject['metadata']; // its schema is ObjectMeta's
}

const unchecked: Cause = {
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  reason: 'FieldValueInvalid',
};

const goTypes: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  number: 'float64',
  object: 'map[string]interface {}',
};

/** A value and its type as Go prints them. */
function goValue(value: Json): string {
  const type = Array.isArray(value) ? '[]interface {}' : goTypes[typeof value];
  return `${typeof value === 'object' ? JSON.stringify(value) : String(value)} is of the type ${type}`;
}

/** What else is wrong when the replicas of the scale are no whole number: said before what was not checked. */
function withScale(causes: readonly Cause[], { subresources }: CrdVersion, object: ClusterObject): Cause[] {
  const path = subresources?.scale?.specReplicasPath ?? '';
  const [value = null] = path === '' ? [] : jsonPath(json(object), path);
  if (value === null || Number.isInteger(value)) return [...causes];
  const message = `Invalid value: 0: ${path} accessor error: ${goValue(value)}, expected int64`;
  const at = causes.includes(unchecked) ? causes.indexOf(unchecked) : causes.length;
  return [...causes.slice(0, at), { field: path, message, reason: 'FieldValueInvalid' }, ...causes.slice(at)];
}

/** Faults that an update has left as they were: it is not refused for them, but told. */
const leftFaults = new WeakMap<ClusterObject, string[]>();

/** Mistakes after which nothing can be said about rules. */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** The schema first; CEL rules only see values that fit it. */
function validateContent(schema: Schema, object: ClusterObject, old: ClusterObject | undefined): Cause[] {
  const content = contentOf(schema);
  const found = validate(content, json(object), { path: '', old: old && json(old) });
  const repeats = ({ reason }: Cause): boolean => reason === 'FieldValueDuplicate';
  const hadRepeats = old !== undefined && found.some(repeats) && validate(content, json(old)).some(repeats);
  const causes = hadRepeats ? found.filter((cause) => !repeats(cause)) : found; // items that were there twice before may stay
  if (!hasRules(content)) return causes;
  if (causes.some(({ reason }) => blocking.has(reason ?? ''))) return [...causes, unchecked];
  const { causes: broken, warnings } = checkRules(schema, json(object), old && json(old));
  if (warnings.length > 0) leftFaults.set(object, warnings);
  return [...causes, ...broken];
}

/** Whole objects inside an object must say what they are. */
function embeddedProblems(schema: Schema, object: ClusterObject): Cause[] {
  return Object.entries(withoutOwn(schema)).flatMap(([field, child]) => embedded(child, json(object)[field], field));
}

function embedded(schema: Schema, value: unknown, path: string): Cause[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => embedded(schema.items ?? {}, item, `${path}[${index}]`));
  const fields = value as JsonObject; // what is left of JSON
  const causes = schema.embeddedResource
    ? ['apiVersion', 'kind']
        .filter((field) => !fields[field])
        .map((field) => ({
          field: `${path}.${field}`,
          message: 'Required value: must not be empty',
          reason: 'FieldValueRequired',
        }))
    : [];
  const children = Object.entries(schema.properties ?? {});
  return [...causes, ...children.flatMap(([field, child]) => embedded(child, fields[field], `${path}.${field}`))];
}

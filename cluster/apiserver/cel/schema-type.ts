import type { Json, Schema } from '../schema/schema.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  structType,
  timestampType,
  type CelType,
} from './types/cel-type.ts';
import { fieldName, reservedName } from './field-name.ts';
import type { SizeOf } from './cost/estimate-cost.ts';

/** What is known of the values that fit a schema: their type, and how big they can be. */
export interface SchemaType {
  readonly type: CelType;
  /** Characters, items or entries at most. */
  readonly maxElements: bigint;
  /** Bytes of the smallest such value in JSON: how often it fits into a request follows from it. */
  readonly minBytes: number;
  readonly items?: SchemaType;
  readonly fields?: ReadonlyMap<string, SchemaType>;
}

/** The biggest request that is taken, in bytes. */
export const maxRequestBytes = 3 * 1024 * 1024;
/** Of what is neither text nor list nor map. */
const none = 0n;
const longestText = BigInt(maxRequestBytes - 2);
const timeText = 32n;
const dateText = 12n;

function plain(type: CelType, minBytes: number, maxElements = none): SchemaType {
  return { type, minBytes, maxElements };
}

const positive = (value: number): bigint => BigInt(Math.max(0, Math.trunc(value)));

const text: Schema = { type: 'string' };
const objectParts: Schema = {
  properties: {
    kind: text,
    apiVersion: text,
    metadata: { type: 'object', properties: { name: text, generateName: text } },
  },
};

/** The schema of a whole object as rules see it: of its metadata only the names. */
export function asResource(schema: Schema): Schema {
  return { ...schema, type: 'object', properties: { ...schema.properties, ...objectParts.properties } };
}

/** The type of a schema's values; undefined for those that rules cannot speak of. `name` is given to objects. */
export function schemaType(
  schema: Schema,
  name: string,
  isResource = schema.embeddedResource === true,
): SchemaType | undefined {
  if (schema.intOrString) return plain(dynType, 1, longestOf(schema.maxLength, undefined));
  const known = isResource ? asResource(schema) : schema;
  switch (known.type) {
    case 'array':
      return arrayType(known, name);
    case 'object':
      return mapOrObject(known, name);
    case 'string':
      return textType(known);
    case 'boolean':
      return plain(boolType, 4);
    case 'number':
      return plain(doubleType, 1);
    case 'integer':
      return plain(intType, 1);
    default:
      return undefined;
  }
}

function arrayType({ items, maxItems }: Schema, name: string): SchemaType | undefined {
  const below = items && schemaType(items, `${name}.@idx`);
  if (!below) return undefined;
  const most = maxItems ?? Math.floor((maxRequestBytes - 2) / (below.minBytes + 1));
  return { type: listType(below.type), minBytes: 2, maxElements: positive(most), items: below };
}

function mapOrObject(schema: Schema, name: string): SchemaType | undefined {
  const { additionalProperties: more } = schema;
  return typeof more === 'object' ? mapOf(schema, more, name) : objectType(schema, name);
}

function mapOf({ maxProperties }: Schema, values: Schema, name: string): SchemaType | undefined {
  const below = schemaType(values, `${name}.@elem`);
  if (!below) return undefined;
  const most = maxProperties ?? Math.floor((maxRequestBytes - 2) / (below.minBytes + 6));
  return { type: mapType(stringType, below.type), minBytes: 2, maxElements: positive(most), items: below };
}

function objectType({ properties = {}, required = [] }: Schema, name: string): SchemaType {
  const fields = new Map<string, SchemaType>();
  const needed = new Set(required);
  let minBytes = 2;
  for (const [property, schema] of Object.entries(properties)) {
    const inCel = fieldName(property);
    const below = schemaType(schema, `${name}.${inCel ?? property}`);
    if (!below) continue;
    if (inCel !== undefined) fields.set(inCel, below);
    if (needed.has(property) && schema.default === undefined) minBytes += property.length + below.minBytes + 4;
  }
  const type = structType(name, (field) => (fields.get(field) ?? fields.get(reservedName(field)))?.type);
  return { type, minBytes, maxElements: none, fields };
}

function textType({ format, maxLength, enum: values }: Schema): SchemaType {
  switch (format) {
    case 'byte':
      return plain(bytesType, 2, maxLength === undefined ? longestText : positive(maxLength));
    case 'duration':
      return plain(durationType, 3, timeText);
    case 'date':
      return plain(timestampType, 12, dateText);
    case 'date-time':
      return plain(timestampType, 21, timeText);
    default:
      return plain(stringType, 2, longestOf(maxLength, values));
  }
}

/** Lengths count characters; four bytes each at most. */
function longestOf(maxLength: number | undefined, values: readonly Json[] | undefined): bigint {
  if (maxLength !== undefined) return positive(maxLength) * 4n;
  if (!values || values.length === 0) return longestText;
  return BigInt(Math.max(0, ...values.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0))));
}

/** Sizes below a variable that has this type. */
export function sizesOf(root: SchemaType): SizeOf {
  return (path) => {
    let at: SchemaType | undefined = root;
    for (const step of path.slice(1)) at = below(at, step);
    return at && { min: 0n, max: at.maxElements };
  };
}

function below(at: SchemaType | undefined, step: string): SchemaType | undefined {
  if (step === '@items' || step === '@values') return at?.items;
  if (step === '@keys') return at?.type.kind === 'map' ? plain(stringType, 2) : undefined;
  return at?.fields?.get(step);
}

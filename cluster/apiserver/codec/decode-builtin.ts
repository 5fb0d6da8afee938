import { ApiError } from '@kit/base';
import type { GoField, Json, JsonObject, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { completeZeroValues } from '../schema/zero-values.ts';
import { canonicalQuantity, isQuantity } from '../schema/quantity.ts';
import { timeProblem } from './go-time.ts';
import { noteEmpty } from './sent-empty.ts';

/** The result of bringing a body into the shape of its kind. */
export interface Decoded {
  readonly object: JsonObject;
  /** Paths of fields the kind does not have, which were dropped. */
  readonly unknownFields: string[];
}

interface DecodeOptions {
  readonly under?: string;
  readonly known?: JsonObject | undefined;
}

interface Findings {
  readonly unknownFields: string[];
  /** Values that have the shape of their kind already, by their fields of the object. */
  readonly known?: JsonObject | undefined;
  typeProblem?: string;
}

/** Where a value stands: its path with indexes, Go's path without, and the struct field that holds it. */
interface Place {
  readonly path: string;
  readonly goPath: string;
  readonly struct: string;
  readonly goType: string;
  /** What the whole body has found so far. */
  readonly found: Findings;
}

/** A body that Go's decoder would refuse; `message` is what it would say. */
export class DecodeProblem extends ApiError {
  constructor(message: string) {
    super('BadRequest', message);
  }
}

/**
 * Decodes JSON of a built-in kind as the Go structs would: nulls and empty values fall away, a wrong type is refused
 * with the decoder's words, unknown fields are listed and dropped. `under` is the path of `value` in its object. Fields
 * of `value` whose very values `known` has were decoded before, and are taken as they are. Throws `DecodeProblem`.
 */
export function decodeBuiltin(schema: Schema, value: Json, { under = '', known }: DecodeOptions = {}): Decoded {
  const found: Findings = { unknownFields: [], known };
  const place = { path: under, goPath: under, struct: '', goType: shortName(schema.name ?? ''), found };
  const object = decode(schema, value, place) ?? {};
  if (found.typeProblem) throw new DecodeProblem(found.typeProblem);
  completeZeroValues(schema, object);
  return { object: object as JsonObject, unknownFields: found.unknownFields }; // `decode` gives an object for a struct
}

/** The refusal of a body, in the form the endpoints answer. */
export function notHandled(kind: { kind: string; version: string }, problem: string): ApiError {
  return new ApiError(
    'BadRequest',
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${problem}`,
  );
}

function decode(schema: Schema, value: Json, place: Place): Json | undefined {
  if (value === null) return undefined;
  if (schema.preserveUnknown) return value;
  if (schema.quantity) return decodeQuantity(value);
  if (schema.intOrString) return decodeIntOrString(value);
  if (schema.type === 'array') return decodeArray(schema, value, place);
  if (schema.type === 'object') return decodeObject(schema, value, place);
  return decodeScalar(schema, value, place);
}

function decodeObject(schema: Schema, value: Json, place: Place): Json | undefined {
  if (!isObject(value)) return wrongType(value, place);
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return decodeMap(additionalProperties, value, place);
  return schema.properties ? decodeStruct(schema, schema.properties, { value, place }) : value;
}

function decodeStruct(
  schema: Schema,
  properties: Readonly<Record<string, Schema>>,
  { value, place }: { value: JsonObject; place: Place },
): JsonObject {
  const result: JsonObject = {};
  const known = place.path === '' ? place.found.known : undefined;
  for (const [field, item] of Object.entries(value)) {
    if (known && isKnown(known, field, item)) {
      result[field] = item;
      continue;
    }
    const child = properties[field];
    const below = placeOf(schema, field, place);
    if (!child) {
      place.found.unknownFields.push(below.path);
      continue;
    }
    const decoded = decode(child, item, below);
    if (decoded !== undefined) keepField(result, field, { schema, child, decoded });
  }
  return result;
}

const isKnown = (known: JsonObject, field: string, item: Json): boolean =>
  typeof item === 'object' && item !== null && known[field] === item;

/** An empty value is left out, or written as null, where Go does so. */
function keepField(
  result: JsonObject,
  field: string,
  { schema, child, decoded }: { schema: Schema; child: Schema; decoded: Json },
): void {
  if (isOmitted(child, decoded, schema.go?.[field])) {
    if (typeof decoded === 'object') noteEmpty(result, field, decoded);
  } else if (schema.go && Array.isArray(decoded) && decoded.length === 0) {
    result[field] = null;
    noteEmpty(result, field, decoded);
  } else result[field] = decoded;
}

function placeOf(schema: Schema, field: string, { path, goPath, found }: Place): Place {
  const { embedded, type } = schema.go?.[field] ?? { embedded: '', type: 'string' };
  return {
    path: path ? `${path}.${field}` : field,
    goPath: goPath ? `${goPath}.${embedded}${field}` : embedded + field,
    struct: shortName(schema.name ?? ''),
    goType: type,
    found,
  };
}

function isOmitted(schema: Schema, value: Json, go: GoField | undefined): boolean {
  if (!go?.omitEmpty) return false;
  return (!go.pointer && isEmpty(schema, value)) || isEmptyCollection(schema, value);
}

function decodeMap(schema: Schema, value: JsonObject, place: Place): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const goType = place.goType.replace(/^map\[[^\]]*\]\*?/, '');
    const decoded = decode(schema, item, { ...place, path: `${place.path}.${key}`, goType });
    const zero = schema.type === 'string' ? '' : undefined;
    const kept = decoded ?? zero;
    if (kept !== undefined) result[key] = kept;
  }
  return result;
}

function decodeArray(schema: Schema, value: Json, place: Place): Json | undefined {
  if (!Array.isArray(value)) return wrongType(value, place);
  const items = schema.items ?? {};
  const goType = place.goType.replace(/^\[\]\*?/, '');
  return value.map((item, index) => {
    const decoded = decode(items, item, { ...place, path: `${place.path}[${index}]`, goType });
    return decoded ?? zeroItem(items);
  });
}

function zeroItem(schema: Schema): Json {
  if (schema.type === 'object') return {};
  return schema.type === 'string' ? '' : 0;
}

const bytes = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeScalar(schema: Schema, value: Json, place: Place): Json | undefined {
  const { type, format } = schema;
  if (type === 'integer' || type === 'number') return decodeNumber(schema, value, place);
  if (type === 'boolean') return typeof value === 'boolean' ? value : wrongType(value, place);
  if (format === 'date-time' || format === 'micro-time') return decodeTime(format, value, place);
  if (typeof value !== 'string') return wrongType(value, place);
  if (format === 'byte') checkBase64(value);
  return value;
}

function checkBase64(value: string): void {
  const plain = value.replace(/[\r\n]/g, '');
  if (bytes.test(plain)) return;
  const bad = plain.search(/[^A-Za-z0-9+/]/);
  const at = bad >= 0 ? bad : plain.length - (plain.length % 4);
  throw new DecodeProblem(`illegal base64 data at input byte ${at}`);
}

function decodeTime(format: string, value: Json, place: Place): string | undefined {
  if (typeof value !== 'string') return wrongType(value, { ...place, goType: 'string' });
  const problem = timeProblem(value, format === 'micro-time');
  if (problem) throw new DecodeProblem(problem);
  const time = new Date(value).toISOString();
  if (format !== 'micro-time') return `${time.slice(0, 19)}Z`;
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? '';
  return `${time.slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

const limits: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

function decodeNumber(schema: Schema, value: Json, place: Place): number | undefined {
  if (typeof value !== 'number') return wrongType(value, place);
  if (schema.type === 'number') return value;
  const limit = limits[schema.format ?? 'int64'] ?? Infinity;
  if (Number.isInteger(value) && value >= -limit && value < limit) return value;
  return wrongType(value, place, `number ${value}`);
}

function decodeQuantity(value: Json): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && isQuantity(text)) return canonicalQuantity(text);
  throw new DecodeProblem(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function decodeIntOrString(value: Json): Json {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return value;
  throw new DecodeProblem(`json: cannot unmarshal ${jsonType(value)} into Go value of type int32`);
}

function wrongType(value: Json, place: Place, what = jsonType(value)): undefined {
  const field = place.struct ? `Go struct field ${place.struct}.${place.goPath}` : 'Go value';
  place.found.typeProblem ??= `json: cannot unmarshal ${what} into ${field} of type ${place.goType.replace('[]byte', '[]uint8')}`;
  return undefined;
}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function isEmpty(schema: Schema, value: Json): boolean {
  if (schema.quantity || schema.intOrString || schema.preserveUnknown) return false;
  return value === '' || value === 0 || value === false;
}

function isEmptyCollection(schema: Schema, value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (
    schema.additionalProperties !== undefined && typeof value === 'object' && Object.keys(value ?? {}).length === 0
  );
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

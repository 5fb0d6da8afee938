import { fieldName, reservedName } from '../field-name.ts';
import type { Json, JsonObject, Schema } from '../../schema/schema.ts';
import { parseDuration, parseTimestamp, durationText, timestampText } from './time.ts';
import { markList } from './keyed-list.ts';
import { CelError, Duration, isList, isMap, OptionalValue, Timestamp, Uint, type CelMap, type Value } from './value.ts';

const anything: Schema = {};

/** A value of JSON as expressions see it; the schema says which texts are times and which numbers are integers. */
export function valueOf(json: Json, schema: Schema = anything): Value {
  if (typeof json === 'number') return isWhole(json, schema) ? BigInt(json) : json;
  if (typeof json === 'string') return textValue(json, schema);
  if (typeof json !== 'object' || json === null) return json;
  if (!Array.isArray(json)) return new JsonMap(json, schema);
  return markList(
    json.map((item) => valueOf(item, schema.items)),
    schema,
  );
}

function isWhole(value: number, { type }: Schema): boolean {
  return type !== 'number' && Number.isInteger(value);
}

function textValue(text: string, { type, format }: Schema): Value {
  if (type !== 'string' || format === undefined) return text;
  switch (format) {
    case 'date-time':
      return readable(parseTimestamp(text), text, format);
    case 'date':
      return readable(parseTimestamp(`${text}T00:00:00Z`), text, format);
    case 'duration':
      return readable(parseDuration(text), text, format);
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

function readable(value: Value | undefined, text: string, format: string): Value {
  if (value === undefined) throw new CelError(`Invalid ${format} format: ${text}`);
  return value;
}

/** An object of JSON: its values are looked at when they are asked for. */
class JsonMap implements CelMap {
  readonly isCelMap = true;
  readonly #json: JsonObject;
  readonly #schema: Schema;
  /** Property names by what expressions call them; nothing for maps, whose keys are themselves. */
  readonly #names: ReadonlyMap<string, string> | undefined;

  constructor(json: JsonObject, schema: Schema) {
    this.#json = json;
    this.#schema = schema;
    this.#names = schema.properties && typeof schema.additionalProperties !== 'object' ? namesOf(schema) : undefined;
  }

  get size(): number {
    return this.keys().length;
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const name = this.#names ? (this.#names.get(key) ?? this.#names.get(reservedName(key))) : key;
    if (name === undefined || !Object.hasOwn(this.#json, name)) return undefined;
    const { properties, additionalProperties: more } = this.#schema;
    return valueOf(this.#json[name] ?? null, properties?.[name] ?? (typeof more === 'object' ? more : anything));
  }

  keys(): Value[] {
    if (!this.#names) return Object.keys(this.#json);
    return [...this.#names].flatMap(([name, property]) => (Object.hasOwn(this.#json, property) ? [name] : []));
  }
}

const names = new WeakMap<Schema, ReadonlyMap<string, string>>();

function namesOf(schema: Schema): ReadonlyMap<string, string> {
  const known = names.get(schema);
  if (known) return known;
  const made = new Map<string, string>();
  for (const property of Object.keys(schema.properties ?? {})) {
    const name = fieldName(property);
    if (name !== undefined) made.set(name, property);
  }
  names.set(schema, made);
  return made;
}

/** A value as JSON; throws for those that JSON has no form for. */
export function jsonOf(value: Value): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(jsonOf);
  return isMap(value) ? jsonMap(value) : jsonOfObject(value);
}

function jsonOfObject(value: Value & object): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof OptionalValue && value.value !== undefined) return jsonOf(value.value);
  throw new CelError('the value cannot be written as JSON');
}

function jsonMap(map: CelMap): JsonObject {
  const json: JsonObject = {};
  for (const key of map.keys()) {
    if (typeof key !== 'string') throw new CelError('the keys of an object must be texts');
    json[key] = jsonOf(map.get(key) ?? null);
  }
  return json;
}

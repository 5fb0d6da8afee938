import { textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';

type Form = (fields: JsonObject) => Json;

const time =
  (digits: number): Form =>
  ({ seconds = 0, nanos = 0 }) => {
    if (!seconds && !nanos) return null;
    const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    const fraction = String(Math.floor(Number(nanos) / 1000)).padStart(6, '0');
    return digits > 0 ? `${text}.${fraction}Z` : `${text}Z`;
  };

const raw: Form = (fields) => {
  const [bytes = ''] = Object.values(fields);
  const text = Buffer.from(textOf(bytes), 'base64').toString();
  return text ? (JSON.parse(text) as Json) : null; // JSON has no other values
};

const oneOf =
  (...names: string[]): Form =>
  (fields) =>
    fields[names.find((name) => fields[name] !== undefined) ?? ''] ?? null;

/** Messages whose JSON is not an object of their fields, by the last part of their name. */
export const ownJsonForms: Readonly<Record<string, Form>> = {
  Quantity: ({ string = '0' }) => string,
  IntOrString: ({ type, intVal = 0, strVal = '' }) => (type ? strVal : intVal),
  Time: time(0),
  MicroTime: time(6),
  RawExtension: raw,
  FieldsV1: raw,
  JSON: raw,
  ExtraValue: oneOf('items'),
  Verbs: oneOf('items'),
  JSONSchemaPropsOrBool: ({ schema, allows = false }) => schema ?? allows,
  JSONSchemaPropsOrArray: oneOf('schema', 'jSONSchemas'),
  JSONSchemaPropsOrStringArray: oneOf('schema', 'property'),
};

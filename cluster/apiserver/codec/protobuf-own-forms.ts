import { textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import type { WireWriter } from './wire-writer.ts';

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

/** How such a message is written, and what stands for a value that is not there; `undefined` = nothing. */
interface OwnForm {
  readonly zero: Json | undefined;
  readonly write: (writer: WireWriter, value: Json) => void;
}

/** Numbers of the fields of all these messages fit into one byte with their type. */
const numberTag = (field: number): number => field * 8;
const bytesTag = (field: number): number => field * 8 + 2;

function writeText(writer: WireWriter, field: number, text: string): void {
  writer.text(text);
  writer.varint(bytesTag(field));
}

function writeNumber(writer: WireWriter, field: number, value: number): void {
  writer.varint(value);
  writer.varint(numberTag(field));
}

/** The time that is not set is a message without content. */
const writeTime: OwnForm = {
  zero: '',
  write(writer, value) {
    const text = textOf(value);
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) return;
    const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
    writeNumber(writer, 2, Number(fraction.padEnd(9, '0').slice(0, 9)));
    writeNumber(writer, 1, Math.floor(ms / 1000));
  },
};

const writeRaw: OwnForm = {
  zero: null,
  write(writer, value) {
    if (value !== null) writeText(writer, 1, JSON.stringify(value));
  },
};

const writeTexts: OwnForm = {
  zero: undefined,
  write(writer, value) {
    for (const text of [...(value as Json[])].reverse()) writeText(writer, 1, textOf(text)); // a list by schema
  },
};

/** The forms of `ownJsonForms`, the other way round. */
export const ownProtobufForms: Readonly<Record<string, OwnForm>> = {
  Quantity: { zero: '0', write: (writer, value) => writeText(writer, 1, textOf(value)) },
  IntOrString: {
    zero: 0,
    write(writer, value) {
      const isText = typeof value === 'string';
      writeText(writer, 3, isText ? value : '');
      writeNumber(writer, 2, isText ? 0 : Number(value));
      writeNumber(writer, 1, isText ? 1 : 0);
    },
  },
  Time: writeTime,
  MicroTime: writeTime,
  RawExtension: writeRaw,
  FieldsV1: writeRaw,
  JSON: writeRaw,
  ExtraValue: writeTexts,
  Verbs: writeTexts,
};

/** What JSON writes as one of several forms, as the message that has a field for each. */
export const messageShapes: Readonly<Record<string, (value: Json) => JsonObject>> = {
  JSONSchemaPropsOrBool: (value): JsonObject => ({
    allows: true,
    ...(isObject(value) ? { schema: value } : { allows: value }),
  }),
  JSONSchemaPropsOrArray: (value): JsonObject => ({ [Array.isArray(value) ? 'jSONSchemas' : 'schema']: value }),
  JSONSchemaPropsOrStringArray: (value): JsonObject => ({ [Array.isArray(value) ? 'property' : 'schema']: value }),
};

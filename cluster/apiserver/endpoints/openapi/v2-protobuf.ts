import { stringify } from 'yaml';
import { WireWriter } from '../../codec/wire-writer.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { isObject } from '../../schema/structural-schema.ts';

// The messages of openapi.v2 (github.com/google/gnostic-models), as far as documents of this server use them.

type Write = (writer: WireWriter, value: Json) => void;
type Field = readonly [number: number, write: Write, wireType?: number];

const bytesType = 2;
const varintType = 0;
const fixed64Type = 1;

function tagged(writer: WireWriter, [number, write, wireType = bytesType]: Field, value: Json): void {
  write(writer, value);
  writer.varint(number * 8 + wireType);
}

const nested =
  (body: Write): Write =>
  (writer, value) => {
    const before = writer.length;
    body(writer, value);
    writer.close(before);
  };

const text: Write = (writer, value) => writer.text(String(value)); // eslint-disable-line @typescript-eslint/no-base-to-string -- a field of this type holds a text
const truth: Write = (writer, value) => writer.varint(value === true ? 1 : 0);
const whole: Write = (writer, value) => writer.varint(Number(value));
const fraction: Write = (writer, value) => writer.double(Number(value));

/** Writes several, the last first. */
const each =
  (field: Field): Write =>
  (writer, values) => {
    for (const value of [...(values as Json[])].reverse()) tagged(writer, field, value); // made by `many` and `named` only
  };

/** A field that is there once for each value of a list. */
const many = (number: number, write: Write): Field => [number, each([number, write]), -1];

/** A message whose one field repeats. */
const listOf = (number: number, write: Write): Write =>
  nested((writer, value) => each([number, write])(writer, asList(value)));

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

/** A message of pairs of name and value. */
const namedOf = (number: number, write: Write): Write =>
  nested((writer, value) => {
    const entries = Object.entries(value as JsonObject).reverse(); // a map by its schema
    for (const entry of entries) pair(writer, { number, write }, entry);
  });

function pair(writer: WireWriter, as: { number: number; write: Write }, [name, value]: [string, Json]): void {
  const before = writer.length;
  tagged(writer, [2, as.write], value);
  tagged(writer, [1, text], name);
  writer.close(before);
  writer.varint(as.number * 8 + bytesType);
}

const yamlOptions = { version: '1.1', indentSeq: false } as const;

/** Any value, as YAML. */
const any: Write = nested((writer, value) => tagged(writer, [2, text], stringify(value, yamlOptions)));

/** A message of known fields; those that begin with `x-` are all in field `extensions`. */
function message(fields: () => Readonly<Record<string, Field>>, extensions?: number): Write {
  let byNumber: [string, Field][] | undefined;
  return nested((writer, value) => {
    const object = value as JsonObject; // what is not an object is written by other functions
    byNumber ??= Object.entries(fields()).sort(([, [a]], [, [b]]) => b - a);
    if (extensions !== undefined) {
      for (const entry of Object.entries(object)
        .filter(([name]) => name.startsWith('x-'))
        .reverse())
        pair(writer, { number: extensions, write: any }, entry);
    }
    for (const [name, field] of byNumber) writeField(writer, field, object[name]);
  });
}

function writeField(writer: WireWriter, field: Field, value: Json | undefined): void {
  if (value === undefined) return;
  const [, write, wireType] = field;
  if (wireType === -1) write(writer, value);
  else tagged(writer, field, value);
}

const oneOf = (choose: (value: Json) => Field): Write =>
  nested((writer, value) => tagged(writer, choose(value), value));

const number = (at: number): Field => [at, fraction, fixed64Type];
const count = (at: number): Field => [at, whole, varintType];
const flag = (at: number): Field => [at, truth, varintType];

const schema: Write = message(
  () => ({
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, any],
    multipleOf: number(6),
    maximum: number(7),
    exclusiveMaximum: flag(8),
    minimum: number(9),
    exclusiveMinimum: flag(10),
    maxLength: count(11),
    minLength: count(12),
    pattern: [13, text],
    maxItems: count(14),
    minItems: count(15),
    uniqueItems: flag(16),
    maxProperties: count(17),
    minProperties: count(18),
    required: many(19, text),
    enum: many(20, any),
    additionalProperties: [21, oneOf((value) => (isObject(value) ? [1, schema] : [2, truth, varintType]))],
    type: [22, listOf(1, text)],
    items: [23, listOf(1, schema)],
    allOf: many(24, schema),
    properties: [25, namedOf(1, schema)],
    example: [30, any],
  }),
  31,
);

/** Parameters in query and path have the same fields under numbers that are one apart from `type` on. */
const simpleParameter = (type: number): Write =>
  message(
    () => ({
      required: flag(1),
      in: [2, text],
      description: [3, text],
      name: [4, text],
      type: [type, text],
      format: [type + 1, text],
      uniqueItems: flag(type + 14),
    }),
    type + 17,
  );

const bodyParameter = message(
  () => ({ description: [1, text], name: [2, text], in: [3, text], required: flag(4), schema: [5, schema] }),
  6,
);
const inQuery = simpleParameter(6);
const inPath = simpleParameter(5);
const placed = oneOf((value) => (isObject(value) && value.in === 'path' ? [4, inPath] : [3, inQuery]));
const parameter = oneOf((value) => (isObject(value) && value.in === 'body' ? [1, bodyParameter] : [2, placed]));
const reference = message(() => ({ $ref: [1, text] }));
const parameterItem = oneOf((value) => (isObject(value) && '$ref' in value ? [2, reference] : [1, parameter]));

const response = message(() => ({ description: [1, text], schema: [2, oneOf(() => [1, schema])] }), 5);

const operation = message(
  () => ({
    tags: many(1, text),
    description: [3, text],
    operationId: [5, text],
    produces: many(6, text),
    consumes: many(7, text),
    parameters: many(8, parameterItem),
    responses: [
      9,
      namedOf(
        1,
        oneOf(() => [1, response]),
      ),
    ],
    schemes: many(10, text),
    deprecated: flag(11),
  }),
  13,
);

const pathItem = message(
  () => ({
    get: [2, operation],
    put: [3, operation],
    post: [4, operation],
    delete: [5, operation],
    options: [6, operation],
    head: [7, operation],
    patch: [8, operation],
    parameters: many(9, parameterItem),
  }),
  10,
);

const info = message(() => ({ title: [1, text], version: [2, text], description: [3, text] }), 7);

const documentFields: Readonly<Record<string, Field>> = {
  definitions: [9, namedOf(1, schema)],
  paths: [8, namedOf(2, pathItem)],
  info: [2, info],
  swagger: [1, text],
};

/** An OpenAPI 2 document in protobuf, the form in which kubectl asks for it. */
export function v2Protobuf(document: JsonObject): Buffer {
  const writer = new WireWriter(1 << 20);
  for (const [name, field] of Object.entries(documentFields)) writeField(writer, field, document[name]);
  return writer.bytes;
}

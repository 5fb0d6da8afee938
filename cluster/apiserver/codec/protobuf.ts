import { ApiError } from '@kit/base';
import { readData } from '../../data/read-data.ts';
import { schemaNameOf } from '../kinds/builtin-kinds.ts';
import { textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { messageNameOf } from './protobuf-messages.ts';
import { jsonFieldName } from './protobuf-names.ts';
import { ownJsonForms } from './protobuf-own-forms.ts';
import { wireFields, type WireValue } from './wire-reader.ts';

const magic = [0x6b, 0x38, 0x73, 0x00];
const maxDepth = 100;
const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

/**
 * The JSON object in a protobuf body of the API: an envelope that names apiVersion and kind, around the message of that
 * kind. Throws `BadRequest` for bytes that are no such body.
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  try {
    return decodeEnvelope(bytes);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError('BadRequest', 'the protobuf body holds a value that cannot be read', { cause });
  }
}

function decodeEnvelope(bytes: Uint8Array): JsonObject {
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    throw new ApiError('BadRequest', 'the body does not start with the protobuf prefix "k8s\\0"');
  }
  const envelope = decodeMessage('k8s.io.apimachinery.pkg.runtime.Unknown', bytes.subarray(4), 0) as {
    typeMeta?: { apiVersion?: string; kind?: string };
    raw?: string;
    contentType?: string;
  }; // the message's own fields
  const { apiVersion = '', kind = '' } = envelope.typeMeta ?? {};
  const raw = Buffer.from(envelope.raw ?? '', 'base64');
  if (envelope.contentType === 'application/json')
    return { apiVersion, kind, ...(JSON.parse(raw.toString()) as JsonObject) }; // JSON has no other values
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  // the options of a deletion are of every group version
  const name =
    kind === 'DeleteOptions' ? deleteOptions : schemaNameOf({ group, version: apiVersion.slice(slash + 1), kind });
  if (name === undefined) {
    throw new ApiError(
      'BadRequest',
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  }
  return { apiVersion, kind, ...(decodeMessage(messageNameOf(name), raw, 0) as JsonObject) }; // a kind is an object
}

interface MessageField {
  readonly message: string;
  readonly name: string;
  /** `opt`, `rep`, or '' for a map. */
  readonly rule: string;
  readonly type: string;
}

const messages = new Map<string, ReadonlyMap<number, MessageField>>();

function fieldsOf(message: string): ReadonlyMap<number, MessageField> {
  let fields = messages.get(message);
  if (!fields) {
    const source = Object.entries(readData('protobuf.json')[message] ?? {});
    fields = new Map(source.map(([name, [number, rule, type]]) => [number, { message, name, rule, type }] as const));
    messages.set(message, fields);
  }
  return fields;
}

function decodeMessage(message: string, bytes: Uint8Array, depth: number): Json {
  if (depth > maxDepth)
    throw new ApiError('BadRequest', `the protobuf body is nested more than ${maxDepth} messages deep`);
  const known = fieldsOf(message);
  const fields: JsonObject = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = known.get(number);
    if (field) setField(fields, field, decodeValue(field, value, depth));
  }
  const shortName = message.slice(message.lastIndexOf('.') + 1);
  const form = ownJsonForms[shortName];
  return form ? form(fields) : fields;
}

function setField(fields: JsonObject, field: MessageField, value: Json): void {
  const name = jsonFieldName(field.message, field.name);
  if (name === undefined)
    Object.assign(fields, value); // a struct that Go embeds
  else if (field.rule === 'rep')
    fields[name] = [...((fields[name] as Json[] | undefined) ?? []), value]; // set by this function before
  else if (field.rule === '')
    fields[name] = { ...(fields[name] as JsonObject | undefined), ...(value as JsonObject) }; // set by this function before
  else fields[name] = value;
}

function decodeValue(field: MessageField, value: WireValue, depth: number): Json {
  const map = /^map<([^,]+),(.+)>$/.exec(field.type);
  if (!map) return decodeSingle(field, value, depth);
  let key = '';
  let item: Json = decodeSingle({ ...field, type: map[2] ?? '' }, { type: 'bytes', value: new Uint8Array() }, depth);
  for (const part of wireFields(value.type === 'bytes' ? value.value : new Uint8Array())) {
    if (part.number === 1) key = textOf(decodeSingle({ ...field, type: map[1] ?? '' }, part.value, depth));
    if (part.number === 2) item = decodeSingle({ ...field, type: map[2] ?? '' }, part.value, depth);
  }
  return { [key]: item };
}

function decodeSingle({ message, type }: MessageField, value: WireValue, depth: number): Json {
  if (value.type === 'varint') return type === 'bool' ? value.value !== 0n : Number(BigInt.asIntN(64, value.value));
  const bytes = Buffer.from(value.value.buffer, value.value.byteOffset, value.value.byteLength);
  if (value.type === 'fixed') return bytes.length === 8 ? bytes.readDoubleLE() : bytes.readFloatLE();
  if (type === 'string') return bytes.toString();
  if (type === 'bytes') return bytes.toString('base64');
  const inner = type.startsWith('.') ? type.slice(1) : `${message.slice(0, message.lastIndexOf('.'))}.${type}`;
  return decodeMessage(inner, bytes, depth + 1);
}

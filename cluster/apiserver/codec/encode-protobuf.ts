import { readData } from '../../data/read-data.ts';
import { schemaNameOf } from '../kinds/builtin-kinds.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { jsonFieldName } from './protobuf-names.ts';
import { messageShapes, ownProtobufForms } from './protobuf-own-forms.ts';
import { metadataMessages, messageNameOf, schemaNameOfMessage } from './protobuf-messages.ts';
import { WireWriter } from './wire-writer.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

type Write = (writer: WireWriter, value: Json) => void;

/** How one field is written: its value after a tag, from the JSON field of that name. */
interface FieldPlan {
  /** Undefined for a struct that Go embeds: its fields stand in the owner's JSON. */
  readonly jsonName: string | undefined;
  readonly tag: number;
  readonly rule: 'one' | 'many' | 'map';
  /** Written when the object does not have it; Go writes every field that is not a pointer. */
  readonly zero: Json | undefined;
  readonly write: Write;
}

const varintType = 0;
const fixed64Type = 1;
const bytesType = 2;

const wireTypes: Readonly<Record<string, number>> = {
  bool: varintType,
  int32: varintType,
  int64: varintType,
  double: fixed64Type,
};

const scalars: Readonly<Record<string, { zero: Json; write: Write }>> = {
  bool: { zero: false, write: (writer, value) => writer.varint(value === true ? 1 : 0) },
  int32: { zero: 0, write: (writer, value) => writer.varint(Number(value)) },
  int64: { zero: 0, write: (writer, value) => writer.varint(Number(value)) },
  double: { zero: 0, write: (writer, value) => writer.double(Number(value)) },
  string: { zero: '', write: (writer, value) => writer.text(typeof value === 'string' ? value : String(value)) }, // eslint-disable-line @typescript-eslint/no-base-to-string -- a field of this type holds a text
};

const writeBytes: Write = (writer, value) => writer.text(String(value), 'base64'); // eslint-disable-line @typescript-eslint/no-base-to-string -- bytes are base64 in JSON

const plans = new Map<string, readonly FieldPlan[]>();

/** The fields of a message from the last to the first; `owner` is the schema that says which of them are pointers. */
function planOf(message: string, owner: string): readonly FieldPlan[] {
  const key = `${message} ${owner}`;
  let plan = plans.get(key);
  if (!plan) {
    const fields = Object.entries(metadataMessages[message] ?? readData('protobuf.json')[message] ?? {});
    fields.sort(([, [a]], [, [b]]) => b - a);
    plan = fields.map(([name, [number, rule, type]]) => fieldPlan({ message, owner, name }, { number, rule, type }));
    plans.set(key, plan);
  }
  return plan;
}

function resolve(message: string, type: string): string {
  return type.startsWith('.') ? type.slice(1) : `${message.slice(0, message.lastIndexOf('.'))}.${type}`;
}

type Place = { readonly message: string; readonly owner: string; readonly name: string };

function fieldPlan(at: Place, field: { number: number; rule: string; type: string }): FieldPlan {
  const { message, owner, name } = at;
  const { number, rule, type } = field;
  const jsonName = jsonFieldName(message, name, owner);
  const tag = number * 8 + (wireTypes[type] ?? bytesType);
  const map = /^map<[^,]+,(.+)>$/.exec(type);
  if (map?.[1]) {
    return { jsonName, tag, rule: 'map', zero: undefined, write: mapEntry(writerOf(message, map[1], owner).write) };
  }
  const { write, zero } = writerOf(message, type, jsonName === undefined ? owner : undefined);
  if (rule === 'rep') return { jsonName, tag, rule: 'many', zero: undefined, write };
  return { jsonName, tag, rule: 'one', zero: isPointer(owner, jsonName, zero) ? undefined : zero, write };
}

/** A message without Go types is a union of pointers. */
function isPointer(owner: string, field: string | undefined, zero: Json | undefined): boolean {
  const go = readData('go-types.json')[owner];
  const [, flags = ''] = (go?.[field ?? ''] ?? '').split(',');
  return flags.includes('p') || (!go && typeof zero === 'object');
}

/** `owner` is given for an embedded struct only. */
function writerOf(message: string, type: string, owner: string | undefined): { write: Write; zero: Json | undefined } {
  const scalar = scalars[type];
  if (scalar) return scalar;
  if (type === 'bytes') return { write: writeBytes, zero: undefined };
  const inner = resolve(message, type);
  const shortName = inner.slice(inner.lastIndexOf('.') + 1);
  const own = ownProtobufForms[shortName];
  const shape = messageShapes[shortName] ?? ((value) => value as JsonObject); // any other message is an object
  const plain: Write = (writer, value) => writeMessage(writer, inner, { value: shape(value), owner });
  const body = own ? own.write : plain;
  const write: Write = (writer, value) => {
    const before = writer.length;
    body(writer, value);
    writer.close(before);
  };
  return { write, zero: own ? own.zero : {} };
}

const mapEntry =
  (write: Write): Write =>
  (writer, entry) => {
    const [key, value] = entry as [string, Json]; // made by `writeField`
    const before = writer.length;
    write(writer, value);
    // the tag of a value: numbers occur in no map of this API
    writer.varint(2 * 8 + bytesType);
    writer.text(key);
    writer.varint(8 + bytesType);
    writer.close(before);
  };

function writeMany(writer: WireWriter, field: FieldPlan, values: readonly Json[]): void {
  for (let index = values.length - 1; index >= 0; index--) {
    field.write(writer, values[index] ?? null);
    writer.varint(field.tag);
  }
}

function writeField(writer: WireWriter, field: FieldPlan, object: JsonObject): void {
  const value = field.jsonName === undefined ? object : (object[field.jsonName] ?? field.zero);
  if (value === undefined) return;
  if (field.rule === 'many') return writeMany(writer, field, value as Json[]); // a list by schema
  if (field.rule === 'map') return writeMany(writer, field, Object.entries(value as JsonObject).sort(byKey)); // a map by schema
  field.write(writer, value);
  writer.varint(field.tag);
}

const byKey = ([a]: [string, Json], [b]: [string, Json]): number => (a < b ? -1 : 1);

/** JSON of messages with their own forms may be of any type; a plain message takes nothing but objects. */
function writeMessage(writer: WireWriter, message: string, from: { value: JsonObject; owner?: string }): void {
  for (const field of planOf(message, from.owner ?? schemaNameOfMessage(message)))
    writeField(writer, field, from.value);
}

/** The protobuf name of a kind's message; undefined when it has none. */
export function protobufMessageOf(kind: { group: string; version: string; kind: string }): string | undefined {
  if (kind.group === 'meta.k8s.io' && kind.kind.startsWith('PartialObjectMetadata')) {
    return `${meta}.${kind.kind}`;
  }
  const name = schemaNameOf(kind);
  // documents of discovery say no version where their group is the core
  const message = name ? messageNameOf(name) : `${meta}.${kind.kind}`;
  return readData('protobuf.json')[message] ? message : undefined;
}

/** The message of an object, without an envelope. */
export function encodeMessage(message: string, object: object): Buffer {
  const writer = new WireWriter();
  writeMessage(writer, message, { value: object as JsonObject }); // objects of the API are JSON
  return writer.bytes;
}

/** `items` are the messages of a list's items, already encoded. */
export function encodeListMessage(message: string, metadata: object, items: readonly Buffer[]): Buffer {
  const head = new WireWriter(64);
  writeMessage(head, message, { value: { metadata } as unknown as JsonObject }); // metadata of a list is JSON
  const pieces: Buffer[] = [head.bytes];
  for (const item of items) {
    const tag = new WireWriter(8);
    tag.varint(item.length);
    tag.varint(2 * 8 + bytesType);
    pieces.push(tag.bytes, item);
  }
  return Buffer.concat(pieces);
}

/** The envelope around the message of a kind: the bytes of a request or answer. */
export function protobufBody(type: { apiVersion: string; kind: string }, message: Buffer): Buffer {
  const { apiVersion, kind } = type;
  const writer = new WireWriter(message.length + apiVersion.length + kind.length + 40);
  writeMessage(writer, 'k8s.io.apimachinery.pkg.runtime.Unknown', { value: { contentEncoding: '', contentType: '' } });
  writer.raw(message);
  writer.varint(message.length);
  writer.varint(2 * 8 + bytesType);
  const before = writer.length;
  writeMessage(writer, 'k8s.io.apimachinery.pkg.runtime.TypeMeta', { value: { apiVersion, kind } });
  writer.close(before);
  writer.varint(8 + bytesType);
  writer.raw(magic);
  return writer.bytes;
}

/** One event of a watch, with its length before it. `object` is a whole body. */
export function protobufWatchFrame(type: string, object: Buffer): Buffer {
  const writer = new WireWriter(object.length + 48);
  const before = writer.length;
  writer.raw(object);
  writer.varint(object.length);
  writer.varint(8 + bytesType);
  writer.close(before);
  writer.varint(2 * 8 + bytesType);
  writer.text(type);
  writer.varint(8 + bytesType);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(writer.length);
  writer.raw(head);
  return writer.bytes;
}

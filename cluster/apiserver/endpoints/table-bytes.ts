import type { KindInfo } from '../kinds/kind-info.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { cellsOf, columnsOf, rowRank } from '../tables/table-of.ts';

const quote = 34;
const escape = 92;
const comma = 44;
const isOpening = (byte: number): boolean => byte === 123 || byte === 91;
const isClosing = (byte: number): boolean => byte === 125 || byte === 93;

/** The index of the quote that ends the string whose first quote is at `from`. */
function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === escape ? 2 : 1;
  return at;
}

/** The index after the object or list that begins at `from` in valid JSON. */
export function endOfValue(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = endOfString(bytes, at);
    else if (isOpening(byte)) depth++;
    else if (isClosing(byte) && --depth === 0) return at + 1;
  }
  return bytes.length;
}

const metadataFrom = '{"metadata":'.length;
const managersKey = Buffer.from('"managedFields":[');

/** The JSON without the list of managers, which is a third of an object and in no cell. Such a key has no string before it. */
function textWithoutManagers(bytes: Buffer, metadataEnd: number): string {
  const at = bytes.indexOf(managersKey, metadataFrom);
  if (at < 0 || at > metadataEnd) return bytes.toString();
  let end = endOfValue(bytes, at + managersKey.length - 1);
  let start = at;
  if (bytes[start - 1] === comma) start--;
  else if (bytes[end] === comma) end++;
  return bytes.toString('utf8', 0, start) + bytes.toString('utf8', end);
}

function inOrder(kind: KindInfo, versions: readonly Version[]): readonly Version[] {
  const rank = rowRank(kind);
  if (!rank) return versions;
  const ranked = versions.map((version) => ({
    version,
    rank: rank(JSON.parse(version.bytes.toString()) as JsonObject), // what is stored is an object
  }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ version }) => version);
}

/**
 * A table whose rows carry the metadata of their objects, of a kind that is stored as it is shown: the metadata are the
 * stored bytes, and of the object no more is read than cells can be made of.
 */
export function tableBytes(
  kind: KindInfo,
  versions: readonly Version[],
  shown: { apiVersion: string; metadata: object; nowMs: number },
): Buffer {
  const { apiVersion, metadata, nowMs } = shown;
  const head = JSON.stringify({ kind: 'Table', apiVersion, metadata, columnDefinitions: columnsOf(kind), rows: [] });
  const pieces: Buffer[] = [Buffer.from(head.slice(0, -2))];
  const cells = cellsOf(kind);
  const type = { kind: kind.kind, apiVersion: apiVersionOf(kind) };
  const objectHead = `,"object":{"kind":"PartialObjectMetadata","apiVersion":${JSON.stringify(apiVersion)},"metadata":`;
  const rowEnd = Buffer.from('}}');
  inOrder(kind, versions).forEach(({ bytes }, index) => {
    const end = endOfValue(bytes, metadataFrom);
    const object = { ...type, ...(JSON.parse(textWithoutManagers(bytes, end)) as JsonObject) }; // what is stored is an object
    const row = `${index > 0 ? ',' : ''}{"cells":${JSON.stringify(cells(object, nowMs))}${objectHead}`;
    pieces.push(Buffer.from(row), bytes.subarray(metadataFrom, end), rowEnd);
  });
  pieces.push(Buffer.from(']}'));
  return Buffer.concat(pieces);
}

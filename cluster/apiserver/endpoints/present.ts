import type { Clock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { badRequest } from '../store/api-errors.ts';
import type { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import type { ListResult } from '../store/list-objects.ts';
import { isStoredAsIs, itemBytes, objectBytes, readObject } from '../store/stored-object.ts';
import { tableOf } from '../tables/table-of.ts';
import type { Table } from '../tables/table-of.ts';
import type { Form } from './negotiate.ts';
import { protobufList, protobufObject, protobufOf } from './protobuf-answer.ts';
import { tableBytes } from './table-bytes.ts';
import { jsonFrames, protobufFrames } from './watch-frames.ts';
import type { Presenter, WatchFrames } from './watch-frames.ts';

const metaVersionOf = ({ metaVersion }: Form): string => `meta.k8s.io/${metaVersion ?? 'v1'}`;

interface Request {
  readonly form: Form;
  readonly query: URLSearchParams;
  readonly nowMs: number;
}

/** A table whose rows carry what the client asked for of their objects. */
type TableAnswer = Omit<Table, 'rows' | 'apiVersion'> & {
  readonly apiVersion: string;
  readonly rows: readonly { readonly cells: Table['rows'][number]['cells']; readonly object: object | null }[];
};

const encode = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const metadataOf = ({ metadata }: Pick<ClusterObject, 'metadata'>, form: Form): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: metaVersionOf(form),
  metadata,
});

const metadataOnly = (version: Version, form: Form): object => metadataOf(version.object(), form);

/** Metadata in the format asked for; a custom kind has it in protobuf too. */
function encodeMetadata(value: object, { format }: Form): Buffer {
  return (format === 'protobuf' ? protobufOf(value) : undefined) ?? encode(value);
}

const showsMetadata = ({ query }: Request): boolean => ['', 'Metadata'].includes(query.get('includeObject') ?? '');

/** What a row carries of its object: the metadata unless the client asks for all or nothing. */
function rowObject({ query, form }: Request): (object: ClusterObject) => object | null {
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None') return () => null;
  if (include === 'Object') return (object) => object;
  if (include === 'Metadata') return (object) => metadataOf(object, form);
  const problem = `Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${problem}`);
}

const storedObject = (kind: KindInfo, version: Version): ClusterObject => ({
  kind: kind.kind,
  apiVersion: apiVersionOf(kind),
  ...version.object(),
});

function table(kind: KindInfo, versions: readonly Version[], request: Request): TableAnswer {
  const objects = versions.map((version) => readObject(kind, version));
  // an older version of a kind prints what is stored
  const stored = kind.storedAs ? versions.map((version) => storedObject(kind, version)) : objects;
  return tableAnswer(kind, { objects, stored }, request);
}

function tableAnswer(
  kind: KindInfo,
  { objects, stored }: { objects: readonly ClusterObject[]; stored: readonly ClusterObject[] },
  request: Request,
): TableAnswer {
  const show = rowObject(request);
  const { columnDefinitions, rows } = tableOf(kind, stored, request.nowMs);
  const withObjects = rows.map(({ cells }, index) => {
    const object = request.query.get('includeObject') === 'Object' ? objects[index] : stored[index];
    return { cells, object: object ? show(object) : null };
  });
  const apiVersion = metaVersionOf(request.form);
  return { kind: 'Table', apiVersion, metadata: {}, columnDefinitions, rows: withObjects };
}

/** An object that was just written, as a table or as its metadata. */
export function writtenForm(kind: KindInfo, object: ClusterObject, request: Request): Buffer {
  const { form } = request;
  if (form.as === 'metadata') return encodeMetadata(metadataOf(object, form), form);
  const { resourceVersion } = object.metadata;
  const rows = tableAnswer(kind, { objects: [object], stored: [kind.storedAs?.toStored(object) ?? object] }, request);
  return encode({ ...rows, metadata: { ...(resourceVersion && { resourceVersion }) } });
}

/** One object in the form the client wants. */
export function objectForm(kind: KindInfo, version: Version, request: Request): Buffer {
  const { form } = request;
  if (form.as === 'metadata') return encodeMetadata(metadataOnly(version, form), form);
  if (form.as === 'object')
    return form.format === 'protobuf' ? protobufObject(kind, version) : objectBytes(kind, version);
  return encode({ ...table(kind, [version], request), metadata: { resourceVersion: String(version.revision) } });
}

function listMetadata(result: ListResult, emptyContinue: boolean): object {
  return {
    ...(result.continue ? { continue: result.continue } : emptyContinue ? { continue: '' } : {}),
    ...(result.remaining !== undefined && { remainingItemCount: result.remaining }),
    resourceVersion: String(result.revision),
  };
}

/** A list in the form the client wants; whole objects are joined from their bytes. */
export function listBytes(kind: KindInfo, result: ListResult, request: Request): Buffer {
  const { form } = request;
  // The real server prints an empty one in lists of custom objects only.
  const metadata = listMetadata(result, !kind.builtin && form.as === 'object');
  const { versions } = result;
  if (form.as === 'table') {
    if (showsMetadata(request) && isStoredAsIs(kind) && kind.builtin && !kind.computed)
      return tableBytes(kind, versions, { apiVersion: metaVersionOf(form), metadata, nowMs: request.nowMs });
    return encode({ ...table(kind, versions, request), metadata });
  }
  if (form.as === 'metadata') {
    // the real server writes no list where there is nothing in it
    const items = versions.length > 0 ? versions.map((version) => metadataOnly(version, form)) : null;
    const list = { kind: 'PartialObjectMetadataList', apiVersion: metaVersionOf(form), metadata, items };
    return encodeMetadata(list, form);
  }
  if (form.format === 'protobuf') return protobufList(kind, metadata, versions);
  const head = `{"kind":${JSON.stringify(kind.listKind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},"metadata":${JSON.stringify(metadata)},"items":[`;
  const pieces: Buffer[] = [Buffer.from(head)];
  const comma = Buffer.from(',');
  versions.forEach((version, index) => {
    if (index > 0) pieces.push(comma);
    pieces.push(itemBytes(kind, version));
  });
  pieces.push(Buffer.from(']}'));
  return Buffer.concat(pieces);
}

/** How a watch writes its events. Objects that are shown whole have bytes that all watchers share. */
export function watchFrames(form: Form, kind: KindInfo, from: { query: URLSearchParams; clock: Clock }): WatchFrames {
  const type = { kind: kind.kind, apiVersion: apiVersionOf(kind) };
  if (form.as === 'metadata') {
    const shown = { kind: 'PartialObjectMetadata', apiVersion: metaVersionOf(form) };
    const present: Presenter = (version) => encodeMetadata(metadataOnly(version, form), form);
    return form.format === 'protobuf' ? protobufFrames(kind, { type: shown, present }) : jsonFrames(kind, present);
  }
  if (form.as === 'table') return jsonFrames(kind, tablePresenter(form, kind, from));
  return form.format === 'protobuf' ? protobufFrames(kind, { type }) : jsonFrames(kind);
}

function tablePresenter(
  form: Form,
  kind: KindInfo,
  { query, clock }: { query: URLSearchParams; clock: Clock },
): Presenter {
  let first = true;
  return (version) => {
    const rows = table(kind, [version], { form, query, nowMs: clock.now() });
    const columnDefinitions = first ? rows.columnDefinitions : null; // the client remembers them
    first = false;
    return encode({ ...rows, metadata: { resourceVersion: String(version.revision) }, columnDefinitions });
  };
}

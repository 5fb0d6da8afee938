import type { Clock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { invalidOptions } from '../store/api-errors.ts';
import type { Version } from '../storage/version.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import type { ListResult } from '../store/list-objects.ts';
import { itemBytes, objectBytes, readObject } from '../store/stored-object.ts';
import { tableOf } from '../tables/table-of.ts';
import type { Table } from '../tables/table-of.ts';
import type { Form } from './negotiate.ts';
import type { Presenter } from './watch-stream.ts';

const meta = 'meta.k8s.io/v1';

interface Request {
  readonly form: Form;
  readonly query: URLSearchParams;
  readonly nowMs: number;
}

/** A table whose rows carry what the client asked for of their objects. */
type TableAnswer = Omit<Table, 'rows'> & {
  readonly rows: readonly { readonly cells: Table['rows'][number]['cells']; readonly object: object | null }[];
};

const encode = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const metadataOf = ({ metadata }: Pick<ClusterObject, 'metadata'>): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: meta,
  metadata,
});

const metadataOnly = (version: Version): object => metadataOf(version.object());

/** What a row carries of its object: the metadata unless the client asks for all or nothing. */
function rowObject(query: URLSearchParams): (object: ClusterObject) => object | null {
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None') return () => null;
  if (include === 'Object') return (object) => object;
  if (include === 'Metadata') return metadataOf;
  const message = `Unsupported value: ${JSON.stringify(include)}: supported values: "", "Metadata", "None", "Object"`;
  throw invalidOptions('TableOptions', { field: 'includeObject', message, reason: 'FieldValueNotSupported' });
}

function table(kind: KindInfo, versions: readonly Version[], { query, nowMs }: Omit<Request, 'form'>): TableAnswer {
  const show = rowObject(query);
  const objects = versions.map((version) => readObject(kind, version));
  const { columnDefinitions, rows } = tableOf(kind, objects, nowMs);
  const withObjects = rows.map(({ cells }, index) => {
    const object = objects[index];
    return { cells, object: object ? show(object) : null };
  });
  return { kind: 'Table', apiVersion: meta, metadata: {}, columnDefinitions, rows: withObjects };
}

/** One object in the form the client wants. */
export function objectForm(kind: KindInfo, version: Version, request: Request): Buffer {
  const { form } = request;
  if (form.as === 'metadata') return encode(metadataOnly(version));
  if (form.as === 'object') return objectBytes(kind, version);
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
  if (form.as === 'table') return encode({ ...table(kind, versions, request), metadata });
  if (form.as === 'metadata') {
    return encode({ kind: 'PartialObjectMetadataList', apiVersion: meta, metadata, items: versions.map(metadataOnly) });
  }
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

/** How a watch shows objects; `undefined` = whole, whose bytes all watchers share. */
export function watchPresenter(
  form: Form,
  kind: KindInfo,
  from: { query: URLSearchParams; clock: Clock },
): Presenter | undefined {
  if (form.as === 'object') return undefined;
  if (form.as === 'metadata') return (version) => encode(metadataOnly(version));
  let first = true;
  return (version) => {
    const rows = table(kind, [version], { query: from.query, nowMs: from.clock.now() });
    const columnDefinitions = first ? rows.columnDefinitions : null; // the client remembers them
    first = false;
    return encode({ ...rows, metadata: { resourceVersion: String(version.revision) }, columnDefinitions });
  };
}

import { ApiError } from '@kit/base';
import { JsonBytes, JsonParts, Reply, type User } from '@kit/http';
import type { Row, View } from '@kit/kube';
import {
  gzipParts,
  isTagNamed,
  joined,
  listQuery,
  listView,
  pageParts,
  pageTag,
  projection,
  readContinueToken,
  takesGzip,
  type EncodeRow,
  type ListQuery,
  type ListRules,
  type PageParts,
  type QueryValues,
  type RowPage,
} from '@kit/kube/listing';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';
import type { Visible } from '../visible-places.ts';
import { viewOf, type ListContext, type ListedKind } from './listed-kind.ts';
import { listedKinds } from './listed-kinds.ts';

/** Which objects: of one namespace, of the whole cluster, or wherever the caller may see the kind. */
export type Place =
  | { readonly namespace: string }
  | { readonly everywhere: true }
  | { readonly visible: true; readonly workspace?: string };

/** What a list is asked, of whichever API. */
export interface ListTask {
  readonly user: User;
  readonly resources: string;
  readonly place: Place;
  readonly query: QueryValues;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Reads the query in the manner of another API. */
  readonly read?: (values: Readonly<Record<string, string>>) => ListQuery;
  /** What the number of all rows is called there. */
  readonly total?: string;
}

/** Longer answers are sent piece by piece, so that a slow reader holds rows and not a copy of them all. */
const longBytes = 256 * 1024;
/** Shorter ones are not worth compressing. */
const shortBytes = 1024;

function lastValues(query: QueryValues): Record<string, string> {
  const entries = Object.entries(query).flatMap(([name, value]) => {
    const last = typeof value === 'string' ? value : value?.at(-1);
    return last === undefined ? [] : [[name, last] as const];
  });
  return Object.fromEntries(entries);
}

const namespaceOf = (place: Place): string | undefined => ('namespace' in place ? place.namespace : undefined);

/** Refuses who may not list the kind in its own group, where the kind asks for that. */
function checkGuard(
  { access }: ResourcesParts,
  kind: ListedKind,
  request: { readonly user: User; readonly verb: string; readonly namespace: string | undefined },
): void {
  if (!kind.guarded) return;
  const { group, plural } = kind.type;
  const { user, verb, namespace } = request;
  access.check(user, { verb, group, resource: plural, ...(namespace === undefined ? {} : { namespace }) });
}

/** The view of a kind and those it is shown with, all of them read. */
async function syncedView(context: ListContext, kind: ListedKind): Promise<View> {
  const { parts, query } = context;
  const view = viewOf(parts, kind);
  const related = (kind.reads?.(query) ?? []).map((type) => viewOf(parts, listedKinds.get(type.plural) ?? { type }));
  await untilSynced(view, ...related);
  return view;
}

function rulesOf(kind: ListedKind, context: ListContext): ListRules {
  const related = kind.related?.(context) ?? {};
  const { unknownParameters } = context.parts;
  return {
    filters: { ...kind.filters, ...related },
    volatile: new Set(Object.keys(related)),
    parameters: ['fields', 'continue'],
    ...(kind.sorts ? { sorts: kind.sorts } : {}),
    ...(unknownParameters ? { unknownParameters } : {}),
  };
}

/** How rows are shown: as they are, or with what the kind adds and takes away; cut to the fields asked for. */
function encoderOf(kind: ListedKind, context: ListContext, fields: string | undefined): EncodeRow | undefined {
  const show = kind.show?.(context);
  const encode = show && ((row: Row) => Buffer.from(JSON.stringify(show(row))));
  return fields === undefined ? encode : projection(fields, encode);
}

function visibleTo({ parts, user }: ListContext, kind: ListedKind, workspace: string | undefined): Visible {
  const { plural, group, namespaced } = kind.type;
  if (!namespaced)
    throw new ApiError('BadRequest', `${plural} do not live in projects; ask for them cluster-wide`, {
      details: { kind: plural },
    });
  return parts.places.of(user, { plural, group, guarded: kind.guarded === true }, workspace);
}

async function pageOf(kind: ListedKind, context: ListContext, task: ListTask): Promise<Shown> {
  const { place } = task;
  const { fields, continue: token, ...rest } = context.query;
  const visible = 'visible' in place ? visibleTo(context, kind, place.workspace) : namespaceOf(place);
  if (!('visible' in place)) checkGuard(context.parts, kind, { ...context, verb: 'list' });
  const view = await syncedView(context, kind);
  const query = (task.read ?? listQuery)(rest);
  const after = token ? readContinueToken(token, query) : undefined;
  const page = listView(view, visible === 'everywhere' ? undefined : visible, {
    query,
    rules: rulesOf(kind, context),
    after,
  });
  const encode = encoderOf(kind, context, fields);
  const shape = { withContinue: token !== undefined, ...(task.total ? { total: task.total } : {}) };
  return {
    page,
    parts: pageParts(page, { ...shape, ...(encode ? { encode } : {}) }),
    view: `${kind.type.plural}.${kind.type.group}\n${fields ?? ''}`,
    isPlain: encode === undefined,
    byBytes: kind.show !== undefined,
  };
}

interface Shown {
  readonly page: RowPage;
  readonly parts: PageParts;
  readonly view: string;
  /** Whether the rows' own bytes are sent, which stay the same from answer to answer. */
  readonly isPlain: boolean;
  readonly byBytes: boolean;
}

const nothing: RowPage = { rows: [], totalItems: 0 };
const none = (total: string | undefined): Shown => ({
  page: nothing,
  parts: pageParts(nothing, total ? { total } : {}),
  view: '',
  isPlain: true,
  byBytes: false,
});

/** One page of a list, or that it has not changed. */
export async function listObjects(parts: ResourcesParts, task: ListTask): Promise<Reply> {
  const query = lastValues(task.query);
  const namespace = namespaceOf(task.place);
  const kind = await parts.finder.find(task.resources, namespace);
  const context = { parts, user: task.user, namespace, query };
  const shown = kind ? await pageOf(kind, context, task) : none(task.total);
  return reply(shown, task.headers);
}

const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.join();

function reply({ page, parts, view, isPlain, byBytes }: Shown, headers: ListTask['headers']): Reply {
  const tag = `W/${pageTag(page, parts, { view, byBytes })}`;
  const named = { etag: tag, vary: 'accept-encoding' };
  if (isTagNamed(textOf(headers['if-none-match']), tag)) return new Reply(304, undefined, named);
  return jsonReply(joined(parts), { headers, named, isPlain });
}

/** The pieces as one answer, compressed from what was compressed before where the caller takes it. */
function jsonReply(
  pieces: readonly Uint8Array[],
  { headers, named, isPlain }: { headers: ListTask['headers']; named: Record<string, string>; isPlain: boolean },
): Reply {
  const isLong = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) > shortBytes;
  const packed = isPlain && isLong && takesGzip(textOf(headers['accept-encoding']));
  const written = packed ? gzipParts(pieces) : pieces;
  const length = written.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const body = length > longBytes ? new JsonParts(inChunks(written)) : new JsonBytes(Buffer.concat(written, length));
  return new Reply(200, body, { ...named, ...(packed ? { 'content-encoding': 'gzip' } : {}) });
}

const chunkBytes = 64 * 1024;

/** Made as they are sent. */
function* inChunks(pieces: readonly Uint8Array[]): Iterable<Uint8Array> {
  let chunk: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    chunk.push(piece);
    length += piece.byteLength;
    if (length < chunkBytes) continue;
    yield Buffer.concat(chunk, length);
    [chunk, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(chunk, length);
}

/** One object, bare. */
export async function getObject(
  parts: ResourcesParts,
  task: Omit<ListTask, 'place'> & { readonly namespace: string | undefined; readonly name: string },
): Promise<Reply> {
  const { namespace, name, user } = task;
  const query = lastValues(task.query);
  const kind = await parts.finder.find(task.resources, namespace);
  if (!kind) throw notFound({ plural: task.resources, group: '', name });
  checkGuard(parts, kind, { user, verb: 'get', namespace });
  const context = { parts, user, namespace, query };
  const view = await syncedView(context, kind);
  const row = kind.type.namespaced && namespace === undefined ? undefined : view.get(namespace ?? '', name);
  if (!row) throw notFound({ ...kind.type, name });
  const encode = encoderOf(kind, context, query['fields']);
  const bytes = encode?.(row) ?? row.json;
  if (encode) return new Reply(200, new JsonBytes(bytes));
  const named = { etag: `W/"${row.uid}@${row.resourceVersion}"`, vary: 'accept-encoding' };
  if (isTagNamed(textOf(task.headers['if-none-match']), named.etag)) return new Reply(304, undefined, named);
  return jsonReply([bytes], { headers: task.headers, named, isPlain: true });
}

function notFound({ plural, group, name }: { plural: string; group: string; name: string }): ApiError {
  const full = group === '' ? plural : `${plural}.${group}`;
  return new ApiError('NotFound', `${full} "${name}" not found`, { details: { kind: plural, group, name } });
}

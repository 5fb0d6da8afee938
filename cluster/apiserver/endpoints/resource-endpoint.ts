import { ApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { refusal } from '../auth/attributes.ts';
import { decodeBody, mediaTypeOf, parseText, unsupportedMediaType } from '../codec/decode-body.ts';
import { decodeProtobuf } from '../codec/protobuf.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { versionAs } from '../conversion/stored-versions.ts';
import { isObject } from '../schema/structural-schema.ts';
import type { Patch } from '../operations/patch-object.ts';
import { readScale } from '../operations/scale.ts';
import { createResource, patchResource, postSubresource, replaceResource } from '../operations/write-object.ts';
import type { WriteAnswer } from '../operations/write-object.ts';
import { badRequest, forbidden, methodNotAllowed, notFound } from '../store/api-errors.ts';
import { deletedStatus, deleteObject } from '../store/delete-object.ts';
import { listObjects } from '../store/list-objects.ts';
import { select } from '../store/selection.ts';
import type { Selection } from '../store/selection.ts';
import { reportFields } from '../store/settle-fields.ts';
import { keyOf, versionOf } from '../store/stored-object.ts';
import type { Caller, Target, WriteContext } from '../store/write-request.ts';
import type { Form } from './negotiate.ts';
import { findTarget } from './find-target.ts';
import { streamLogs } from './log-stream.ts';
import { listBytes, objectForm, watchFrames, writtenForm } from './present.ts';
import { readBody } from './read-body.ts';
import type { RequestInfo, ResourcePath } from './request-info.ts';
import { deleteOptions, listQuery, watchOptions, writeContext } from './request-options.ts';
import { serveStream, streamParts } from './serve-stream.ts';
import { sendBytes, sendObject } from './respond.ts';
import type { Exchange } from './respond.ts';
import { acceptWebSocket, listedIn, wantsWebSocket } from './stream-handshake.ts';
import { WatchSocket } from './watch-socket.ts';
import { streamWatch } from './watch-stream.ts';
import { WatchWriter } from './watch-writer.ts';

/** A request for a resource, with all that is known about it. */
interface Call {
  readonly parts: ApiServerParts;
  readonly exchange: Exchange & { readonly warnings: string[] };
  readonly info: RequestInfo;
  readonly form: Form;
  readonly caller: Caller;
  readonly target: Target;
}

const manyVerbs = new Set(['list', 'watch', 'deletecollection']);

/** A list of the one object that a selector names is a look at that object. */
function objectOf({ verb, fieldSelector }: { verb: string; fieldSelector: string }, at: ResourcePath): string {
  if (at.name || !manyVerbs.has(verb)) return at.name;
  return /(?:^|,)metadata\.name==?([^,!]+)/.exec(fieldSelector)?.[1] ?? '';
}

function authorize(call: Pick<Call, 'parts' | 'caller' | 'exchange' | 'info'>, at: ResourcePath): void {
  const { parts, caller, exchange, info } = call;
  const { verb } = info;
  const { group, resource, subresource } = at;
  const fieldSelector = info.query.get('fieldSelector') ?? '';
  const name = objectOf({ verb, fieldSelector }, at);
  // A namespace is an object at the cluster scope, and so are its parts; rights on it may be given inside it.
  const namespace = at.namespace || (group === '' && resource === 'namespaces' ? name : '');
  const attributes = { verb, group, resource, subresource, namespace, name, ...(fieldSelector && { fieldSelector }) };
  const decision = parts.authorizer.decide(caller, attributes);
  exchange.audit?.decided(decision);
  if (decision.allowed) return;
  const words = refusal(caller, { ...attributes, namespace: at.namespace }, decision);
  throw forbidden({ group, resource, kind: '' }, name, words);
}

function selectionOf({ target, info }: Call): Selection {
  const { kind, namespace, name } = target;
  const fields = [info.query.get('fieldSelector'), name && `metadata.name=${name}`].filter(Boolean).join(',');
  return select(kind, {
    namespace: namespace || undefined,
    labelSelector: info.query.get('labelSelector') ?? undefined,
    fieldSelector: fields,
  });
}

/** In which form, and as of when, the answer shows objects. */
function viewOf({ form, info, parts }: Call): Parameters<typeof objectForm>[2] {
  return { form, query: info.query, nowMs: parts.clock.now() };
}

async function get(call: Call): Promise<void> {
  const { parts, exchange, target } = call;
  if (target.subresource === 'log') return streamLogs(parts, exchange, { target, query: call.info.query });
  if (target.subresource === 'scale') return sendObject(exchange, 200, await readScale(parts, target));
  const version = target.kind.computed
    ? versionOf(target.kind, await target.kind.computed.get(target.namespace, target.name), parts.storage.revision)
    : parts.storage.get(keyOf(target.kind, target.namespace, target.name));
  if (!version) throw notFound(target.kind, target.name);
  const shown = target.kind.conversion ? await versionAs(parts, target.kind, version) : version;
  return sendBytes(exchange, 200, objectForm(target.kind, shown, viewOf(call)));
}

async function list(call: Call): Promise<void> {
  const { parts, exchange, target, info } = call;
  const selection = selectionOf(call);
  const result = await listObjects(parts, selection, listQuery(info.query));
  await sendBytes(exchange, 200, listBytes(target.kind, result, viewOf(call)));
}

async function watch(call: Call): Promise<void> {
  const { parts, exchange, target, info, form } = call;
  if (form.format === 'yaml') {
    throw new ApiError(
      'NotAcceptable',
      'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    );
  }
  const selection = selectionOf(call);
  const options = watchOptions(info.query);
  const { response } = exchange;
  const frames = watchFrames(form, target.kind, { query: info.query, clock: parts.clock });
  if (exchange.upgrade && wantsWebSocket(exchange.request)) {
    const socket = await acceptWebSocket(exchange, exchange.upgrade, onlyProtocol(exchange.request));
    const binary = form.format === 'protobuf';
    if (socket)
      streamWatch(parts, (onDrain) => new WatchSocket(socket, { binary, onDrain }), { selection, options, frames });
    return;
  }
  response.writeHead(200, {
    'Content-Type': frames.contentType,
    'Cache-Control': 'no-cache, private',
    'Audit-Id': exchange.requestId,
  });
  streamWatch(parts, (onDrain) => new WatchWriter(response, onDrain), { selection, options, frames });
}

/** A watch speaks no protocol of its own: it agrees to the one that a client names, if it is one. */
function onlyProtocol({ headers }: Exchange['request']): string {
  const [first = '', ...more] = listedIn(headers['sec-websocket-protocol']);
  if (more.length > 0) throw badRequest('a watch takes one protocol at most');
  return first;
}

/** The kind a body is of: that of the collection, or of the subresource. */
function bodyKind({ kind, subresource }: Target): Pick<KindInfo, 'group' | 'version' | 'kind' | 'builtin'> {
  const sub = kind.subresources.find(({ name }) => name === subresource);
  if (!sub) return kind;
  return {
    group: sub.group ?? kind.group,
    version: sub.version ?? kind.version,
    kind: sub.kind,
    builtin: kind.builtin || sub.kind !== kind.kind,
  };
}

async function readObjectBody(call: Call, context: WriteContext): Promise<ClusterObject> {
  const { request } = call.exchange;
  const bytes = await readBody(request);
  const body = decodeBody(bytes, request.headers['content-type'], bodyKind(call.target));
  reportFields(call.target.kind, body.problems, context);
  const object = body.object as unknown as ClusterObject; // the store gives it the shape of its kind
  if (!isObject(body.object.metadata)) object.metadata = { name: '' };
  return object;
}

/** Where admission notes what it has found out, for the record of the request. */
function annotatorOf({ audit }: Exchange): WriteContext['annotate'] {
  return audit && ((key, value) => audit.annotate(key, value));
}

function contextOf(call: Call, options: string, apply = false): WriteContext {
  const { exchange, info, caller } = call;
  return writeContext(info.query, {
    caller,
    options,
    apply,
    userAgent: exchange.request.headers['user-agent'],
    warnings: exchange.warnings,
    annotate: annotatorOf(exchange),
  });
}

function answer(call: Call, { status, body, version }: WriteAnswer): Promise<void> {
  const { exchange, form, target } = call;
  if (version && form.as === 'object' && form.format !== 'yaml')
    return sendBytes(exchange, status, objectForm(target.kind, version, viewOf(call)));
  const isObject = (body as { kind?: string }).kind === target.kind.kind; // and no Status or Scale
  if (form.as === 'object' || !isObject) return sendObject(exchange, status, body);
  return sendBytes(exchange, status, writtenForm(target.kind, body as ClusterObject, viewOf(call))); // as its kind says
}

async function create(call: Call): Promise<void> {
  const context = contextOf(call, 'CreateOptions');
  const object = await readObjectBody(call, context);
  const run = call.target.subresource ? postSubresource : createResource;
  await answer(call, await run(call.parts, call.target, { object, context }));
}

async function update(call: Call): Promise<void> {
  const context = contextOf(call, 'UpdateOptions');
  const object = await readObjectBody(call, context);
  await answer(call, await replaceResource(call.parts, call.target, { object, context }));
}

const patchTypes: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function patchTypeOf({ exchange, target }: Call): Patch['type'] {
  const mediaType = mediaTypeOf(exchange.request.headers['content-type']);
  const type = patchTypes[mediaType];
  if (type && (type !== 'strategic' || target.kind.builtin)) return type;
  if (target.kind.builtin && !type)
    throw new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
  const accepted = Object.keys(patchTypes).filter((name) => target.kind.builtin || !name.includes('strategic'));
  throw unsupportedMediaType(accepted);
}

async function patch(call: Call): Promise<void> {
  const { exchange, info, target } = call;
  const type = patchTypeOf(call);
  const context = contextOf(call, 'PatchOptions', type === 'apply');
  const bytes = await readBody(exchange.request);
  const { value, duplicateFields } = parseText(bytes, type === 'apply' ? 'application/yaml' : 'application/json');
  reportFields(
    target.kind,
    duplicateFields.map((path) => `duplicate field "${path}"`),
    context,
  );
  const body =
    type === 'apply'
      ? ({ type, body: value as unknown as ClusterObject, force: info.query.get('force') === 'true' } as const) // the apply checks it
      : ({ type, body: value } as const);
  await answer(call, await patchResource(call.parts, target, { patch: body, context }));
}

async function readDeleteOptions({ exchange, info }: Call): Promise<ReturnType<typeof deleteOptions>> {
  const bytes = await readBody(exchange.request);
  if (bytes.length === 0) return deleteOptions(info.query, undefined);
  const kind = { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' };
  const { object } = decodeDeleteOptions(bytes, exchange.request.headers['content-type'], kind);
  return deleteOptions(info.query, object);
}

/** Clients write the options under any group version they like, or none. */
function decodeDeleteOptions(
  bytes: Buffer,
  contentType: string | undefined,
  kind: { group: string; version: string; kind: string },
): { object: Record<string, unknown> } {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType.endsWith('protobuf')) return { object: decodeProtobuf(bytes) };
  const { value } = parsedOptions(bytes, mediaType, kind);
  return { object: typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {} };
}

/** What is wrong with options is said without the text around a broken object. */
function parsedOptions(
  bytes: Buffer,
  mediaType: string,
  kind: Parameters<typeof parseText>[2],
): ReturnType<typeof parseText> {
  try {
    return parseText(bytes, mediaType, kind);
  } catch (error) {
    const [, problem] = /\): (couldn't get version\/kind; .*?)(?: \(.*\))?$/s.exec(String(error)) ?? [];
    throw problem ? badRequest(problem) : error;
  }
}

async function remove(call: Call): Promise<void> {
  const { parts, exchange, target, caller } = call;
  const { dryRun, ...options } = await readDeleteOptions(call);
  const { gone, object } = await deleteObject(parts, target, { options, caller, dryRun, warnings: exchange.warnings });
  // A pod is shown to the last; of what is simply gone, only that.
  await sendObject(
    exchange,
    200,
    gone && !target.kind.strategy.gracefulDelete ? deletedStatus(target, object) : object,
  );
}

async function removeCollection(call: Call): Promise<void> {
  const { parts, exchange, target, caller, info } = call;
  const { dryRun, ...options } = await readDeleteOptions(call);
  const result = await listObjects(parts, selectionOf(call), listQuery(info.query));
  const { warnings } = exchange;
  const deletions = result.versions.map(async ({ key }) => {
    try {
      const one = { ...target, namespace: key.namespace, name: key.name };
      await deleteObject(parts, one, { options, caller, dryRun, warnings, ofCollection: true });
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'NotFound')) throw error;
    }
  });
  await Promise.all(deletions);
  await sendBytes(exchange, 200, listBytes(target.kind, result, viewOf(call)));
}

const handlers: Readonly<Record<string, (call: Call) => Promise<void> | void>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

/** Answers a request for `info.resource`. Throws what has to be answered with a Status. */
export async function serveResource(
  parts: ApiServerParts,
  exchange: Exchange & { readonly warnings: string[] },
  request: { info: RequestInfo; at: ResourcePath; form: Form; caller: Caller },
): Promise<void> {
  const { info, at, form, caller } = request;
  authorize({ parts, caller, exchange, info }, at);
  const target = findTarget(parts, at, info.verb);
  const handle = handlers[info.verb];
  if (!handle || exchange.request.method === 'HEAD') throw methodNotAllowed();
  if (streamParts.has(target.subresource ?? ''))
    return serveStream({ parts, exchange, target, query: info.query }, info.verb, caller);
  if (target.kind.deprecationWarning) exchange.warnings.push(target.kind.deprecationWarning);
  await handle({ parts, exchange, info, form, caller, target });
}

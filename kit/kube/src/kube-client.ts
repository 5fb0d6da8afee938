import { ApiError, isApiError, silentLogger, systemClock } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, ListOptions, RawRequest, RequestOptions, WriteOptions } from './client-api.ts';
import type { Connection } from './connection.ts';
import { apiVersionOf, pathOf } from './path.ts';
import { errorOfResponse } from './status-error.ts';
import type { Transport } from './transport.ts';
import { createTransport, rawResponse } from './transport.ts';
import { errorOfTransport } from './transport-error.ts';
import type { KubeList, KubeObject, PatchType, ResourceType, WatchEvent } from './types.ts';
import { openUpgrade } from './upgrade.ts';
import { watchLines } from './watch-lines.ts';

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

const pageSize = 500;
/** A list whose token expires between two pages begins anew; one that always does is longer than the server remembers. */
const listAttempts = 3;

export interface KubeClientOptions {
  readonly log?: Logger;
  readonly clock?: Clock;
  /** What the server's audit log and `managedFields` call us. */
  readonly userAgent?: string;
}

type JsonRequest = RawRequest & { readonly json?: unknown; readonly contentType?: string };

async function readBody(transport: Transport, request: RawRequest): Promise<string> {
  const response = await transport.short(request);
  let body: string;
  try {
    body = await response.body.text();
  } catch (cause) {
    throw errorOfTransport(transport.server, cause, request.signal);
  }
  if (response.statusCode < 400) return body;
  throw errorOfResponse(response.statusCode, body, String(response.headers['retry-after'] ?? ''));
}

async function jsonRequest<T>(transport: Transport, { json, contentType, ...request }: JsonRequest): Promise<T> {
  const headers =
    json === undefined ? request.headers : { ...request.headers, 'content-type': contentType ?? 'application/json' };
  const body = json === undefined ? request.body : JSON.stringify(json);
  const text = await readBody(transport, { ...request, headers, body });
  try {
    return JSON.parse(text) as T; // the caller names the type the path answers with
  } catch (cause) {
    throw new ApiError(
      'ServiceUnavailable',
      `${transport.server} answered ${request.path} with something that is not JSON`,
      { cause },
    );
  }
}

function selectors({ query, labelSelector, fieldSelector }: ListOptions): NonNullable<RequestOptions['query']> {
  return { ...query, labelSelector, fieldSelector };
}

function writeQuery({ query, dryRun, fieldManager }: WriteOptions): NonNullable<RequestOptions['query']> {
  return { ...query, fieldManager, dryRun: dryRun ? 'All' : undefined };
}

/** Items of a built-in list come without their kind; whoever reads one expects it. */
function named<T extends KubeObject>(type: ResourceType, item: T): T {
  return item.kind && item.apiVersion ? item : { ...item, apiVersion: apiVersionOf(type), kind: type.kind };
}

async function listPages<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
): Promise<KubeList<T>> {
  const items: T[] = [];
  let metadata: KubeList['metadata'] = { resourceVersion: '' };
  do {
    const page: KubeList<T> = await jsonRequest(transport, {
      method: 'GET',
      path: pathOf(type, { namespace: options.namespace }),
      query: { limit: pageSize, ...selectors(options), continue: metadata.continue || undefined },
      signal: options.signal,
    });
    for (const item of page.items ?? []) items.push(named(type, item));
    metadata = page.metadata;
  } while (metadata.continue);
  return { items, metadata };
}

async function listAll<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
): Promise<KubeList<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listPages<T>(transport, type, options);
    } catch (error) {
      if (attempt >= listAttempts || !isApiError(error, 'Expired')) throw error;
    }
  }
}

type WatchOptions = ListOptions & { readonly resourceVersion?: string };

async function* watchOnce<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const response = await transport.long({
    method: 'GET',
    path: pathOf(type, { namespace: options.namespace }),
    query: { allowWatchBookmarks: true, ...selectors(options), resourceVersion: options.resourceVersion, watch: true },
    signal: options.signal,
  });
  const body = response.body;
  body.on('error', () => undefined); // an abort also breaks a body nobody reads any more
  try {
    if (response.statusCode >= 400) throw errorOfResponse(response.statusCode, await body.text());
    for await (const line of watchLines(body)) {
      const event = JSON.parse(line) as WatchEvent<T> | { type: 'ERROR'; object: unknown }; // the two forms the API has
      if (event.type === 'ERROR') throw errorOfResponse(410, JSON.stringify(event.object));
      yield { type: event.type, object: named(type, event.object) };
    }
  } catch (cause) {
    throw errorOfTransport(transport.server, cause, options.signal);
  } finally {
    body.destroy();
  }
}

/** A client of the API server that `connection` describes; it opens its first connection with the first call. */
export function createKubeClient(connection: Connection, options: KubeClientOptions = {}): KubeClient {
  const { clock = systemClock, log = silentLogger, userAgent = 'freehold' } = options;
  const transport = createTransport(connection, { clock, userAgent });
  if (connection.insecureSkipVerify)
    log.warn('the certificate of the API server is not verified', { server: connection.server });
  const ask = <T>(request: JsonRequest): Promise<T> => jsonRequest<T>(transport, request);

  const client: KubeClient = {
    server: connection.server,
    get: (type, key, { query, signal } = {}) => ask({ method: 'GET', path: pathOf(type, key), query, signal }),
    async find<T extends KubeObject>(
      type: ResourceType,
      key: { namespace?: string; name: string },
      given?: RequestOptions,
    ) {
      try {
        return await client.get<T>(type, key, given);
      } catch (error) {
        if (isApiError(error, 'NotFound')) return undefined;
        throw error;
      }
    },
    list: (type, given = {}) => listAll(transport, type, given),
    create: (type, object, given = {}) =>
      ask({
        method: 'POST',
        path: given.subresource
          ? pathOf(type, { ...object.metadata, subresource: given.subresource })
          : pathOf(type, { namespace: object.metadata.namespace }),
        query: writeQuery(given),
        json: named(type, object),
        signal: given.signal,
      }),
    update: (type, object, given = {}) =>
      ask({
        method: 'PUT',
        path: pathOf(type, { ...object.metadata, subresource: given.subresource }),
        query: writeQuery(given),
        json: named(type, object),
        signal: given.signal,
      }),
    patch: (type, key, patch, given) =>
      ask({
        method: 'PATCH',
        path: pathOf(type, { ...key, subresource: given.subresource }),
        query: { ...writeQuery(given), force: given.type === 'apply' ? given.force : undefined },
        json: patch,
        contentType: patchContentTypes[given.type],
        signal: given.signal,
      }),
    apply: (type, object, given) =>
      client.patch(type, object.metadata, named(type, object), { ...given, type: 'apply' }),
    async delete(type, key, { query, signal, dryRun, ...body } = {}) {
      const json = { apiVersion: 'v1', kind: 'DeleteOptions', ...body };
      await ask({
        method: 'DELETE',
        path: pathOf(type, key),
        query: { ...query, dryRun: dryRun ? 'All' : undefined },
        json,
        signal,
      });
    },
    watch: (type, given) => watchOnce(transport, type, given),
    json: ask,
    raw: async (request) => rawResponse(await transport.long(request)),
    upgrade: (request) => openUpgrade(connection, transport, request),
    close: () => transport.close(),
  };
  return client;
}

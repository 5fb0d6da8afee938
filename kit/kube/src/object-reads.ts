import { isApiError } from '@kit/base';
import type { KubeClient, ListOptions, RequestOptions } from './client-api.ts';
import type { Ask } from './json-request.ts';
import { named } from './json-request.ts';
import { pathOf } from './path.ts';
import { errorOfResponse } from './status-error.ts';
import type { Transport } from './transport.ts';
import { errorOfTransport } from './transport-error.ts';
import type { KubeList, KubeObject, ResourceType, WatchEvent } from './types.ts';
import { watchLines } from './watch-lines.ts';

const pageSize = 500;
/** A list whose token expires between two pages begins anew; one that always does is longer than the server remembers. */
const listAttempts = 3;

function selectors({ query, labelSelector, fieldSelector }: ListOptions): NonNullable<RequestOptions['query']> {
  return { ...query, labelSelector, fieldSelector };
}

async function listPages<T extends KubeObject>(
  ask: Ask,
  type: ResourceType,
  options: ListOptions,
): Promise<KubeList<T>> {
  const items: T[] = [];
  let metadata: KubeList['metadata'] = { resourceVersion: '' };
  do {
    const page = await ask<KubeList<T>>({
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

async function listAll<T extends KubeObject>(ask: Ask, type: ResourceType, options: ListOptions): Promise<KubeList<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listPages<T>(ask, type, options);
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
  const { body, statusCode } = await transport.long({
    method: 'GET',
    path: pathOf(type, { namespace: options.namespace }),
    query: { allowWatchBookmarks: true, ...selectors(options), resourceVersion: options.resourceVersion, watch: true },
    signal: options.signal,
  });
  body.on('error', () => undefined); // an abort also breaks a body nobody reads any more
  try {
    if (statusCode >= 400) throw errorOfResponse(statusCode, await body.text());
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

/** The part of the client that reads objects. */
export function objectReads(ask: Ask, transport: Transport): Pick<KubeClient, 'get' | 'find' | 'list' | 'watch'> {
  const get: KubeClient['get'] = (type, key, { query, signal } = {}) =>
    ask({ method: 'GET', path: pathOf(type, key), query, signal });
  return {
    get,
    find: async <T extends KubeObject>(...asked: Parameters<KubeClient['find']>) => {
      try {
        return await get<T>(...asked);
      } catch (error) {
        if (isApiError(error, 'NotFound')) return undefined;
        throw error;
      }
    },
    list: (type, options = {}) => listAll(ask, type, options),
    watch: (type, options) => watchOnce(transport, type, options),
  };
}

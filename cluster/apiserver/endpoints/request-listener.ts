import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, withRequestId } from '@kit/base';
import type { ApiServerParts } from '../api-server-parts.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { impersonated } from '../auth/impersonation.ts';
import type { Caller } from '../store/write-request.ts';
import type { Upgrade } from './accept-upgrades.ts';
import { Discovery } from './discovery.ts';
import { RequestCounters } from './metrics.ts';
import { errorFormat, negotiate } from './negotiate.ts';
import type { Form } from './negotiate.ts';
import { OpenApiDocuments } from './openapi/openapi-documents.ts';
import { serveRemote } from '../aggregation/serve-remote.ts';
import { requestInfo } from './request-info.ts';
import type { RequestInfo } from './request-info.ts';
import { serveResource } from './resource-endpoint.ts';
import { sendError, sendText } from './respond.ts';
import type { Exchange } from './respond.ts';
import { streamParts } from './serve-stream.ts';
import { servePath } from './server-paths.ts';
import type { ServerPaths } from './server-paths.ts';

type OpenExchange = Exchange & { format: Form['format']; audit?: AuditTrail; readonly warnings: string[] };

const infoOf = ({ method = 'GET', url = '/' }: IncomingMessage): RequestInfo => requestInfo(method, url);

/** Documents of discovery are JSON whatever else the client would take. */
function formFor(request: IncomingMessage, kind: { builtin: boolean } | undefined): Form {
  try {
    return negotiate(request.headers.accept, kind?.builtin);
  } catch (error) {
    if (kind) throw error;
    return { as: 'object', format: 'json' };
  }
}

const plainForm: Form = { as: 'object', format: 'json' };

/** Who sends the request, or whom he acts as; the record of the request, if one is wanted, begins here. */
async function callerOf(parts: ApiServerParts, exchange: OpenExchange, info: RequestInfo): Promise<Caller> {
  const { request, response, requestId } = exchange;
  const begin = (caller: Caller | undefined): AuditTrail | undefined =>
    parts.audit?.begin({ request, response, requestId, info, caller });
  let sender: Caller;
  try {
    sender = await parts.authenticator.request(request);
  } catch (error) {
    exchange.audit = begin(undefined);
    throw error;
  }
  exchange.audit = begin(sender);
  const caller = impersonated(sender, request.headers, parts.authorizer);
  if (caller !== sender) exchange.audit?.impersonates(caller);
  return caller;
}

async function serve(server: ServerPaths, exchange: OpenExchange): Promise<void> {
  const { parts } = server;
  const { request } = exchange;
  const info = infoOf(request);
  server.counters.follow(info.verb, exchange.response);
  const caller = await callerOf(parts, exchange, info);
  const { resource: at } = info;
  const remote = parts.aggregator.services.find(info.path);
  if (remote) return serveRemote(parts, exchange, { info, caller, remote });
  // An unknown group is no API at all.
  if (at && parts.kinds.versionsOf(at.group).length === 0) return sendText(exchange, 404, '404 page not found\n');
  const isStream = at !== undefined && streamParts.has(at.subresource); // what comes back is not ours to choose
  const form = isStream
    ? plainForm
    : formFor(request, at && (parts.kinds.find(at.group, at.version, at.resource) ?? { builtin: true }));
  exchange.format = form.format;
  if (at) await serveResource(parts, exchange, { info, at, form, caller });
  else await servePath(server, exchange, { info, caller });
}

async function finish(parts: ApiServerParts, exchange: OpenExchange, error: unknown): Promise<void> {
  const { request, response, requestId } = exchange;
  if (!(error instanceof ApiError))
    parts.log.error('a request failed', { method: request.method, path: request.url?.split('?')[0], requestId, error });
  // Half an answer cannot be taken back: the client must see that it broke off.
  if (response.headersSent || response.destroyed) response.destroy();
  else await sendError(exchange, error);
}

/** What is known of the answer before the request has been understood. */
function openFormats({ headers }: IncomingMessage): Pick<OpenExchange, 'format' | 'errorFormat'> {
  return { format: 'json', errorFormat: errorFormat(headers.accept) };
}

/** A client may bring the id under which the request is recorded. */
function auditIdOf({ headers }: IncomingMessage): string {
  const given = headers['audit-id'];
  return typeof given === 'string' && /^[!-~]{1,64}$/.test(given) ? given : randomUUID();
}

/** Answers every request of the API. */
export function requestListener(
  parts: ApiServerParts,
): (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => void {
  const server: ServerPaths = {
    parts,
    discovery: new Discovery(parts.kinds),
    openApi: new OpenApiDocuments(parts.kinds),
    counters: new RequestCounters(),
  };
  return (request, response, upgrade) => {
    const exchange: OpenExchange = {
      request,
      response,
      ...openFormats(request),
      warnings: [],
      requestId: auditIdOf(request),
      ...(upgrade && { upgrade }),
    };
    const work = async (): Promise<void> => {
      try {
        await serve(server, exchange);
      } catch (error) {
        await finish(parts, exchange, error).catch(() => response.destroy());
      }
    };
    void withRequestId(exchange.requestId, work);
  };
}

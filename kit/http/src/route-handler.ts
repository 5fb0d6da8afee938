import { Readable } from 'node:stream';
import { withRequestId } from '@kit/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkerOf } from './check-values.ts';
import type { CheckValue } from './check-values.ts';
import type { HttpOptions } from './create-http.ts';
import { admit } from './guard.ts';
import { JsonBytes, JsonParts, Reply } from './route.ts';
import type { Route, RouteRequest, User } from './route.ts';

interface Checks {
  readonly params?: CheckValue;
  readonly query?: CheckValue;
  readonly body?: CheckValue;
  readonly responses: ReadonlyMap<number, CheckValue>;
}

/** Registers one declared route: admitted, then parsed, then checked, then handled. */
export function addRoute(app: FastifyInstance, route: Route, options: HttpOptions): void {
  const checks = checksOf(route, options.checkResponses === true);
  const users = new WeakMap<FastifyRequest, User>();
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request) => {
      users.set(request, await admit(options, route.permission, request.raw));
    },
    handler: async (request, reply) => {
      const user = users.get(request) as User; // set by onRequest, or this handler is not reached
      const values = readRequest(request, { checks, user, signal: signalOf(reply) });
      const result = await withRequestId(request.id, () => route.handle(values));
      return answer(reply, result instanceof Reply ? result : new Reply(firstStatus(route), result), checks.responses);
    },
  });
}

function checksOf(route: Route, withResponses: boolean): Checks {
  return {
    ...(route.params ? { params: checkerOf(route.params, 'path', true) } : {}),
    ...(route.query ? { query: checkerOf(route.query, 'query', true) } : {}),
    ...(route.body ? { body: checkerOf(route.body, 'body', route.form === true) } : {}),
    responses: new Map(
      withResponses
        ? Object.entries(route.responses).map(([code, s]) => [Number(code), checkerOf(s, 'response', false)])
        : [],
    ),
  };
}

/** Aborted when the connection closes before the answer is out. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

interface Reading {
  readonly checks: Checks;
  readonly user: User;
  readonly signal: AbortSignal;
}

function readRequest(request: FastifyRequest, { checks, user, signal }: Reading): RouteRequest {
  const values = {
    params: checks.params?.(request.params),
    query: checks.query?.(request.query),
    body: checks.body?.(request.body),
    user,
    requestId: request.id,
    headers: request.headers,
    sourceIp: request.raw.socket.remoteAddress ?? '',
    signal,
  };
  return values as RouteRequest; // the table of routes knows no handler's own types; the checks above have made the values fit
}

function firstStatus(route: Route): number {
  return Number(Object.keys(route.responses)[0] ?? 200);
}

function answer(reply: FastifyReply, { status, body, headers }: Reply, checks: Checks['responses']): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (body === undefined) return reply.send();
  if (body instanceof JsonBytes) {
    const { buffer, byteOffset, byteLength } = body.bytes;
    return reply.type('application/json').send(Buffer.from(buffer, byteOffset, byteLength));
  }
  if (body instanceof JsonParts) return reply.type('application/json').send(Readable.from(body.parts));
  checks.get(status)?.(body);
  if (typeof body === 'string') {
    if (!reply.hasHeader('content-type')) reply.type('text/plain; charset=utf-8');
    return reply.send(body);
  }
  return reply.type('application/json').send(JSON.stringify(body));
}

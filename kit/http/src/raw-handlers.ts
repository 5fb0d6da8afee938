import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError, toStatus, withRequestId } from '@kit/base';
import type { FastifyInstance } from 'fastify';
import { refuseSocket } from './answer-socket.ts';
import type { HttpOptions } from './create-http.ts';
import { admit } from './guard.ts';
import type { Mount, RawContext } from './mount.ts';
import type { OpenStreams } from './open-streams.ts';
import { requestIdOf } from './request-id.ts';
import type { User } from './route.ts';
import { checkPath, longestPrefix, pathOf } from './safe-path.ts';

const defaultRecheckMs = 5000;

/** Registers the streaming handlers; their bodies are left on the wire. */
export function addMounts(app: FastifyInstance, options: HttpOptions, streams: OpenStreams): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const mount of options.mounts ?? []) {
    for (const url of [mount.prefix, `${mount.prefix}/*`]) addMount(app, { mount, url, options, streams });
  }
}

interface MountPlace {
  readonly mount: Mount;
  readonly url: string;
  readonly options: HttpOptions;
  readonly streams: OpenStreams;
}

function addMount(app: FastifyInstance, { mount, url, options, streams }: MountPlace): void {
  const users = new WeakMap<IncomingMessage, User>();
  app.all(url, {
    onRequest: async (request) => {
      users.set(request.raw, await admit(options, mount.permission, request.raw));
    },
    handler: async (request, reply) => {
      const { raw } = request;
      const { signal, done } = streams.add({
        socket: raw.socket,
        recheckMs: options.recheckMs ?? defaultRecheckMs,
        admit: () => admit(options, mount.permission, raw),
      });
      const user = users.get(raw) as User; // set by onRequest, or this handler is not reached
      const context: RawContext = { user, requestId: request.id, sourceIp: sourceIpOf(raw), signal };
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.hijack();
      reply.raw.once('close', done);
      try {
        await withRequestId(request.id, () => mount.handle(raw, reply.raw, context));
      } catch (error) {
        endWithStatus(reply.raw, error, request.id);
        if (!(error instanceof ApiError)) options.log.error('stream failed', { requestId: request.id, error });
      }
    },
  });
}

function endWithStatus(response: ServerResponse, error: unknown, requestId: string): void {
  if (response.headersSent) return void response.destroy();
  const status = toStatus(error, requestId);
  response.writeHead(status.code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(status));
}

/** Takes the server's upgrade requests: found, authenticated, authorized, and only then handed on. */
export function addUpgrades(server: Server, options: HttpOptions, streams: OpenStreams): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const requestId = requestIdOf(request);
    socket.on('error', () => socket.destroy());
    upgrade({ request, socket, head, requestId }, options, streams).catch((error: unknown) => {
      const path = pathOf(request.url ?? '/');
      options.log.info('upgrade refused', {
        requestId,
        path,
        error: error instanceof ApiError ? error.message : error,
      });
      refuseSocket(socket, error, requestId);
    });
  });
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly requestId: string;
}

async function upgrade(
  { request, socket, head, requestId }: Incoming,
  options: HttpOptions,
  streams: OpenStreams,
): Promise<void> {
  const url = options.rewrite?.(request.url ?? '/') ?? request.url ?? '/';
  request.url = url;
  checkPath(url);
  const target = longestPrefix(options.upgrades ?? [], pathOf(url));
  if (!target) throw new ApiError('NotFound', `nothing at ${pathOf(url)} can be upgraded to another protocol`);
  const ask = (): Promise<User> => admit(options, target.permission, request);
  const user = await ask();
  const { signal } = streams.add({ socket, recheckMs: options.recheckMs ?? defaultRecheckMs, admit: ask });
  await withRequestId(requestId, () =>
    target.handle({ request, socket, head }, { user, requestId, sourceIp: sourceIpOf(request), signal }),
  );
}

function sourceIpOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import { ApiError } from '@kit/base';
import type { Clock, Logger, Part } from '@kit/base';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseSocket } from './answer-socket.ts';
import { addBodyParsers } from './body-parsers.ts';
import { serveConsole } from './console-files.ts';
import { addErrorAnswers, sendStatus } from './error-answers.ts';
import type { Guards } from './guard.ts';
import type { Mount, Upgrade } from './mount.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiInfo } from './openapi.ts';
import { OpenStreams } from './open-streams.ts';
import { addMounts, addUpgrades } from './raw-handlers.ts';
import { requestIdOf } from './request-id.ts';
import { referencePage } from './reference-page.ts';
import type { Route } from './route.ts';
import { addRoute } from './route-handler.ts';
import { checkPath, pathOf } from './safe-path.ts';
import { baseHeaders } from './security-headers.ts';

export interface HttpOptions extends Guards {
  readonly info: ApiInfo;
  readonly routes: readonly Route[];
  readonly mounts?: readonly Mount[];
  readonly upgrades?: readonly Upgrade[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** The console's built files; without it the server answers API requests only. */
  readonly staticDir?: string;
  /** Gives the target to serve in place of the one asked for, before anything looks at it. */
  readonly rewrite?: (target: string) => string;
  readonly bodyLimitBytes?: number;
  /** How often an open stream is asked again whether it is still allowed. */
  readonly recheckMs?: number;
  /** Calls the listener whenever somebody may have lost a right: open streams are then asked about at once. */
  readonly onRightsChange?: (listener: () => void) => () => void;
  /** For tests: an answer that its schema does not describe becomes an error. */
  readonly checkResponses?: boolean;
}

export interface HttpServer extends Part {
  /** `http://host:port`; known after `start`. */
  readonly url: string;
}

const stopGraceMs = 3000;

/** The HTTP server of a table of routes, mounts and upgrades. Nothing listens before `start`. */
export function createHttp(options: HttpOptions): HttpServer {
  const streams = new OpenStreams(options.clock);
  let unsubscribe: (() => void) | undefined;
  const app = newApp(options);
  app.register(compress, { encodings: ['gzip', 'identity'], threshold: 2048 });
  addBodyParsers(app);
  addErrorAnswers(app, options);
  addAccessLog(app, options.log);
  // In a scope of its own, so that it is made after the compression that must apply to it.
  app.register(async (routed) => {
    for (const route of withReference(options)) addRoute(routed, route, options);
    if (options.staticDir !== undefined) serveConsole(routed, options.staticDir);
  });
  app.register(async (raw) => addMounts(raw, options, streams));
  addUpgrades(app.server, options, streams);
  return {
    name: 'http server',
    get url() {
      const { port } = app.server.address() as AddressInfo; // a TCP server's address is never a pipe's name
      return `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
    },
    async start() {
      unsubscribe = options.onRightsChange?.(() => streams.lookSoon());
      await app.listen({ host: options.host, port: options.port });
    },
    async stop() {
      unsubscribe?.();
      streams.end(new ApiError('ServiceUnavailable', 'the server is stopping'));
      const cancel = options.clock.after(stopGraceMs, () => app.server.closeAllConnections());
      await app.close();
      cancel();
    },
  };
}

function newApp(options: HttpOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimitBytes ?? 3 * 1024 * 1024,
    genReqId: requestIdOf,
    requestTimeout: 300_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => options.rewrite?.(url) ?? url,
    routerOptions: { maxParamLength: 1024 },
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 32 * 1024 },
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...baseHeaders, 'x-request-id': request.id });
      sendStatus(
        reply,
        new ApiError('BadRequest', 'the path of the request is not in its plain form', { cause: error }),
        request.id,
      );
    },
    clientErrorHandler: (error, socket) => refuseSocket(socket, clientError(error), randomUUID()),
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...baseHeaders, 'x-request-id': request.id });
    try {
      checkPath(request.raw.url ?? '/');
      done();
    } catch (error) {
      done(error as Error); // checkPath throws errors only
    }
  });
  return app;
}

function clientError(error: NodeJS.ErrnoException): ApiError {
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return new ApiError('BadRequest', 'the request headers are too large', { code: 431 });
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ApiError('Timeout', 'the request took too long to arrive', { code: 408 });
  return new ApiError('BadRequest', 'this is not an HTTP/1.1 request');
}

/** Writes and failures are always logged, reads at debug level; the query may hold secrets and stays out. */
function addAccessLog(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', (request: FastifyRequest, reply, done) => {
    const fields = {
      requestId: request.id,
      method: request.method,
      path: pathOf(request.raw.url ?? '/'),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      sourceIp: request.raw.socket.remoteAddress,
    };
    const isQuiet = reply.statusCode < 400 && (request.method === 'GET' || request.method === 'HEAD');
    log[isQuiet ? 'debug' : 'info']('request', fields);
    done();
  });
}

function withReference({ routes, mounts = [], upgrades = [], info }: HttpOptions): readonly Route[] {
  const document = openApiDocument({ routes, mounts, upgrades, info });
  const page = referencePage(document);
  return [...routes, ...page.routes];
}

import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { ApiError } from '@kit/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './safe-path.ts';
import { pagePolicy } from './security-headers.ts';

// Below these nothing is ever a page of the console: a wrong path there is an error, not a page.
const apiPrefix = /^\/(api|apis|kapi|kapis|clusters|oauth|session|version|healthz|livez|readyz|docs)(\/|$)/;
const hashedName = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** Serves the console's built files, and its page for every other address that a browser asks for. */
export function serveConsole(app: FastifyInstance, directory: string): void {
  app.register(fastifyStatic, { root: directory, serve: false, cacheControl: false });
  app.route({
    method: 'GET',
    url: '/*',
    handler: async (request, reply) => {
      const path = decodeURIComponent(pathOf(request.url));
      if (apiPrefix.test(path)) return reply.callNotFound();
      if (path !== '/index.html' && (await isFile(join(directory, path)))) return sendAsset(reply, path);
      if (path !== '/' && !acceptsPage(request)) return reply.callNotFound();
      return sendPage(reply, directory);
    },
  });
}

function acceptsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function sendAsset(reply: FastifyReply, path: string): FastifyReply {
  // A hashed name never changes its content; everything else is asked for again with its ETag.
  reply.header('cache-control', hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
  return reply.sendFile(path);
}

async function sendPage(reply: FastifyReply, directory: string): Promise<FastifyReply> {
  const page = await readFile(join(directory, 'index.html'), 'utf8').catch((cause: unknown) => {
    throw new ApiError('NotFound', 'the console has not been built', { cause });
  });
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header('content-security-policy', pagePolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll('__CSP_NONCE__', nonce));
}

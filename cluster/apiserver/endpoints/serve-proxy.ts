import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '@kit/base';
import { openTls } from '../outbound/open-tls.ts';
import { splice } from '../../streams/splice.ts';
import { upgraded } from './accept-upgrades.ts';
import { runtimeOf } from './pod-container.ts';
import type { StreamCall } from './pod-streams.ts';
import {
  forwardedHeaders,
  type ProxyHeaders,
  type ProxyPlace,
  returnedHeaders,
  rewrittenLocation,
  rewrittenPage,
} from './proxy-rewrite.ts';
import { proxyTarget, type ProxyTarget, unreachable } from './proxy-target.ts';

type PodTarget = ProxyTarget & { to: 'pod' };

interface ProxyPath extends ProxyPlace {
  /** What the proxied server is asked for; '' when the client left out the slash after `proxy`. */
  readonly path: string;
  readonly query: string;
}

/** Splits `/api/v1/.../NAME/proxy/PATH?QUERY` behind `proxy`. */
function proxyPath(url: string): ProxyPath {
  const [, prefix = '', path = '', query = ''] = /^((?:\/[^/?]+)+?\/proxy)(\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return { prefix, path, query };
}

async function dial({ parts }: StreamCall, { node, pod, port, scheme }: PodTarget): Promise<Duplex> {
  try {
    const socket = runtimeOf(parts, node).dial(pod, port);
    return await (scheme === 'https' ? openTls(socket, { rejectUnauthorized: false }) : socket);
  } catch (error) {
    if (error instanceof ApiError && error.reason !== 'ServiceUnavailable') throw error;
    throw unreachable(error instanceof Error ? error.message : 'the connection broke');
  }
}

function ask(call: StreamCall, socket: Duplex, { path, query }: ProxyPath): Promise<IncomingMessage> {
  const { request } = call.exchange;
  const headers = {
    ...forwardedHeaders(request.headers),
    'x-forwarded-uri': request.url ?? '',
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': 'https',
    connection: 'close',
  };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { method: request.method ?? 'GET', path: path + query, headers, createConnection: () => socket },
      resolve,
    );
    asked.on('error', (error) => reject(unreachable(error.message)));
    call.exchange.response.on('close', () => socket.destroy());
    request.pipe(asked);
  });
}

const largestPage = 2 << 20;

function isPage(headers: ProxyHeaders): boolean {
  return /^text\/html\b/i.test(String(headers['content-type'] ?? '')) && !headers['content-encoding'];
}

async function readPage(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestPage) throw unreachable('the page is too large to be shown through the proxy');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface ProxyAnswer {
  readonly status: number;
  readonly headers: ProxyHeaders;
  readonly body: Readable;
}

async function sendOn({ exchange }: StreamCall, answer: ProxyAnswer, place: ProxyPlace): Promise<void> {
  const { response, request } = exchange;
  const headers = returnedHeaders(answer.headers);
  const location = headers.location;
  if (typeof location === 'string') headers.location = rewrittenLocation(location, place, request.headers.host ?? '');
  if (isPage(headers) && request.method !== 'HEAD') {
    const page = Buffer.from(rewrittenPage((await readPage(answer.body)).toString(), place));
    response.writeHead(answer.status, { ...headers, 'content-length': page.length });
    response.end(page);
    return;
  }
  response.writeHead(answer.status, headers);
  response.flushHeaders();
  await pipeline(answer.body, response).catch(() => undefined); // either side has gone
}

/** A request for another protocol: its bytes are handed on, and from then on all bytes are. */
async function tunnel({ exchange }: StreamCall, socket: Duplex, { path, query }: ProxyPath): Promise<void> {
  const { upgrade, request, response } = exchange;
  if (!upgrade) return;
  const headers: ProxyHeaders = {
    ...forwardedHeaders(request.headers),
    connection: 'Upgrade',
    upgrade: request.headers.upgrade,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  );
  socket.write(`${request.method ?? 'GET'} ${path}${query} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  if (upgrade.head.length > 0) socket.write(upgrade.head);
  upgraded(response, upgrade);
  await splice(upgrade.socket, socket);
}

async function serveNode(call: StreamCall, node: string, at: ProxyPath): Promise<void> {
  const { request, response } = call.exchange;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const { status, headers, body } = await runtimeOf(call.parts, node).nodeApi(node, {
    method: request.method ?? 'GET',
    path: at.path + at.query,
    headers: forwardedHeaders(request.headers),
    body: request,
    signal: gone.signal,
  });
  const readable = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  await sendOn(call, { status, headers, body: readable }, at);
}

/** `pods/proxy`, `services/proxy` and `nodes/proxy`: HTTP to what runs there. */
export async function serveProxy(call: StreamCall): Promise<void> {
  const { request, response, requestId, upgrade } = call.exchange;
  const at = proxyPath(request.url ?? '');
  const target = proxyTarget(call.parts, call.target);
  response.setHeader('Audit-Id', requestId);
  response.setHeader('Cache-Control', 'no-cache, private');
  if (at.path === '') {
    response.writeHead(301, { Location: `${at.prefix}/${at.query}` });
    response.end();
    return;
  }
  if (target.to === 'node') return serveNode(call, target.node, at);
  const socket = await dial(call, target);
  if (upgrade) return tunnel(call, socket, at);
  const answer = await ask(call, socket, at);
  await sendOn(call, { status: answer.statusCode ?? 502, headers: answer.headers, body: answer }, at);
}

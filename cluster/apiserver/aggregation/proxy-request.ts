import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Duplex } from 'node:stream';
import { splice } from '../../streams/splice.ts';
import { upgraded } from '../endpoints/accept-upgrades.ts';
import { forwardedHeaders, returnedHeaders } from '../endpoints/proxy-rewrite.ts';
import type { ProxyHeaders } from '../endpoints/proxy-rewrite.ts';
import type { Exchange } from '../endpoints/respond.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import type { Caller } from '../store/write-request.ts';
import { askRemote, connectRemote, identityHeaders } from './remote-connection.ts';
import type { RemoteDeps } from './remote-connection.ts';
import type { RemoteService } from './remote-service.ts';

/** What a client says of itself is not for the other server to believe. */
function withoutIdentity(headers: ProxyHeaders): ProxyHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-remote-')));
}

function headersFor({ request, requestId }: Exchange, remote: RemoteService, caller: Caller): ProxyHeaders {
  const { service } = remote;
  const from = [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', ');
  return {
    ...withoutIdentity(forwardedHeaders(request.headers)),
    host: `${service.name}.${service.namespace}.svc`,
    'x-forwarded-for': from,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': 'https',
    'x-forwarded-uri': request.url?.split('?')[0],
    'audit-id': requestId,
    ...identityHeaders(caller),
  };
}

function refuse({ response, requestId }: Exchange, text: string): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Audit-Id': requestId,
    'Cache-Control': 'no-cache, private',
    'Content-Length': body.length,
  });
  response.end(body);
}

async function tunnel({ upgrade, request, response }: Exchange, socket: Duplex, headers: ProxyHeaders): Promise<void> {
  if (!upgrade) return;
  const sent: ProxyHeaders = { ...headers, connection: 'Upgrade', upgrade: request.headers.upgrade };
  const lines = Object.entries(sent).flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`));
  socket.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  if (upgrade.head.length > 0) socket.write(upgrade.head);
  upgraded(response, upgrade);
  await splice(upgrade.socket, socket);
}

async function handOn(exchange: Exchange, socket: Duplex, headers: ProxyHeaders): Promise<void> {
  const { request, response, requestId } = exchange;
  response.on('close', () => socket.destroy());
  const { outgoing, response: answered } = askRemote(socket, {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
  });
  request.pipe(outgoing);
  const answer: IncomingMessage = await answered;
  response.writeHead(answer.statusCode ?? 502, {
    ...returnedHeaders(answer.headers),
    'cache-control': 'no-cache, private',
    'audit-id': requestId,
  });
  response.flushHeaders(); // a watch has a head long before it has a body
  await pipeline(answer, response).catch(() => undefined); // either side has gone
}

/** Hands a request on to the server of its API service, as coming from `caller`; both ways, for as long as it takes. */
export async function proxyRequest(
  deps: RemoteDeps,
  exchange: Exchange,
  { remote, caller }: { remote: RemoteService; caller: Caller },
): Promise<void> {
  if (!remote.available) return refuse(exchange, 'service unavailable');
  try {
    const socket = await connectRemote(deps, remote);
    const headers = headersFor(exchange, remote, caller);
    if (exchange.upgrade) await tunnel(exchange, socket, headers);
    else await handOn(exchange, socket, headers);
  } catch (error) {
    if (!(error instanceof OutboundError) || exchange.response.headersSent) throw error;
    refuse(exchange, `error trying to reach service: ${error.message}`);
  }
}

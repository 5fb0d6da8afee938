import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connection of a request that asks for another protocol, and what has arrived on it already. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export type UpgradeListener = (request: IncomingMessage, response: ServerResponse, upgrade: Upgrade) => void;

/** Nothing moves for so long: the client has gone without a word. */
const idleMs = 4 * 3_600_000;
const bearerPrefix = 'base64url.bearer.authorization.k8s.io.';

/** Browsers cannot send headers with a WebSocket: their token comes as one of the protocols they offer. */
function takeBearerProtocol({ headers }: IncomingMessage): void {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const bearer = offered.find((one) => one.startsWith(bearerPrefix));
  if (!bearer || headers.authorization) return;
  headers.authorization = `Bearer ${Buffer.from(bearer.slice(bearerPrefix.length), 'base64url').toString()}`;
  headers['sec-websocket-protocol'] = offered.filter((one) => one !== bearer).join(', ');
}

/**
 * Hands requests that ask for another protocol to `listen`, with an ordinary answer to refuse them by; `upgraded`
 * takes the connection over. Answers how to close all such connections, which the server does not count as its own.
 */
export function acceptUpgrades(server: Server, listen: UpgradeListener): () => void {
  const open = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.setKeepAlive(true, 30_000);
    takeBearerProtocol(request);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => {
      response.detachSocket(socket);
      socket.end(() => socket.destroy());
    });
    listen(request, response, { socket, head });
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

/** Takes the connection out of the hands of HTTP; the answer counts as ended when the connection does. */
export function upgraded(response: ServerResponse, { socket }: Upgrade): void {
  response.statusCode = 101;
  response.detachSocket(socket as Socket); // it came from an HTTP server
  socket.on('close', () => response.emit('close'));
}

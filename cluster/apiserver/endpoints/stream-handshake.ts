import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from './accept-upgrades.ts';
import { upgraded } from './accept-upgrades.ts';
import type { Exchange } from './respond.ts';

const largestMessage = 4 << 20;

export function listedIn(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter(Boolean);
}

export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

export function wantsSpdy({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'spdy/3.1';
}

interface Refusal {
  readonly status: number;
  readonly lines?: readonly string[];
  readonly text?: string;
}

function refuse(socket: Duplex, { status, lines = [], text = '' }: Refusal): void {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close', ...lines];
  const type = text ? ['Content-Type: text/plain; charset=utf-8', `Content-Length: ${Buffer.byteLength(text)}`] : [];
  socket.end(`${[...head, ...type].join('\r\n')}\r\n\r\n${text}`);
}

/** The protocol both ends speak; '' when the client names none, undefined when there is no common one. */
export function agreedProtocol(request: IncomingMessage, known: readonly string[]): string | undefined {
  const offered = listedIn(request.headers['sec-websocket-protocol']);
  return offered.length === 0 ? '' : known.find((protocol) => offered.includes(protocol));
}

/** Answers the WebSocket handshake with `protocol`; undefined refuses it as the real server does. */
export function acceptWebSocket(
  { request, response }: Exchange,
  upgrade: Upgrade,
  protocol: string | undefined,
): Promise<WebSocket | undefined> {
  upgraded(response, upgrade);
  const { socket, head } = upgrade;
  if (protocol === undefined) {
    refuse(socket, { status: 403 });
    return Promise.resolve(undefined);
  }
  // The library knows no protocol with a slash in its name, as port-forward has: it is agreed on already.
  if (protocol) request.headers['sec-websocket-protocol'] = 'agreed';
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    handleProtocols: () => protocol || false,
  });
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined));
    server.handleUpgrade(request, socket, head, (accepted) => resolve(keptOpen(accepted)));
  });
}

const pingMs = 30_000;

/** Proxies cut connections on which nothing moves: a session that waits for its user is heard of now and then. */
function keptOpen(socket: WebSocket): WebSocket {
  const pings = setInterval(() => socket.ping(), pingMs).unref();
  return socket.once('close', () => clearInterval(pings));
}

const versionHeader = 'X-Stream-Protocol-Version';

/** Answers the SPDY handshake; the answer is the protocol spoken, undefined when it was refused. */
export function acceptSpdy(
  { request, response }: Exchange,
  upgrade: Upgrade,
  known: readonly string[],
): string | undefined {
  upgraded(response, upgrade);
  const { socket } = upgrade;
  const offered = listedIn(request.headers['x-stream-protocol-version']);
  const protocol = known.find((one) => offered.includes(one));
  if (offered.length === 0) {
    refuse(socket, { status: 400, text: `unable to upgrade: header ${versionHeader} does not exist in request\n` });
    return undefined;
  }
  if (!protocol) {
    const lines = known.map((one) => `X-Accepted-Stream-Protocol-Versions: ${one}`);
    const why = `client supports [${offered.join(' ')}], server accepts [${known.join(' ')}]`;
    refuse(socket, { status: 403, lines, text: `unable to upgrade: unable to negotiate protocol: ${why}\n` });
    return undefined;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${versionHeader}: ${protocol}\r\n\r\n`,
  );
  return protocol;
}

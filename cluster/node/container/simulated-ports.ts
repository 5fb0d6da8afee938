import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { waitForRoom } from '../../streams/wait-for-room.ts';

/** Which port of which container answers. */
export interface SimulatedPort {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly port: number;
  readonly node: string;
}

const mostBytes = 1 << 30;
const piece = Buffer.alloc(64 << 10, 'simulated ');
const httpStart = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|PRI) /;

async function countBody(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length; // no encoding is set
  return bytes;
}

async function sendBytes(response: ServerResponse, count: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': count });
  for (let left = count; left > 0 && !response.destroyed; left -= piece.length) {
    if (response.write(piece.subarray(0, Math.min(left, piece.length)))) continue;
    await waitForRoom(response);
  }
  response.end();
}

async function answer(request: IncomingMessage, response: ServerResponse, at: SimulatedPort): Promise<void> {
  const received = await countBody(request);
  const [, count] = /^\/simulated\/bytes\/(\d{1,10})$/.exec(request.url ?? '') ?? [];
  if (count !== undefined && Number(count) <= mostBytes) return sendBytes(response, Number(count));
  const body = [
    'This answer is simulated: no real process listens here.',
    `pod: ${at.namespace}/${at.pod}`,
    `container: ${at.container}`,
    `port: ${at.port}`,
    `node: ${at.node}`,
    `request: ${request.method} ${request.url} HTTP/${request.httpVersion}`,
    `host: ${request.headers.host ?? ''}`,
    `body: ${received} bytes`,
    '',
  ].join('\n');
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Simulated': 'true',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * What listens on the ports that containers declare: to HTTP it answers 200 and says who was asked for what; any other
 * bytes come back as they are. `GET /simulated/bytes/N` answers N bytes, to try transfers.
 */
export class SimulatedPorts {
  readonly #places = new WeakMap<object, SimulatedPort>();
  readonly #server: Server;
  readonly #open = new Set<Duplex>();

  constructor() {
    this.#server = createServer((request, response) => {
      const place = this.#places.get(request.socket);
      if (!place) return response.destroy();
      answer(request, response, place).catch(() => response.destroy()); // the caller has gone
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  /** The caller's end of a new connection. */
  connect(place: SimulatedPort): Duplex {
    const [own, theirs] = duplexPair();
    this.#open.add(own);
    for (const end of [own, theirs]) end.on('error', () => undefined);
    theirs.on('close', () => own.destroy());
    own.on('close', () => {
      this.#open.delete(own);
      theirs.destroy();
    });
    own.once('data', (first: Buffer) => {
      own.pause();
      own.unshift(first);
      if (!httpStart.test(first.subarray(0, 8).toString('latin1'))) return void own.pipe(own);
      this.#places.set(own, place);
      this.#server.emit('connection', own as Socket); // any byte stream will do, says Node
      own.resume();
    });
    own.once('end', () => {
      if (!own.writableEnded && !this.#places.has(own)) own.end();
    });
    return theirs;
  }

  close(): void {
    for (const end of this.#open) end.destroy();
    this.#server.closeAllConnections();
  }
}

import type { Duplex } from 'node:stream';
import type { PortForwardSession } from '../node-runtime.ts';
import { forwardError, isPort } from './forward-error.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';
import { splice } from './splice.ts';

export const spdyPortForwardProtocol = 'portforward.k8s.io';
/** The same bytes inside the messages of a WebSocket. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

const partnerWithinMs = 30_000;

interface Pair {
  error?: SpdyStream;
  data?: SpdyStream;
  late: NodeJS.Timeout;
}

/** Every connection is a pair of streams with the same request id; old clients have none and count on the order. */
class Pairs {
  readonly #session: PortForwardSession;
  readonly #open = new Map<string, Pair>();

  constructor(session: PortForwardSession) {
    this.#session = session;
  }

  take(stream: SpdyStream): void {
    const { streamtype: type, requestid, port } = stream.headers;
    const id = requestid ?? String(type === 'data' ? stream.id - 2 : stream.id);
    const pair = this.#open.get(id) ?? this.#begin(id);
    if ((type !== 'error' && type !== 'data') || pair[type]) return void stream.destroy();
    pair[type] = stream;
    const { error, data } = pair;
    if (!error || !data) return;
    clearTimeout(pair.late);
    this.#open.delete(id);
    void this.#forward(Number(port), error, data);
  }

  clear(): void {
    for (const { late } of this.#open.values()) clearTimeout(late);
    this.#open.clear();
  }

  #begin(id: string): Pair {
    const pair: Pair = { late: setTimeout(() => this.#giveUp(id), partnerWithinMs) };
    this.#open.set(id, pair);
    return pair;
  }

  #giveUp(id: string): void {
    const pair = this.#open.get(id);
    this.#open.delete(id);
    pair?.error?.destroy();
    pair?.data?.destroy();
  }

  async #forward(port: number, error: SpdyStream, data: SpdyStream): Promise<void> {
    error.resume();
    try {
      if (!isPort(port)) throw new Error('no port');
      const connection = await this.#session.connect(port);
      if (data.destroyed) connection.destroy();
      else await splice(connection, data);
      error.end();
    } catch (cause) {
      error.end(forwardError(port, cause));
      data.resume();
      data.end();
    }
  }
}

/** Forwards connections until the client ends the one that carries them all. */
export async function serveSpdyPortForward(socket: Duplex, head: Buffer, session: PortForwardSession): Promise<void> {
  const pairs = new Pairs(session);
  const connection = new SpdyConnection(socket, {
    onStream: (stream) => pairs.take(stream),
    onClose: () => pairs.clear(),
  });
  await connection.serve(head);
}

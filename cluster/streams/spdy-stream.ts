import { Duplex } from 'node:stream';
import type { Headers } from './spdy-headers.ts';

/** What a stream needs of its connection. */
export interface StreamPort {
  /** Resolves when the connection can take more. */
  write(streamId: number, body: Buffer): Promise<void>;
  finish(streamId: number): void;
  reset(streamId: number): void;
  /** The stream has room again. */
  resume(streamId: number): void;
  closed(streamId: number): void;
}

/** A stream that holds this much unread makes its whole connection wait. */
const mostUnread = 1 << 20;

/** One stream of a SPDY connection; its end of input and of output are independent of each other. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #port: StreamPort;
  #isOver = false;

  constructor(id: number, headers: Headers, port: StreamPort) {
    super({ readableHighWaterMark: mostUnread, writableHighWaterMark: 256 << 10, allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#port = port;
    this.on('error', () => undefined); // whoever uses the stream sees it close
  }

  /** False when the reader has fallen far behind. What comes after the end is dropped, or the connection would wait for its reader. */
  receive(body: Buffer): boolean {
    return body.length === 0 || this.#isOver || this.destroyed || this.push(body);
  }

  receiveEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  override _read(): void {
    this.#port.resume(this.id);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#port.write(this.id, chunk).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.#port.finish(this.id);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.readableEnded || !this.writableFinished) this.#port.reset(this.id);
    this.#port.closed(this.id);
    done(error);
  }
}

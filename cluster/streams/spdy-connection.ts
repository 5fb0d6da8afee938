import type { Duplex } from 'node:stream';
import {
  controlFrame,
  controlType,
  dataHead,
  flagFin,
  type Frame,
  FrameCutter,
  numberAt,
  numberBytes,
} from './spdy-frames.ts';
import { waitForRoom } from './wait-for-room.ts';
import { HeaderCodec, type Headers } from './spdy-headers.ts';
import { SpdyStream, type StreamPort } from './spdy-stream.ts';

export interface SpdyHandlers {
  /** A stream the other side has opened. */
  onStream(stream: SpdyStream): void;
  onClose?(): void;
}

/** The error of frames that no stream of ours is meant by. */
const protocolError = 1;
const cancelled = 5;
/** Two for each of 500 forwarded connections. */
const mostStreams = 1_000;
const largestWrite = 32 << 10;

/**
 * The serving end of SPDY/3.1 on any byte stream. Neither Kubernetes' clients nor its servers use windows: a slow reader
 * is felt through the one byte stream below, so a stream with too much unread stops the reading of all.
 */
export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #handlers: SpdyHandlers;
  readonly #codec = new HeaderCodec();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #full = new Set<number>();
  readonly #cutter = new FrameCutter();
  #roomAgain: () => void = () => undefined;
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(socket: Duplex, handlers: SpdyHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('close', () => this.close());
    socket.on('error', () => this.close());
  }

  /** Serves until the connection ends; never rejects. `head` is what has arrived together with the upgrade. */
  async serve(head: Buffer): Promise<void> {
    try {
      if (head.length > 0) await this.#takeAll(head);
      for await (const chunk of this.#socket) await this.#takeAll(chunk as Buffer); // a byte stream gives bytes
    } catch {
      // a broken frame or a broken connection: both end it
    }
    this.close();
  }

  /** Ends the connection; what has been written is still sent. */
  end(): void {
    if (this.#closed) return;
    this.#socket.write(controlFrame(controlType.goAway, 0, numberBytes(0, 0)));
    this.#socket.end();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#roomAgain();
    this.#codec.close();
    this.#socket.destroy();
    this.#handlers.onClose?.();
  }

  async #takeAll(chunk: Buffer): Promise<void> {
    for (const frame of this.#cutter.add(chunk)) {
      if (this.#closed) return;
      if (frame.is === 'data') this.#data(frame);
      else await this.#control(frame);
      while (this.#full.size > 0 && !this.#closed) await new Promise<void>((resolve) => (this.#roomAgain = resolve));
    }
  }

  #data({ streamId, fin, body }: Frame & { is: 'data' }): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    if (!stream.receive(body)) this.#full.add(streamId);
    if (fin) stream.receiveEnd();
  }

  async #control({ type, flags, body }: Frame & { is: 'control' }): Promise<void> {
    if (type === controlType.synStream) return this.#open(numberAt(body), flags, body.subarray(10));
    if (type === controlType.ping) this.#send(controlFrame(controlType.ping, 0, body));
    else if (type === controlType.rstStream) this.#streams.get(numberAt(body))?.destroy();
    else if (type === controlType.goAway) this.#socket.resume();
    // The block must be read even though nobody asks for it: the next one builds on it.
    else if (type === controlType.headers) await this.#codec.decode(body.subarray(4));
  }

  async #open(id: number, flags: number, block: Buffer): Promise<void> {
    const headers = await this.#codec.decode(block);
    if (id === 0 || this.#streams.has(id) || this.#streams.size >= mostStreams) {
      this.#send(controlFrame(controlType.rstStream, 0, numberBytes(id, protocolError)));
      return;
    }
    const stream = new SpdyStream(id, headers, this.#port);
    this.#streams.set(id, stream);
    await this.#reply(id, {});
    if (flags & flagFin) stream.receiveEnd();
    this.#handlers.onStream(stream);
  }

  async #reply(id: number, headers: Headers): Promise<void> {
    const block = await this.#codec.encode(headers);
    this.#send(controlFrame(controlType.synReply, 0, Buffer.concat([numberBytes(id), block])));
  }

  #send(bytes: Buffer): boolean {
    return this.#closed || this.#socket.destroyed || this.#socket.write(bytes);
  }

  async #write(streamId: number, body: Buffer): Promise<void> {
    for (let at = 0; at < body.length; at += largestWrite) {
      const part = body.subarray(at, at + largestWrite);
      this.#socket.cork();
      this.#send(dataHead(streamId, false, part.length));
      const hasRoom = this.#send(part);
      this.#socket.uncork();
      if (!hasRoom) await this.#drain();
      if (this.#closed) throw new Error('the connection is closed');
    }
  }

  /** Resolves when the socket takes more, or never will; all writers wait for the same one. */
  #drain(): Promise<void> {
    this.#draining ??= waitForRoom(this.#socket).then(() => (this.#draining = undefined));
    return this.#draining;
  }

  readonly #port: StreamPort = {
    write: (streamId, body) => this.#write(streamId, body),
    finish: (streamId) => void this.#send(dataHead(streamId, true, 0)),
    reset: (streamId) => void this.#send(controlFrame(controlType.rstStream, 0, numberBytes(streamId, cancelled))),
    resume: (streamId) => {
      if (this.#full.delete(streamId)) this.#roomAgain();
    },
    closed: (streamId) => {
      this.#streams.delete(streamId);
      if (this.#full.delete(streamId)) this.#roomAgain();
    },
  };
}

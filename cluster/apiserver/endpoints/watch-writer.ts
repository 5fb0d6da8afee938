import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const chunkEnd = Buffer.from('\r\n');

/** Where the events of one watch go. */
export interface WatchOutput {
  /** Bytes that the client has not taken yet. */
  readonly backlog: number;
  write(bytes: Buffer | string): void;
  /** Ends the watch, with a last event where there is one. */
  end(last?: Buffer | string): void;
  /** From then on nobody hears of what the client takes; what is written still leaves. */
  stop(): void;
  onClose(run: () => void): void;
}

/** Frames that are being sent as chunks: one that many watchers are sent is made a chunk once. */
const chunks = new WeakMap<Buffer, Buffer>();

function chunkOf(frame: Buffer): Buffer {
  let chunk = chunks.get(frame);
  if (!chunk) {
    chunk = Buffer.concat([Buffer.from(`${frame.length.toString(16)}\r\n`), frame, chunkEnd]);
    chunks.set(frame, chunk);
  }
  return chunk;
}

/**
 * Writes the events of a watch after its head has been sent. Where the answer is sent in chunks and has the connection,
 * its bytes go there ready-made: the answer would put each chunk together anew, for every watcher. Events of one moment
 * leave together.
 */
export class WatchWriter implements WatchOutput {
  readonly #response: ServerResponse;
  readonly #onDrain: () => void;
  /** Whom `onDrain` hears of. */
  #socket: Socket | undefined;
  #isCorked = false;
  #isStopped = false;

  /** `onDrain` is called when the client has taken what was waiting for it. */
  constructor(response: ServerResponse, onDrain: () => void) {
    this.#response = response;
    this.#onDrain = onDrain;
    response.on('drain', onDrain);
    response.flushHeaders(); // clients wait for the head before they trust the watch
  }

  onClose(run: () => void): void {
    this.#response.on('close', run);
  }

  end(last?: Buffer | string): void {
    this.#response.end(last);
  }

  get backlog(): number {
    return this.#response.writableLength;
  }

  write(bytes: Buffer | string): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    const socket = this.#connection();
    if (!socket) return void response.write(bytes);
    if (!this.#isCorked) this.#cork(socket);
    socket.write(chunkOf(typeof bytes === 'string' ? Buffer.from(bytes) : bytes));
  }

  stop(): void {
    this.#isStopped = true;
    this.#response.off('drain', this.#onDrain);
    this.#socket?.off('drain', this.#onDrain);
  }

  /** A request that was sent before the answer to the one before it has no connection of its own yet. */
  #connection(): Socket | undefined {
    const { chunkedEncoding, socket } = this.#response;
    if (!chunkedEncoding || !socket) return undefined;
    if (this.#socket !== socket && !this.#isStopped) this.#socket = socket.on('drain', this.#onDrain);
    return socket;
  }

  #cork(socket: Socket): void {
    this.#isCorked = true;
    socket.cork();
    queueMicrotask(() => {
      this.#isCorked = false;
      socket.uncork();
    });
  }
}

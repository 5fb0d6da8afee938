import type { WebSocket } from 'ws';
import type { WatchOutput } from './watch-writer.ts';

/** Before each event in protobuf stands its length, which a message of its own needs not. */
const lengthBytes = 4;

/** Sends the events of a watch as messages of a WebSocket: text for JSON, bytes for protobuf. */
export class WatchSocket implements WatchOutput {
  readonly #socket: WebSocket;
  readonly #binary: boolean;
  #onDrain: () => void;

  constructor(socket: WebSocket, { binary, onDrain }: { binary: boolean; onDrain: () => void }) {
    this.#socket = socket;
    this.#binary = binary;
    this.#onDrain = onDrain;
    socket.on('error', () => socket.terminate());
  }

  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  write(bytes: Buffer | string): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    const message = this.#binary && typeof bytes !== 'string' ? bytes.subarray(lengthBytes) : bytes;
    socket.send(message, { binary: this.#binary }, () => {
      if (socket.bufferedAmount === 0) this.#onDrain();
    });
  }

  end(last?: Buffer | string): void {
    if (last !== undefined) this.write(last);
    this.#socket.close(1000);
  }

  stop(): void {
    this.#onDrain = () => undefined;
  }

  onClose(run: () => void): void {
    this.#socket.on('close', run);
  }
}

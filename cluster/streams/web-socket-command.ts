import { PassThrough, Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { type CommandChannels, type CommandRequest, lastWords } from './command-channels.ts';
import { terminalSizes } from './terminal-sizes.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** Offered by clients in any order; the newest that says how a command ended, and when input ends, is the best. */
export const commandProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
] as const;

/** How the messages of one connection are written: first the channel, then its bytes. */
export interface ChannelCoding {
  encode(channel: number, body: Buffer): Buffer | string;
  decode(message: Buffer): { channel: number; body: Buffer } | undefined;
}

const binary: ChannelCoding = {
  encode: (number, body) => Buffer.concat([Buffer.of(number), body]),
  decode: (message) => (message.length > 0 ? { channel: message[0] ?? 0, body: message.subarray(1) } : undefined),
};

/** The channel is a digit, so that the whole message is text. */
const base64: ChannelCoding = {
  encode: (number, body) => `${number}${body.toString('base64')}`,
  decode: (message) => {
    const number = (message[0] ?? 0) - 48;
    return number >= 0 && number <= 9
      ? { channel: number, body: Buffer.from(message.subarray(1).toString('latin1'), 'base64') }
      : undefined;
  },
};

export const codingOf = (protocol: string): ChannelCoding => (protocol.includes('base64') ? base64 : binary);

export function messageBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** Writes to one channel; a slow client is felt by whoever writes. */
export function channelWriter(socket: WebSocket, coding: ChannelCoding, number: number): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (socket.readyState !== socket.OPEN) return done();
      socket.send(coding.encode(number, chunk), () => done());
    },
  }).on('error', () => undefined);
}

/** What arrives for one channel; holds the whole connection back when nobody reads. */
export class ChannelReader extends Readable {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super({ highWaterMark: 1 << 20 });
    this.#socket = socket;
    this.on('error', () => undefined);
  }

  receive(body: Buffer): void {
    if (!this.destroyed && !this.readableEnded && body.length > 0 && !this.push(body)) this.#socket.pause();
  }

  receiveEnd(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }
}

/** The first message tells the client that the connection stands: it is empty and goes to the first output. */
function greet(socket: WebSocket, coding: ChannelCoding, { stdout, stderr }: CommandRequest): void {
  const first = stdout ? channel.stdout : stderr ? channel.stderr : channel.error;
  socket.send(coding.encode(first, Buffer.alloc(0)));
}

/** The channels of a command on a WebSocket whose protocol is agreed on; '' is the oldest. */
export function webSocketCommand(socket: WebSocket, protocol: string, request: CommandRequest): CommandChannels {
  const coding = codingOf(protocol);
  const gone = new AbortController();
  const stdin = request.stdin ? new ChannelReader(socket) : undefined;
  const sizes = new PassThrough();
  const takers: Readonly<Record<number, (body: Buffer) => void>> = {
    [channel.stdin]: (body) => stdin?.receive(body),
    [channel.resize]: (body) => void sizes.write(`${body.toString()}\n`),
    [channel.close]: (body) => {
      if (protocol.startsWith('v5') && body[0] === channel.stdin) stdin?.receiveEnd();
    },
  };
  socket.on('message', (data) => {
    const message = coding.decode(messageBytes(data));
    if (message) takers[message.channel]?.(message.body);
  });
  socket.on('close', () => {
    stdin?.receiveEnd();
    sizes.end();
    gone.abort();
  });
  socket.on('error', () => socket.terminate());
  greet(socket, coding, request);
  const writer = (number: number): Writable => channelWriter(socket, coding, number);
  return {
    streams: {
      ...(stdin && { stdin }),
      ...(request.stdout && { stdout: writer(channel.stdout) }),
      ...(request.stderr && { stderr: writer(channel.stderr) }),
      ...(request.tty && { resize: terminalSizes(sizes) }),
      signal: gone.signal,
    },
    finish: async (outcome) => {
      const words = lastWords(outcome, request, /^v[45]/.test(protocol));
      if (words && socket.readyState === socket.OPEN) socket.send(coding.encode(channel.error, Buffer.from(words)));
      socket.resume(); // else the client's answer to the close would not be read
      socket.close(1000);
    },
  };
}

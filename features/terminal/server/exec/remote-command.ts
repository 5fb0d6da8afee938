import { randomBytes } from 'node:crypto';
import { Readable, Writable, type Duplex } from 'node:stream';
import { ApiError, httpStatus, type Reason } from '@kit/base';
import type { KubeClient, RawResponse } from '@kit/kube';
import { encodeFrame, FrameReader, opcodes, type SocketFrame } from '../../rules/socket-frames.ts';

/** What is run, and where. */
export interface CommandSpec {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly signal: AbortSignal;
}

/** How a command ended: its exit code, or why there is none. */
export type Ending = { readonly code: number } | { readonly code?: undefined; readonly message: string };

// The subprotocol of exec since Kubernetes 1.30: one byte of channel before each message.
const protocol = 'v5.channel.k8s.io';
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;
const longestFrame = 4 * 1024 * 1024;
const pieceBytes = 32 * 1024;
const longestStderr = 8192;

/** A command in a container, as the cluster runs it; its streams are read and written no faster than the other side takes them. */
export class RemoteCommand {
  /** Output; with a terminal, of both kinds. */
  readonly stdout: Readable;
  /** Ending it tells the command that there is no more. */
  readonly stdin: Writable;
  readonly ended: Promise<Ending>;
  readonly #socket: Duplex;
  readonly #reader = new FrameReader(longestFrame);
  #stderr = '';
  #unfinished: Buffer[] = [];
  #end: (ending: Ending) => void = () => undefined;

  constructor(socket: Duplex, head: Uint8Array) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.stdout = new Readable({ read: () => void socket.resume() });
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => this.#writeStdin(chunk, done),
      final: (done) => this.#send(Buffer.from([channels.close, channels.stdin]), done),
    });
    this.stdin.on('error', () => undefined); // what cannot be written any more is told by `ended`
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#finish({ message: 'the connection to the container broke off' }));
    if (head.length > 0) this.#receive(Buffer.from(head));
  }

  /** What the command has written to standard error, its beginning. */
  get stderr(): string {
    return this.#stderr;
  }

  resize({ rows, columns }: { rows: number; columns: number }): void {
    const size = JSON.stringify({ Width: columns, Height: rows });
    this.#send(Buffer.concat([Buffer.from([channels.resize]), Buffer.from(size)]));
  }

  /** Ends the connection; a command that reads its input notices, another one runs on. */
  close(): void {
    this.#socket.destroy();
  }

  #send(message: Buffer, done: (error?: Error | null) => void = () => undefined): void {
    if (!this.#socket.writable) return done(new Error('the connection is closed'));
    this.#socket.write(encodeFrame(opcodes.binary, message), done);
  }

  #writeStdin(chunk: Buffer, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, pieceBytes);
    const rest = chunk.subarray(pieceBytes);
    const next =
      rest.length === 0 ? done : (error?: Error | null) => (error ? done(error) : this.#writeStdin(rest, done));
    this.#send(Buffer.concat([Buffer.from([channels.stdin]), piece]), next);
  }

  #receive(bytes: Buffer): void {
    try {
      for (const frame of this.#reader.push(bytes)) this.#take(frame);
    } catch {
      this.#finish({ message: 'the cluster sent what is no WebSocket' });
      this.close();
    }
  }

  #take({ opcode, isLast, payload }: SocketFrame): void {
    if (opcode === opcodes.close) return void this.#socket.end();
    if (opcode === opcodes.ping) return void this.#socket.write(encodeFrame(opcodes.pong, payload));
    if (opcode === opcodes.pong) return;
    this.#unfinished.push(payload);
    if (!isLast) return;
    const message = Buffer.concat(this.#unfinished);
    this.#unfinished = [];
    if (message.length > 1) this.#takeMessage(message[0] ?? 0, message.subarray(1)); // each channel begins with an empty one
  }

  #takeMessage(channel: number, data: Buffer): void {
    if (channel === channels.stdout && !this.stdout.push(data)) this.#socket.pause();
    if (channel === channels.stderr && this.#stderr.length < longestStderr) this.#stderr += data.toString();
    if (channel === channels.status) this.#finish(endingOf(data.toString()));
  }

  #finish(ending: Ending): void {
    this.#end(ending);
    if (!this.stdout.readableEnded && !this.stdout.destroyed) this.stdout.push(null);
    this.stdin.destroy();
  }
}

/** The Status with which an exec ends; some of its reasons are of exec only. */
interface ExecStatus {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

function endingOf(text: string): Ending {
  const { status, reason, message = 'the cluster does not say why', details } = JSON.parse(text) as ExecStatus; // cast: every field is looked at
  if (status === 'Success') return { code: 0 };
  const exit = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return reason === 'NonZeroExitCode' && exit !== undefined ? { code: Number(exit) } : { message };
}

/** The output of a command, as it comes. */
export function bytesOf({ stdout }: RemoteCommand): AsyncIterableIterator<Buffer> {
  return stdout[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>; // cast: no encoding is set on it
}

async function refusalOf({ status, body }: RawResponse): Promise<ApiError> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk); // cast: no encoding is set on it
  const text = Buffer.concat(chunks).toString();
  const { reason, message } = statusIn(text);
  const known = reason !== undefined && Object.hasOwn(httpStatus, reason) ? (reason as Reason) : 'BadRequest'; // cast: just asked whether it is one
  return new ApiError(known, message ?? `the cluster answered ${status}: ${text.slice(0, 200)}`);
}

function statusIn(text: string): { reason?: string; message?: string } {
  try {
    return JSON.parse(text) as { reason?: string; message?: string }; // cast: a Status; both are looked at
  } catch {
    return {};
  }
}

/** Starts a command; a pod that is not there, a container that does not run and the like are thrown as the cluster says it. */
export async function startCommand(kube: KubeClient, spec: CommandSpec): Promise<RemoteCommand> {
  const { namespace, pod, container, command, tty, signal } = spec;
  const params = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: String(tty) });
  if (!tty) params.set('stderr', 'true');
  for (const word of command) params.append('command', word);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec`;
  const answer = await kube.upgrade({
    method: 'GET',
    path: `${path}?${params.toString()}`,
    headers: {
      accept: '*/*',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': protocol,
    },
    signal,
  });
  if (!answer.upgraded) throw await refusalOf(answer.response);
  const socket = answer.socket as Duplex; // cast: a socket is read and written; the port's type leaves out `destroy`
  const remote = new RemoteCommand(socket, answer.head);
  if (signal.aborted) remote.close();
  else signal.addEventListener('abort', () => remote.close(), { once: true });
  return remote;
}

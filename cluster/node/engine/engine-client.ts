import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '@kit/base';

/** The engine has refused a request; `status` is its HTTP status, the message its own. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface EngineCall {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface Prepared {
  readonly options: RequestOptions;
  readonly payload: Uint8Array | string | undefined;
}

// The oldest version that has all that is used; Docker 20.10 and Podman 4 speak it.
const apiVersion = 'v1.41';

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer) chunks.push(chunk as Uint8Array); // no encoding is set
  return Buffer.concat(chunks).toString();
}

async function refusal(answer: IncomingMessage): Promise<EngineError> {
  const text = await textOf(answer);
  try {
    const { message } = JSON.parse(text) as { message?: string }; // the engine's own form of an error
    return new EngineError(answer.statusCode ?? 500, (message ?? text).trim());
  } catch {
    return new EngineError(answer.statusCode ?? 500, text.trim());
  }
}

/** The API of a Docker- or Podman-compatible engine behind a Unix socket. */
export class EngineClient {
  readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** The JSON that is answered; undefined for an empty answer. */
  async json<T>(method: string, path: string, call: EngineCall = {}): Promise<T> {
    const text = await textOf(await this.stream(method, path, call));
    return (text.trim() ? JSON.parse(text) : undefined) as T; // the caller names what the engine's API says
  }

  /** As `json`, for what may not exist. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.json<T>('GET', path);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The answer as it arrives. Rejects with `EngineError` for every status that is no success. */
  stream(method: string, path: string, call: EngineCall = {}): Promise<IncomingMessage> {
    const { options, payload } = this.#prepare(method, path, call);
    return new Promise((resolve, reject) => {
      const asked = request(options, (answer) => {
        const status = answer.statusCode ?? 500;
        // 304: a container that was to be started or stopped is so already.
        if (status < 400) resolve(answer);
        else refusal(answer).then(reject, reject);
      });
      asked.on('error', (error) => reject(this.#unreachable(error)));
      asked.end(payload);
    });
  }

  /** Takes the connection over, for the input and output of a process. */
  hijack(path: string, call: EngineCall = {}): Promise<Socket> {
    const { options, payload } = this.#prepare('POST', path, call);
    const headers = { ...options.headers, connection: 'Upgrade', upgrade: 'tcp' };
    return new Promise((resolve, reject) => {
      const asked = request({ ...options, headers });
      asked.on('upgrade', (_answer, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket); // a plain Unix connection
      });
      asked.on('response', (answer) => void refusal(answer).then(reject, reject));
      asked.on('error', (error) => reject(this.#unreachable(error)));
      asked.end(payload);
    });
  }

  #prepare(method: string, path: string, { query = {}, body, headers = {}, signal }: EngineCall): Prepared {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(
      given.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const isBytes = body instanceof Uint8Array;
    const payload = body === undefined ? undefined : isBytes ? body : JSON.stringify(body);
    const type = isBytes ? 'application/x-tar' : 'application/json';
    const length = payload === undefined ? 0 : Buffer.byteLength(payload);
    const options = {
      socketPath: this.socketPath,
      agent: false as const,
      method,
      path: `/${apiVersion}${path}${search ? `?${search}` : ''}`,
      headers: { host: 'engine', 'content-type': type, 'content-length': String(length), ...headers },
      ...(signal && { signal }),
    };
    return { options, payload };
  }

  #unreachable(cause: Error): Error {
    if (cause.name === 'AbortError') return cause;
    const message = `the container engine at ${this.socketPath} does not answer: ${cause.message}`;
    return new ApiError('ServiceUnavailable', message, { cause });
  }
}

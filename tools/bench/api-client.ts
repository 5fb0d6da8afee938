import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Connection } from '@kit/kube';

/** What a request is answered: its status, how many bytes came, and their text where it was wanted. */
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly text: string;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the text of the answer is of no interest. */
  readonly drop?: boolean;
}

/** A plain HTTPS client with kept connections: nothing in it but what every client of an API server has to do. */
export class ApiClient {
  readonly #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection, sockets = 64) {
    this.#connection = connection;
    const { caPem: ca, clientCertificatePem: cert, clientKeyPem } = connection;
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets, ca, cert, key: clientKeyPem?.reveal() });
  }

  /** Throws for an answer that is no success, unless `allow` names its status. */
  async ask(method: string, path: string, asked: Asked & { allow?: number } = {}): Promise<Answer> {
    const response = await this.open(method, path, asked);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (!asked.drop) chunks.push(chunk);
    }
    const status = response.statusCode ?? 0;
    const text = Buffer.concat(chunks).toString();
    if (status >= 300 && status !== asked.allow)
      throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
    return { status, bytes, text };
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse((await this.ask('GET', path)).text) as T; // the caller knows what it asks for
  }

  /** Resolves with the answer's head; its body is the caller's to read. */
  open(method: string, path: string, { body, headers }: Asked = {}): Promise<IncomingMessage> {
    const data = body === undefined ? undefined : JSON.stringify(body);
    const length = data === undefined ? {} : { 'content-length': String(Buffer.byteLength(data)) };
    const type = data === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.#connection.server),
        { method, agent: this.#agent, headers: { accept: 'application/json', ...type, ...length, ...headers } },
        resolve,
      );
      sent.on('error', reject);
      sent.end(data);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';

/** What an API server has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON, else the text, or nothing. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a probe reads whatever the server has sent
  readonly body: any;
}

/** A header of `null` is not sent at all, although it would be by default. */
export type SentHeaders = Readonly<Record<string, string | null>>;

export interface Sent {
  readonly method: string;
  readonly path: string;
  /** A text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: SentHeaders;
}

interface Identity {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

interface KubeconfigFile {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

const decoded = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');

/** Plain HTTPS to one API server, as the user of a kubeconfig. */
export class ApiAccess {
  readonly #url: string;
  readonly #agents: { readonly admin: Agent; readonly nobody: Agent };

  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig) as KubeconfigFile; // written by a cluster's own tools
    const [{ cluster = {} } = {}] = clusters;
    const [{ user = {} } = {}] = users;
    this.#url = cluster.server ?? '';
    const identity: Identity = {
      ca: decoded(cluster['certificate-authority-data']),
      cert: decoded(user['client-certificate-data']),
      key: decoded(user['client-key-data']),
    };
    this.#agents = {
      admin: new Agent({ keepAlive: true, ...identity }),
      nobody: new Agent({ keepAlive: true, ca: identity.ca }),
    };
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #open(sent: Sent): Promise<IncomingMessage> {
    const { method, path, body, headers = {} } = sent;
    const data = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const all: SentHeaders = {
      accept: 'application/json',
      ...(data !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(data)),
      }),
      ...headers,
    };
    const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    // who says who they are in a header is not the administrator
    const agent = 'authorization' in headers ? this.#agents.nobody : this.#agents.admin;
    return new Promise((resolve, reject) => {
      const outgoing = request(this.#url + path, { method, agent, headers: Object.fromEntries(present) }, resolve);
      outgoing.on('error', reject);
      outgoing.end(data);
    });
  }

  async call(sent: Sent): Promise<Answer> {
    const response = await this.#open(sent);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk); // no encoding is set
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body: parsed(Buffer.concat(chunks)) };
  }

  /** Reads a watch until it has shown `events` and, for `graceMs`, no more; or until it ends, or `limitMs` have passed. */
  async watch(path: string, until: { events: number; headers?: SentHeaders; limitMs?: number }): Promise<Watched> {
    const response = await this.#open({ method: 'GET', path, headers: until.headers });
    const seen: unknown[] = [];
    await readLines(response, { ...until, onLine: (line) => seen.push(parsed(Buffer.from(line))) });
    return { status: response.statusCode ?? 0, headers: response.headers, body: undefined, events: seen };
  }
}

export interface Watched extends Answer {
  readonly events: readonly unknown[];
}

/** How long a watch that has shown all it should is still read, for what it should not show. */
const graceMs = 200;
const defaultLimitMs = 10_000;

function readLines(
  response: IncomingMessage,
  until: { events: number; limitMs?: number; onLine(line: string): void },
): Promise<void> {
  return new Promise((resolve) => {
    let rest = '';
    let count = 0;
    const end = (): void => {
      clearTimeout(limit);
      clearTimeout(grace);
      response.destroy();
      if (rest.trim()) until.onLine(rest);
      rest = '';
      resolve();
    };
    const limit = setTimeout(end, until.limitMs ?? defaultLimitMs);
    let grace = until.events === 0 ? setTimeout(end, graceMs) : undefined;
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) until.onLine(line);
      count += lines.length;
      if (count >= until.events) grace ??= setTimeout(end, graceMs);
    });
    response.on('end', end).on('error', end);
  });
}

function parsed(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    // protobuf is no text, and must be compared byte for byte
    return text.startsWith('k8s\0') ? bytes.toString('latin1') : text;
  }
}

import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Clock } from '@kit/base';
import type { RawRequest, RawResponse } from './client-api.ts';
import type { Connection } from './connection.ts';
import { createCredentials } from './credentials.ts';
import { brokeEarly, errorOfTransport } from './transport-error.ts';

/** The API server itself ends a request after 60 s; a little more shows that it is gone rather than slow. */
const answerTimeoutMs = 75_000;
const connectTimeoutMs = 10_000;

/** Headers of one hop (RFC 9110, 7.6.1), of another host, or of ours to set. */
const ownHeaders = new Set([
  'authorization',
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Bytes to and from one API server, authenticated; it knows nothing of objects. */
export interface Transport {
  readonly server: string;
  /** A request that answers in bounded time, over few kept-alive connections. */
  short(request: RawRequest): Promise<Dispatcher.ResponseData>;
  /** A request that may last, over a connection of its own; the body ends or breaks when the server does. */
  long(request: RawRequest): Promise<Dispatcher.ResponseData>;
  /** The path and query on the server, its own prefix included. */
  target(request: RawRequest): string;
  headers(request: RawRequest): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly userAgent: string;
}

/** The TLS settings of a connection, as Node's `tls.connect` takes them. */
export function tlsOptions(connection: Connection): Record<string, string | boolean | undefined> {
  return {
    ca: connection.caPem,
    cert: connection.clientCertificatePem,
    key: connection.clientKeyPem?.reveal(),
    servername: connection.serverName,
    rejectUnauthorized: !connection.insecureSkipVerify,
  };
}

function queryString(query: RawRequest['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) params.set(key, String(value));
  return params.size === 0 ? '' : `?${params.toString()}`;
}

/** undici looks at the signal only once it has a connection, which may take as long as a connection may take. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error); // whatever it was aborted with is thrown on
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** Watches and followed logs may say nothing for long, and logs not even begin. */
function mayBeSilent({ query }: RawRequest): boolean {
  return [query?.follow, query?.watch].some((flag) => ['true', '1'].includes(String(flag)));
}

export function createTransport(connection: Connection, { clock, userAgent }: TransportOptions): Transport {
  const base = new URL(connection.server);
  const prefix = base.pathname.replace(/\/+$/, '');
  const connect = { ...tlsOptions(connection), timeout: connectTimeoutMs };
  const few = new Pool(base.origin, {
    connect,
    connections: 32,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });
  const many = new Pool(base.origin, { connect, connections: null, bodyTimeout: 0 });
  const authorization = createCredentials(connection, clock);

  const target = (request: RawRequest): string => `${prefix}${request.path}${queryString(request.query)}`;

  async function headers(request: RawRequest): Promise<Record<string, string>> {
    const own = await authorization();
    const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    return {
      'user-agent': userAgent,
      accept: 'application/json',
      ...Object.fromEntries(given.filter(([name]) => !ownHeaders.has(name))),
      ...(own && { authorization: own }),
    };
  }

  async function send(pool: Pool, request: RawRequest, headersTimeout: number): Promise<Dispatcher.ResponseData> {
    const sendOnce = async (): Promise<Dispatcher.ResponseData> =>
      pool.request({
        method: request.method,
        path: target(request),
        headers: await headers(request),
        body: request.body as Dispatcher.DispatchOptions['body'], // every Node readable stream is a Readable
        signal: request.signal,
        headersTimeout,
      });
    try {
      const sent = sendOnce().catch((cause: unknown) => {
        // A kept-alive connection may close just as a request is written to it; a read is safe to repeat.
        if (request.method !== 'GET' || request.signal?.aborted || !brokeEarly(cause)) throw cause;
        return sendOnce();
      });
      return await unlessAborted(sent, request.signal);
    } catch (cause) {
      throw errorOfTransport(connection.server, cause, request.signal);
    }
  }

  return {
    server: connection.server,
    target,
    headers,
    short: (request) => send(few, request, answerTimeoutMs),
    long: (request) => send(many, request, mayBeSilent(request) ? 0 : answerTimeoutMs),
    close: async () => void (await Promise.all([few.destroy(), many.destroy()])),
  };
}

export function rawResponse(response: Dispatcher.ResponseData): RawResponse {
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

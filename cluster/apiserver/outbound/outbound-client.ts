import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Clock } from '@kit/base';
import { openTls } from './open-tls.ts';
import { OutboundError, networkProblem } from './outbound-error.ts';
import { serviceDestination } from './service-destination.ts';
import type { Destination, ServiceDeps } from './service-destination.ts';

/** How a webhook or another API server says where it is. */
export interface ClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM as base64, as objects carry it. */
  readonly caBundle?: string;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Post {
  readonly url: URL;
  readonly method: 'POST' | 'GET';
  readonly body: string | undefined;
  readonly ca: string | undefined;
  readonly destination: Destination;
  readonly signal: AbortSignal;
}

const maxAnswerBytes = 16 << 20;
const maxRedirects = 10;

/** The URL a client configuration stands for; a Service's has its name in the cluster as host. */
export function urlOf({ url, service }: ClientConfig): URL {
  if (!service) return new URL(url ?? '');
  const { namespace, name, path = '/', port = 443 } = service;
  return new URL(`https://${name}.${namespace}.svc:${port}${path}`);
}

export function pemOf({ caBundle }: ClientConfig): string | undefined {
  return caBundle ? Buffer.from(caBundle, 'base64').toString() : undefined;
}

const hostOf = ({ hostname, port }: URL): Destination => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: Number(port || 443),
});

/** URLs are shown as they are written: with the port even where it is the usual one. */
function shown({ service }: ClientConfig, url: URL): string {
  return service ? url.href.replace(url.host, `${url.hostname}:${service.port ?? 443}`) : url.href;
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming = response as AsyncIterable<Buffer>; // no encoding is set: chunks are bytes
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new OutboundError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function tlsOf({ url, ca }: Post): ConnectionOptions {
  const isName = !/^[\d.]+$|:/.test(url.hostname);
  return { ...(ca !== undefined && { ca }), ...(isName && { servername: url.hostname }) };
}

/** Sends JSON to webhooks over HTTPS, and keeps connections for the next time. */
export class OutboundClient {
  readonly #deps: ServiceDeps & { readonly clock: Clock };
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 8, timeout: 60_000 });

  constructor(deps: ServiceDeps & { readonly clock: Clock }) {
    this.#deps = deps;
  }

  stop(): void {
    this.#agent.destroy();
  }

  /** Posts to where `config` says. Throws `OutboundError`, whose message begins `Post "URL": `. */
  async post(
    config: ClientConfig,
    request: { body: string; timeoutSeconds: number; query?: string },
  ): Promise<OutboundAnswer> {
    const url = urlOf(config);
    if (request.query) url.search = request.query;
    const aborted = new AbortController();
    const cancel = this.#deps.clock.after(request.timeoutSeconds * 1000, () => aborted.abort());
    const at = { text: shown(config, url) };
    const ca = pemOf(config);
    try {
      const destination = config.service ? this.#service(config.service) : hostOf(url);
      const post: Post = { url, method: 'POST', body: request.body, ca, destination, signal: aborted.signal };
      return await this.#follow(post, at);
    } catch (error) {
      const late = aborted.signal.aborted;
      const why = late ? 'context deadline exceeded' : networkProblem(error, { host: url.hostname, ca });
      throw new OutboundError(`Post ${JSON.stringify(at.text)}: ${why}`, error);
    } finally {
      cancel();
    }
  }

  /** Goes where it is sent on to; `at` is where it has come to. */
  async #follow(first: Post, at: { text: string }): Promise<OutboundAnswer> {
    let post = first;
    for (let left = maxRedirects; ; left--) {
      const answer = await this.#send(post);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || !location || left === 0) return answer;
      post = redirected(post, new URL(location, post.url), answer.status);
      at.text = post.url.href;
    }
  }

  #service({ namespace, name, port = 443 }: NonNullable<ClientConfig['service']>): Destination {
    return serviceDestination(this.#deps, { namespace, name, port });
  }

  async #send(post: Post): Promise<OutboundAnswer & { headers: IncomingMessage['headers'] }> {
    const dialled = post.destination.dial?.();
    const socket = dialled && (await openTls(dialled, tlsOf(post), post.signal));
    const response = await this.#open(post, socket);
    const body = await bodyOf(response);
    const { statusCode = 0, headers } = response;
    return { status: statusCode, contentType: headers['content-type'] ?? '', body, headers };
  }

  #open(post: Post, socket: Duplex | undefined): Promise<IncomingMessage> {
    const { url, method, body, destination, signal } = post;
    return new Promise((resolve, reject) => {
      const outgoing = request({
        method,
        host: destination.host,
        port: destination.port,
        path: url.pathname + url.search,
        headers: {
          Host: url.host,
          Accept: 'application/json, */*',
          'User-Agent': 'kube-apiserver-admission',
          ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
        },
        ...tlsOf(post),
        signal,
        ...(socket ? { createConnection: () => socket } : { agent: this.#agent }),
      });
      outgoing.on('response', resolve);
      // A kept connection may have been closed just now: then nobody has seen the request.
      outgoing.on('error', (error: Error & { code?: string }) => {
        if (outgoing.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted)
          this.#open(post, undefined).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  }
}

/** As HTTP clients do: what is moved for good or seen elsewhere is fetched, 307 and 308 repeat the request. */
function redirected(post: Post, url: URL, status: number): Post {
  const destination = hostOf(url);
  if (status === 307 || status === 308) return { ...post, url, destination };
  return { ...post, url, destination, method: 'GET', body: undefined };
}

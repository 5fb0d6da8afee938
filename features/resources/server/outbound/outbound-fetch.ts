import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { ApiError } from '@kit/base';
import { Agent, fetch } from 'undici';
import { mayReach } from '../../rules/outbound-reach.ts';

/** What an outbound request may be, decided by who runs the platform. */
export interface OutboundLimits {
  /** This machine may be asked, too. */
  readonly withLoopback?: boolean;
}

export interface OutboundRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificates are not checked. */
  readonly insecure?: boolean;
  readonly maxBytes?: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

type Headers = Awaited<ReturnType<typeof fetch>>['headers'];

/** Asks a server that a caller named. */
export type OutboundFetch = (url: string, request?: OutboundRequest) => Promise<OutboundAnswer>;

const timeoutMs = 10_000;
const maxBytesUnlessSaid = 4 << 20;
const maxRedirects = 5;

function refusal(host: string): ApiError {
  return new ApiError('BadRequest', `"${host}" is an address that this platform does not connect to for others`);
}

function leadsHere(hostname: string): NodeJS.ErrnoException {
  return new Error(`${hostname} leads to this platform itself`, { cause: refusal(hostname) });
}

/** What was checked is what is connected to: a name that changes its address in between gains nothing. */
function guardedLookup({ withLoopback }: OutboundLimits): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const allowed = found.filter(({ address }) => mayReach(address, withLoopback));
      const [first] = allowed;
      if (!first) return callback(leadsHere(hostname), []);
      return options.all ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

function checkedUrl(text: string, { withLoopback }: OutboundLimits): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new ApiError('BadRequest', `"${text}" is not an address that begins with https:// or http://`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host, withLoopback)) throw refusal(host);
  return url;
}

async function readAll(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > limit) throw new ApiError('BadRequest', 'the server answers more than is read of it');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** What a failure comes from in the end, or the refusal that it hides. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause !== undefined && !(root instanceof ApiError)) root = root.cause;
  return root;
}

function failure(url: URL, error: unknown): ApiError {
  const root = rootOf(error);
  if (root instanceof ApiError) return root;
  const why = root instanceof Error ? root.message : String(root);
  return new ApiError('ServiceUnavailable', `${url.host} cannot be asked: ${why}`, { cause: error });
}

/**
 * Asks servers that callers name. Nothing is asked of this machine or of where credentials are found, whatever names and
 * redirects lead there; nothing is waited for or read without end; and a credential stays with the host it was meant for.
 */
export function outboundFetch(limits: OutboundLimits = {}): OutboundFetch {
  const agents = [true, false].map(
    (rejectUnauthorized) =>
      new Agent({
        connect: { rejectUnauthorized, lookup: guardedLookup(limits), timeout: timeoutMs },
        headersTimeout: timeoutMs,
      }),
  );
  return async (text, { headers = {}, insecure = false, maxBytes = maxBytesUnlessSaid } = {}) => {
    const dispatcher = agents[insecure ? 1 : 0] as Agent; // cast: there are two
    const signal = AbortSignal.timeout(timeoutMs);
    let hop: Hop = { url: checkedUrl(text, limits), headers };
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const { answer, location } = await ask(hop, { dispatcher, signal, maxBytes }).catch((error: unknown) => {
        throw failure(hop.url, error);
      });
      if (location === null) return answer;
      hop = behind(hop, checkedUrl(new URL(location, hop.url).href, limits));
    }
    throw new ApiError('BadRequest', `${hop.url.host} redirects more than ${maxRedirects} times`);
  };
}

interface Hop {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const isRedirect = (status: number): boolean => status >= 300 && status <= 399;

/** One answer, and where it leads if it leads on. */
async function ask(
  { url, headers }: Hop,
  { maxBytes, ...how }: { dispatcher: Agent; signal: AbortSignal; maxBytes: number },
): Promise<{ answer: OutboundAnswer; location: string | null }> {
  const response = await fetch(url, { headers, redirect: 'manual', ...how });
  const location = isRedirect(response.status) ? response.headers.get('location') : null;
  const bytes = await readAll(response.body, maxBytes);
  return { answer: { status: response.status, headers: response.headers, bytes }, location };
}

/** A redirect leads to no weaker protection, and the credential to no other host. */
function behind({ url, headers }: Hop, next: URL): Hop {
  if (url.protocol === 'https:' && next.protocol === 'http:') throw refusal(next.host);
  return { url: next, headers: next.origin === url.origin ? headers : withoutCredential(headers) };
}

function withoutCredential(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

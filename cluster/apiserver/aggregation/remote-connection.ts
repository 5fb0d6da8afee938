import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import { openTls } from '../outbound/open-tls.ts';
import { networkProblem, OutboundError } from '../outbound/outbound-error.ts';
import { openConnection, serviceDestination } from '../outbound/service-destination.ts';
import type { ServiceDeps } from '../outbound/service-destination.ts';
import type { Caller } from '../store/write-request.ts';
import type { FrontProxyPki } from './front-proxy-pki.ts';
import type { RemoteService } from './remote-service.ts';

/** What reaching an aggregated API server takes. */
export interface RemoteDeps extends ServiceDeps {
  readonly frontProxy: FrontProxyPki;
}

export interface RemoteAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Who asks for what this server itself wants to know. */
export const aggregatorCaller: Caller = { name: 'system:kube-aggregator', groups: ['system:masters'] };

const maxBytes = 64 << 20;

function tlsOf({ frontProxy }: RemoteDeps, remote: RemoteService): ConnectionOptions {
  const { service, caBundle, insecureSkipTLSVerify } = remote;
  return {
    servername: `${service.name}.${service.namespace}.svc`,
    cert: frontProxy.client.cert,
    key: frontProxy.client.key,
    ...(caBundle && { ca: Buffer.from(caBundle, 'base64').toString() }),
    ...(insecureSkipTLSVerify && { rejectUnauthorized: false }),
  };
}

/** The headers that tell the other server who asks. It believes them because of our certificate. */
export function identityHeaders({ name, uid, groups, extra = {} }: Caller): Record<string, string | string[]> {
  const extras = Object.entries(extra).map(
    ([key, values]) => [`X-Remote-Extra-${encodeURIComponent(key)}`, [...values]] as const,
  );
  return {
    'X-Remote-User': name,
    ...(uid && { 'X-Remote-Uid': uid }),
    ...(groups.length > 0 && { 'X-Remote-Group': [...groups] }),
    ...Object.fromEntries(extras),
  };
}

/** A TLS connection to the service, with our certificate. Throws `OutboundError`, also when `signal` is aborted. */
export async function connectRemote(deps: RemoteDeps, remote: RemoteService, signal?: AbortSignal): Promise<Duplex> {
  const tls = tlsOf(deps, remote);
  try {
    return await openTls(openConnection(serviceDestination(deps, remote.service)), tls, signal);
  } catch (error) {
    throw new OutboundError(networkProblem(error, { host: tls.servername ?? '', ca: undefined }), error);
  }
}

/** Sends a request over a connection of its own; what is still to be sent is the caller's business. */
export function askRemote(
  socket: Duplex,
  sent: { method: string; path: string; headers: Record<string, string | string[] | undefined> },
): { outgoing: ReturnType<typeof request>; response: Promise<IncomingMessage> } {
  const { method, path, headers } = sent;
  const outgoing = request({
    method,
    path,
    headers: { ...headers, connection: 'close' },
    createConnection: () => socket,
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', (error) =>
      reject(new OutboundError(networkProblem(error, { host: '', ca: undefined }), error)),
    );
  });
  return { outgoing, response };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming = response as AsyncIterable<Buffer>; // no encoding is set: chunks are bytes
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBytes) throw new OutboundError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** GETs a document for this server itself. Throws `OutboundError`. */
export async function getRemote(
  deps: RemoteDeps,
  remote: RemoteService,
  wanted: { path: string; accept?: string; timeoutMs: number },
): Promise<RemoteAnswer> {
  const { path, accept = 'application/json', timeoutMs } = wanted;
  let socket: Duplex | undefined;
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    socket?.destroy(new Error('late'));
  }, timeoutMs);
  try {
    socket = await connectRemote(deps, remote, late.signal);
    const headers = { ...identityHeaders(aggregatorCaller), accept, host: tlsOf(deps, remote).servername };
    const { outgoing, response } = askRemote(socket, { method: 'GET', path, headers });
    outgoing.end();
    const answer = await response;
    const body = await textOf(answer);
    return {
      status: answer.statusCode ?? 0,
      contentType: answer.headers['content-type'] ?? '',
      headers: answer.headers,
      body,
    };
  } catch (error) {
    if (late.signal.aborted) throw new OutboundError('context deadline exceeded', error);
    throw error instanceof OutboundError
      ? error
      : new OutboundError(error instanceof Error ? error.message : 'the connection broke', error);
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

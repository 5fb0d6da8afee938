import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPki } from '../../../auth/certificates.ts';

/** What a webhook is sent. */
export interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever the server has sent
  readonly request: any;
}

/** How a webhook of a test answers: a whole HTTP answer, or never. */
export type Reply = (review: Review) => { status?: number; headers?: Record<string, string>; body: unknown } | 'never';

export interface WebhookServer {
  readonly url: string;
  readonly caPem: string;
  /** Every review that came, by the path it came to. */
  readonly received: { readonly path: string; readonly review: Review }[];
  /** Answers what comes to `path`. */
  on(path: string, reply: Reply): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, reply: Exclude<ReturnType<Reply>, 'never'>): void {
  const { status = 200, headers = {}, body } = reply;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A server on a free port of this machine whose certificate is good for 127.0.0.1 and for `host`. */
export async function startWebhookServer(host = '127.0.0.1'): Promise<WebhookServer> {
  const { ca, server: own } = await openPki({ host, nowMs: Date.now() });
  const replies = new Map<string, Reply>();
  const received: { path: string; review: Review }[] = [];
  const server = createServer({ cert: own.cert, key: own.key }, (request, response) => {
    void bodyOf(request).then((text) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const review = JSON.parse(text) as Review; // the API server sends nothing else
      received.push({ path: request.url ?? '/', review });
      const reply = replies.get(path)?.(review) ?? { status: 404, body: 'nobody here' };
      if (reply !== 'never') answer(response, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    url: `https://127.0.0.1:${port}`,
    caPem: ca.cert,
    received,
    on: (path, reply) => void replies.set(path, reply),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An AdmissionReview that answers `review`. */
export function respond(review: Review, response: Record<string, unknown>): { body: object } {
  const { apiVersion, kind, request } = review;
  return { body: { apiVersion, kind, response: { uid: (request as { uid: string }).uid, ...response } } }; // every review has one
}

/** A JSON patch as a webhook sends it. */
export function patchOf(...operations: object[]): { patchType: 'JSONPatch'; patch: string } {
  return { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') };
}

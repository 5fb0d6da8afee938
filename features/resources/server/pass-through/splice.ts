import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KubeClient, RawResponse } from '@kit/kube';
import { answerHeaders, upgradeHeaders } from '../../rules/forwarded-headers.ts';
import type { KubeTarget } from '../../rules/kube-target.ts';
import { upstreamPath, type Connection } from './upstream.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function head(status: number, headers: Headers): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (value === undefined ? [] : Array.isArray(value) ? value : [value]).map((text) => `${name}: ${text}`),
  );
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
}

/** Hands the cluster's refusal back as an ordinary answer, and closes. */
async function refuse(socket: Duplex, { status, headers, body }: RawResponse): Promise<void> {
  const { 'content-length': _length, ...kept } = answerHeaders(headers);
  socket.write(head(status, { ...kept, connection: 'close' }));
  await pipeline(body, socket);
}

/** The cluster's `101`, with its own upgrade headers and no cookie. */
function switching(headers: Headers): string {
  const { 'set-cookie': _cookies, ...kept } = headers;
  return head(101, kept);
}

/**
 * Joins the caller's connection with one to the cluster, byte for byte, whatever protocol the two agree on (WebSocket,
 * SPDY): exec, attach and port-forward. Both end together, and when the caller's right ends.
 */
export async function splice(
  kube: KubeClient,
  target: KubeTarget,
  { request, socket, head: early, context: { signal } }: Connection,
): Promise<void> {
  const answer = await kube.upgrade({
    ...upstreamPath(target),
    method: request.method ?? 'GET',
    headers: upgradeHeaders(request.headers),
    signal,
  });
  if (!answer.upgraded) return refuse(socket, answer.response);
  const far = answer.socket as Duplex; // cast: a socket is read and written; the port's type leaves out `destroy`
  const end = (): void => {
    far.destroy();
    socket.destroy();
  };
  socket.write(switching(answer.headers));
  socket.write(answer.head);
  far.write(early);
  signal.addEventListener('abort', end);
  await Promise.allSettled([pipeline(far, socket), pipeline(socket, far)]);
  signal.removeEventListener('abort', end);
  end();
}

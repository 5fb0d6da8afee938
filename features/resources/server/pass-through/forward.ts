import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RawContext } from '@kit/http';
import { answerHeaders, requestHeaders } from '../../rules/forwarded-headers.ts';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { isReview } from '../reviews/answer-review.ts';
import { review } from '../reviews/review-mounts.ts';
import { guardObject, isGuarded } from './object-guard.ts';
import { guardOwnership, isOwnership } from './ownership-guard.ts';
import { upstreamPath, upstreamTarget } from './upstream.ts';

const withoutBody = new Set(['GET', 'HEAD', 'OPTIONS']);

function bodyOf(request: IncomingMessage): IncomingMessage | undefined {
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  return hasBody && !withoutBody.has(request.method ?? 'GET') ? request : undefined;
}

/** One exchange with a caller, as a mount is given it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: RawContext;
}

/** Moves of a namespace between workspaces, and writes of who may do what, are looked at first: their body is read whole. */
async function checkedBody(
  deps: ResourcesDeps,
  target: KubeTarget,
  { request, context: { user } }: Exchange,
): Promise<IncomingMessage | Uint8Array | undefined> {
  if (isGuarded(deps, target, request.method)) return guardObject(deps, target, { request, user });
  if (isOwnership(target, request.method)) return guardOwnership(deps, target, { request, user });
  return bodyOf(request);
}

/** A body that was read and looked at has a length of its own. */
function headersFor(request: IncomingMessage, body: IncomingMessage | Uint8Array | undefined): Record<string, string> {
  const headers = requestHeaders(request.headers);
  if (!(body instanceof Uint8Array)) return headers;
  return { ...headers, 'content-length': String(body.byteLength) };
}

/** Hands a request on to the cluster with the platform's credential, and the answer back, as both arrive. */
export async function forward(deps: ResourcesDeps, exchange: Exchange): Promise<void> {
  const { request, response, context } = exchange;
  const target = upstreamTarget(deps, context.user, request.url ?? '/');
  if (isReview(target.resource)) return review(deps, exchange);
  const body = await checkedBody(deps, target, exchange);
  const answer = await deps.kube.raw({
    ...upstreamPath(target),
    method: request.method ?? 'GET',
    headers: headersFor(request, body),
    signal: context.signal,
    ...(body ? { body } : {}),
  });
  response.writeHead(answer.status, answerHeaders(answer.headers));
  response.flushHeaders(); // a watch may have nothing to say for minutes
  try {
    await pipeline(answer.body, response);
  } catch (error) {
    // The caller has gone, the right has ended, or the cluster broke off: what was sent cannot be taken back.
    response.destroy();
    if (!context.signal.aborted) deps.log.info('a forwarded answer broke off', { path: target.path, error });
  }
}

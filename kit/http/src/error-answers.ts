import { ApiError, toStatus } from '@kit/base';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpOptions } from './create-http.ts';
import type { Reason } from '@kit/base';
import { challengeTo } from './challenge.ts';
import { pathOf } from './safe-path.ts';
import { dataPolicy } from './security-headers.ts';

/** Every failure leaves as a Kubernetes Status; what nobody foresaw is logged here, once, under its request id. */
export function addErrorAnswers(app: FastifyInstance, options: HttpOptions): void {
  app.setErrorHandler((error, request, reply) => {
    const known = knownError(error);
    if (!known)
      options.log.error('request failed', {
        requestId: request.id,
        method: request.method,
        path: pathOf(request.url),
        error,
      });
    sendStatus(reply, known ?? error, request.id);
  });
  const table = methodsByPath(options);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = [...table].find(([pattern]) => pattern.test(path))?.[1];
    if (allowed) {
      reply.header('allow', allowed.join(', '));
      return sendStatus(reply, new ApiError('MethodNotAllowed', `${path} does not take ${request.method}`), request.id);
    }
    return sendStatus(reply, new ApiError('NotFound', `nothing is served at ${path}`), request.id);
  });
}

/** Answers with the Status of an error. */
export function sendStatus(reply: FastifyReply, error: unknown, requestId: string): FastifyReply {
  const status = toStatus(error, requestId);
  const seconds = status.details?.retryAfterSeconds;
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  if (status.code === 401) reply.header('www-authenticate', challengeTo(reply.request.headers));
  return reply
    .code(status.code)
    .header('content-security-policy', dataPolicy)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify(status));
}

const parserErrors: Readonly<Record<string, Reason>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'RequestEntityTooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UnsupportedMediaType',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BadRequest',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BadRequest',
  FST_ERR_BAD_URL: 'BadRequest',
  ECONNRESET: 'BadRequest',
};

function knownError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const { code, message } = error as { code?: string; message?: string }; // read only where they are there
  const reason = parserErrors[code ?? ''];
  return reason
    ? new ApiError(
        reason,
        (message ?? reason).replace(/^./, (first) => first.toLowerCase()),
        { cause: error },
      )
    : undefined;
}

function methodsByPath({ routes }: HttpOptions): Map<RegExp, string[]> {
  const byPath = new Map<string, string[]>();
  for (const { path, method } of routes) byPath.set(path, [...(byPath.get(path) ?? []), method]);
  return new Map([...byPath].map(([path, methods]) => [patternOf(path), methods.sort()]));
}

function patternOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

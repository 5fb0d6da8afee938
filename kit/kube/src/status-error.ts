import { ApiError, httpStatus } from '@kit/base';
import type { Cause, ErrorDetails, Reason, Status } from '@kit/base';

const reasonOfCode: Readonly<Record<number, Reason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function isReason(reason: string | undefined): reason is Reason {
  return reason !== undefined && reason in httpStatus;
}

function parseStatus(body: string): Partial<Status> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const isStatus = typeof parsed === 'object' && parsed !== null && (parsed as { kind?: unknown }).kind === 'Status'; // checked to be an object
    return isStatus ? parsed : undefined; // its other fields may all be absent
  } catch {
    return undefined; // plain text, as proxies and Go's own 404 answer
  }
}

function detailsOf(status: Partial<Status>, retryAfter: number): ErrorDetails | undefined {
  const seconds = status.details?.retryAfterSeconds ?? (retryAfter > 0 ? retryAfter : undefined);
  const causes = status.details?.causes?.map((cause: Cause): Cause => ({ ...cause, message: cause.message ?? '' }));
  if (!status.details && seconds === undefined) return undefined;
  return { ...status.details, ...(causes && { causes }), ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
}

function reasonOf({ reason }: Partial<Status>, code: number): Reason {
  return isReason(reason) ? reason : (reasonOfCode[code] ?? (code < 500 ? 'BadRequest' : 'InternalError'));
}

/** The `ApiError` of a Status object, or of any other answer with a failure code: this is the one place that translates. */
export function errorOfResponse(code: number, body: string, retryAfter = '0'): ApiError {
  const status = parseStatus(body);
  const realCode = status?.code ?? code;
  const reason = reasonOf(status ?? {}, realCode);
  const said = status ? status.message || reason : body.trim().split('\n')[0]?.slice(0, 200);
  const message = said || `the Kubernetes API server answered ${realCode}`;
  return new ApiError(reason, message, { code: realCode, details: detailsOf(status ?? {}, Number(retryAfter)) });
}

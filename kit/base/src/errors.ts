/**
 * Every failure the platform reports has one of these reasons. They are part of the API: the names are those of
 * Kubernetes' `StatusReason` (apimachinery `pkg/apis/meta/v1/types.go`) wherever it has one.
 */
export const httpStatus = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const satisfies Record<string, number>;

export type Reason = keyof typeof httpStatus;

/** One field that is wrong: `field` is a path such as `spec.replicas`, `reason` a Kubernetes cause type. */
export interface Cause {
  readonly field?: string;
  readonly message: string;
  readonly reason?: string;
}

/** What a failed request was about, as in the `details` of a Kubernetes Status. */
export interface ErrorDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

export interface ApiErrorOptions {
  readonly cause?: unknown;
  readonly details?: ErrorDetails;
  /** For reasons whose usual status does not fit, e.g. a 422 that carries the reason of an upstream server. */
  readonly code?: number;
}

/** A failure a caller can act on: a closed `reason`, one sentence in the user's words, and what it was about. */
export class ApiError extends Error {
  readonly reason: Reason;
  readonly code: number;
  readonly details: ErrorDetails | undefined;

  constructor(reason: Reason, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.reason = reason;
    this.code = options.code ?? httpStatus[reason];
    this.details = options.details;
  }
}

/** True when `error` is an `ApiError`, and of `reason` if one is given. */
export function isApiError(error: unknown, reason?: Reason): error is ApiError {
  return error instanceof ApiError && (reason === undefined || error.reason === reason);
}

/** The Kubernetes `Status` object that every failed request of the platform answers with. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: ErrorDetails;
  readonly code: number;
}

/**
 * The Status of any thrown value. What is not an `ApiError` becomes `InternalError` whose message names only the
 * request id: its own words stay in the log.
 */
export function toStatus(error: unknown, requestId?: string): Status {
  const known = error instanceof ApiError ? error : undefined;
  const hidden = `internal error${requestId ? `, request ${requestId}` : ''}`;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: known ? known.message : hidden,
    reason: known ? known.reason : 'InternalError',
    ...(known?.details ? { details: known.details } : {}),
    code: known ? known.code : 500,
  };
}

/** One field the server did not accept. */
export interface FieldCause {
  readonly field?: string;
  readonly message: string;
}

/** A request that failed: what was tried, what the server answered, and the id its log has too. */
export class RequestError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Reason of the server's Status, e.g. `Forbidden`; `Offline` when no answer came. */
  readonly reason: string;
  readonly causes: readonly FieldCause[];
  readonly requestId: string | undefined;
  /** `GET /kapis/…` */
  readonly tried: string;

  constructor(from: {
    status: number;
    reason: string;
    message: string;
    tried: string;
    causes?: readonly FieldCause[];
    requestId?: string;
    cause?: unknown;
  }) {
    super(from.message, { cause: from.cause });
    this.name = 'RequestError';
    this.status = from.status;
    this.reason = from.reason;
    this.causes = from.causes ?? [];
    this.requestId = from.requestId;
    this.tried = from.tried;
  }
}

/** True when `error` is a failed request, and of `reason` if one is given. */
export function isRequestError(error: unknown, reason?: string): error is RequestError {
  return error instanceof RequestError && (reason === undefined || error.reason === reason);
}

interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly FieldCause[] };
  readonly error_description?: string;
}

function parse(text: string): StatusBody {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return { message: text.slice(0, 500) };
  }
}

/** Reads the Kubernetes Status (or whatever else came) of a response that is not ok. */
export async function toRequestError(response: Response, tried: string): Promise<RequestError> {
  const body = parse(await response.text().catch(() => ''));
  return new RequestError({
    status: response.status,
    reason: body.reason ?? response.statusText,
    message: body.message || body.error_description || `${response.status} ${response.statusText}`,
    causes: body.details?.causes,
    requestId: response.headers.get('x-request-id') ?? undefined,
    tried,
  });
}

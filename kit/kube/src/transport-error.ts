import { ApiError } from '@kit/base';

// Codes of Node's net and tls modules and of undici.
const problems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of an answer',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not from a known authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not from a known authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not from a known authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not from a known authority',
  CERT_SIGNATURE_FAILURE: 'its certificate is not from a known authority',
};

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: string; errors?: readonly unknown[] }; // AggregateError: one per address tried
  return code ?? (errors?.[0] === undefined ? '' : codeOf(errors[0]));
}

/** The failure of a connection as one sentence that names the server; a caller's own abort comes out as its reason. */
export function errorOfTransport(server: string, cause: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (cause instanceof ApiError) return cause;
  const why = problems[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new ApiError('ServiceUnavailable', `the Kubernetes API server at ${server} cannot be reached: ${why}`, {
    cause,
  });
}

/** True when the connection broke before the server said anything: a read may then be sent again. */
export function brokeEarly(cause: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(cause));
}

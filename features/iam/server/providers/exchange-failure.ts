import { ApiError } from '@kit/base';
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { unproved, unreachable } from './provider-fetch.ts';

// What the library calls answers that are none: other things than JSON, statuses that no protocol has, no answer in time.
const noAnswers = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
]);
// RFC 6749: what the provider answers when it is not the person who is at fault.
const itsOwn = new Set(['server_error', 'temporarily_unavailable', 'invalid_client', 'unauthorized_client']);

/** Tells a provider that cannot be asked from one that says no, and from an answer that does not hold. */
export function exchangeFailure(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  if (cause instanceof ResponseBodyError) return itsOwn.has(cause.error) ? unreachable(cause) : unproved(cause);
  if (cause instanceof AuthorizationResponseError)
    return itsOwn.has(cause.error) ? unreachable(cause) : declined(cause);
  if (cause instanceof ClientError && cause.code !== undefined && !noAnswers.has(cause.code)) return unproved(cause);
  return unreachable(cause); // a connection that failed is a TypeError of fetch
}

/** Whether the provider did not take the platform's own credential, in the way it was shown. */
export function isClientRefused(cause: unknown): boolean {
  if (cause instanceof WWWAuthenticateChallengeError) return cause.status === 401;
  return cause instanceof ResponseBodyError && cause.error === 'invalid_client';
}

function declined(cause: AuthorizationResponseError): ApiError {
  const word = /^[a-z_]{1,40}$/.test(cause.error) ? ` (${cause.error})` : '';
  return new ApiError('Unauthorized', `the identity provider has not signed you in${word}`, { cause });
}

import { ApiError } from '@kit/base';
import { Agent, fetch as undiciFetch } from 'undici';

/** How far a provider's server is trusted to be itself. */
export interface Trust {
  readonly insecureSkipVerify?: boolean;
  /** Certificates (PEM, or base64 of it) to trust beside none other. */
  readonly rootCAData?: string;
}

const timeoutMs = 10_000;
const maxBytes = 1 << 20;

/** A fetch for one provider: no redirect is followed, and no answer is waited for or read without end. */
export function providerFetch(trust: Trust): typeof fetch {
  const ca = caOf(trust.rootCAData);
  const agent = new Agent({
    connect: { rejectUnauthorized: trust.insecureSkipVerify !== true, ...(ca === undefined ? {} : { ca }) },
    maxResponseSize: maxBytes,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const call = (input: string | URL, init: object = {}): Promise<unknown> =>
    undiciFetch(input, { ...init, dispatcher: agent, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  return call as unknown as typeof fetch; // the same interface, with its own copies of the types
}

/** Certificates as PEM, whichever of the two ways they were given. */
export function caOf(data: string | undefined): string | undefined {
  if (!data) return undefined;
  return data.includes('-----BEGIN') ? data : Buffer.from(data, 'base64').toString('utf8');
}

/** The failure of a provider that cannot be asked or answers nonsense; what it said stays in the log. */
export function unreachable(cause: unknown): ApiError {
  return new ApiError('ServiceUnavailable', 'the identity provider did not answer as it should; try again later', {
    cause,
  });
}

import { ApiError } from '@kit/base';
import { Agent, fetch as undiciFetch } from 'undici';
import { checkHost, guardedLookup, limitOf } from './guarded-lookup.ts';

/** How far a provider's server is trusted to be itself. */
export interface Trust {
  readonly insecureSkipVerify?: boolean;
  /** Certificates (PEM, or base64 of it) to trust beside none other. */
  readonly rootCAData?: string;
}

/** How long an answer is waited for, and how much of it is read. */
export interface Patience {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const patience: Patience = { timeoutMs: 10_000, maxBytes: 1 << 20 };

/**
 * A fetch for one provider. No redirect is followed, no answer is waited for or read without end, and nothing nearer is
 * asked than the places that the administrator named: a provider, or who answers for its name, cannot lead this platform
 * into its own machine or network. Throws for a place that is no provider's.
 */
export function providerFetch(
  trust: Trust,
  places: readonly string[],
  { timeoutMs, maxBytes } = patience,
): typeof fetch {
  const ca = caOf(trust.rootCAData);
  for (const place of places) if (URL.canParse(place)) checkHost(new URL(place).hostname, 'loopback');
  const limit = limitOf(places);
  const agent = new Agent({
    connect: {
      rejectUnauthorized: trust.insecureSkipVerify !== true,
      lookup: guardedLookup(limit),
      timeout: timeoutMs,
      ...(ca === undefined ? {} : { ca }),
    },
    maxResponseSize: maxBytes,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const call = async (input: string | URL, init: object = {}): Promise<unknown> => {
    checkHost(new URL(input).hostname, await limit());
    const signal = AbortSignal.timeout(timeoutMs);
    return undiciFetch(input, { ...init, dispatcher: agent, redirect: 'error', signal });
  };
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

/** The failure of an answer that proves nobody. */
export function unproved(cause?: unknown): ApiError {
  return new ApiError('Unauthorized', 'the identity provider did not confirm who you are', { cause });
}

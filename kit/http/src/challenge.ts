import type { IncomingHttpHeaders } from 'node:http';

/**
 * How a 401 says what is asked for (RFC 9110, 11.6.1; RFC 6750, 3): a token, and whether one was sent that does not
 * hold. Never `Basic`, at which a browser opens a dialog of its own.
 */
export function challengeTo({ authorization }: IncomingHttpHeaders): string {
  return /^bearer /i.test(authorization ?? '') ? 'Bearer error="invalid_token"' : 'Bearer';
}

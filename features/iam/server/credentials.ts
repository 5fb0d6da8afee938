import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';

export const cookieName = 'freehold-session';

/** The credential a request carries; `Authorization` goes before the cookie. */
export type Credential =
  | { readonly by: 'none' }
  | { readonly by: 'basic'; readonly username: string; readonly password: string }
  | { readonly by: 'bearer'; readonly token: string }
  | { readonly by: 'cookie'; readonly value: string };

/** Reads the credential off a request; one that cannot be read, or two at once, is `Unauthorized`. */
export function credentialOf(request: IncomingMessage): Credential {
  if (countOf(request, 'authorization') > 1)
    throw new ApiError('Unauthorized', 'the request has two Authorization headers');
  const header = request.headers.authorization;
  if (header !== undefined) return authorizationOf(header);
  const value = cookieOf(request.headers.cookie ?? '');
  if (value === undefined) return { by: 'none' };
  checkOrigin(request);
  return { by: 'cookie', value };
}

function countOf(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}

function authorizationOf(header: string): Credential {
  const [scheme = '', value = ''] = header.split(/ +/, 2);
  if (scheme.toLowerCase() === 'bearer' && value !== '') return { by: 'bearer', token: value };
  const pair = scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString('utf8') : '';
  const colon = pair.indexOf(':');
  if (colon < 0) throw new ApiError('Unauthorized', 'the Authorization header is neither Basic nor Bearer');
  return { by: 'basic', username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** The value of our cookie in a Cookie header. */
export function cookieOf(header: string): string | undefined {
  for (const pair of header.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name === cookieName && value !== '') return value;
  }
  return undefined;
}

/**
 * A browser sends its cookie whatever page asks. What changes something, or opens a connection, must come from a page of
 * our own: the browser says so in headers that a page cannot set.
 */
function checkOrigin({ method = 'GET', headers }: IncomingMessage): void {
  const isUpgrade = headers.upgrade !== undefined;
  if (!isUpgrade && (method === 'GET' || method === 'HEAD')) return;
  const site = headers['sec-fetch-site'];
  const isSameSite = site === undefined || site === 'same-origin';
  const isSameOrigin = headers.origin === undefined ? site === 'same-origin' : hostOf(headers.origin) === headers.host;
  if (!isSameSite || !isSameOrigin) throw new ApiError('Forbidden', 'this request comes from a page of another site');
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

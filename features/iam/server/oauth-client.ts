import { createHash, timingSafeEqual } from 'node:crypto';
import { Reply } from '@kit/http';
import type { RouteRequest } from '@kit/http';
import { builtInClient } from '../rules/sign-in-settings.ts';
import type { OAuthClient } from '../rules/sign-in-settings.ts';
import type { SignInConfig } from './sign-in-config.ts';

interface ClientCredential {
  readonly id: string;
  readonly secret: string;
}

export type ClientRequest = Pick<RouteRequest, 'headers'> & {
  readonly body: { readonly client_id?: string; readonly client_secret?: string };
};

/** The client of a token request, or the refusal to send: RFC 6749, 2.3. */
export async function clientOf(config: SignInConfig, request: ClientRequest): Promise<OAuthClient | Reply> {
  const { id, secret } = credentialOf(request);
  const client = await config.client(id);
  const known = client?.secret ?? '';
  const fits = known === '' || isSame(known, secret);
  return client && fits
    ? client
    : refuse(401, 'invalid_client', 'the OAuth client is not known, or its secret is wrong');
}

/** By the form or by Basic authentication; without either it is KubeSphere's own client, whose secret proves nothing. */
function credentialOf({ headers, body }: ClientRequest): ClientCredential {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const [user = '', secret = ''] = cut(Buffer.from(basic ?? '', 'base64').toString('utf8'));
  if (body.client_id !== undefined) return { id: body.client_id, secret: body.client_secret ?? secret };
  return basic === undefined
    ? { id: builtInClient.name, secret: '' }
    : { id: unescaped(user), secret: unescaped(secret) };
}

function cut(pair: string): [string, string] {
  const at = pair.indexOf(':');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** RFC 6749 has both parts form-encoded before they are put together. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Compared by hashes, so that neither length nor content shows in the time taken. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** A refusal as RFC 6749, 5.2 has it. */
export function refuse(status: number, error: string, description?: string): Reply {
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Basic realm="freehold"' } : {};
  return new Reply(
    status,
    { error, ...(description === undefined ? {} : { error_description: description }) },
    headers,
  );
}

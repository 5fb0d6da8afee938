import type { TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';
import type { Caller } from '../store/write-request.ts';
import type { VerifiedToken } from './service-account-tokens.ts';
import { type TokenAuthenticator, verifyToken } from './token-authenticator.ts';

const authenticated = 'system:authenticated';
/** Tells in audits and reviews which certificate or token was shown. */
const credentialId = 'authentication.kubernetes.io/credential-id';

/** Nobody in particular. */
export const anonymous: Caller = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/** Whom the certificate of a connection is of; reading it takes longer than many a request on it. */
const callers = new WeakMap<TLSSocket, { readonly caller: Caller | undefined }>();

function certificateCaller(socket: TLSSocket): Caller | undefined {
  let known = callers.get(socket);
  if (!known) callers.set(socket, (known = { caller: readCaller(socket) }));
  return known.caller;
}

/** A client certificate that our authority has signed: CN is the user, each O a group. */
function readCaller(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const { CN, O } = (subject as { CN?: string | string[]; O?: string | string[] } | undefined) ?? {}; // Node types them as single texts; a certificate may have several
  const [name] = list(CN);
  if (!name) return undefined;
  const id = `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`;
  return { name, groups: [...list(O), authenticated], extra: { [credentialId]: [id] } };
}

/** Finds out who sends a request. */
export class Authenticator {
  readonly #tokens: readonly TokenAuthenticator[];

  constructor(tokens: readonly TokenAuthenticator[]) {
    this.#tokens = tokens;
  }

  token(token: string, audiences?: readonly string[]): Promise<VerifiedToken | undefined> {
    return verifyToken(this.#tokens, token, audiences);
  }

  /** A bearer token decides, then the certificate; neither is nobody in particular. A wrong token is refused. */
  async request(request: IncomingMessage): Promise<Caller> {
    const [, bearer] = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const certificate = certificateCaller(request.socket as TLSSocket); // we serve TLS only
    if (!bearer) return certificate ?? anonymous;
    const verified = await this.token(bearer.trim());
    const caller = verified?.caller ?? certificate;
    if (!caller) throw new ApiError('Unauthorized', 'Unauthorized');
    return caller;
  }
}

import { X509Certificate } from 'node:crypto';

/** A request to a server outside this process that has not come about; the message is in the words clients know. */
export class OutboundError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
  }
}

interface NetworkError {
  readonly code?: string;
  readonly message: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly syscall?: string;
  readonly cert?: { readonly subjectaltname?: string };
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
]);

const system: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

/** `CN` of the authority that was tried, for a signature that does not fit it. */
function candidate(ca: string | undefined): string {
  try {
    const [, name = ''] = /^CN=(.*)$/m.exec(new X509Certificate(ca ?? '').subject) ?? [];
    return name;
  } catch {
    return '';
  }
}

function namesOf({ cert }: NetworkError, host: string): string {
  const wantsIp = /^[\d.]+$|:/.test(host);
  const names = (cert?.subjectaltname ?? '').split(', ').filter((name) => name.startsWith('IP') === wantsIp);
  const list = names.map((name) => name.slice(name.indexOf(':') + 1));
  if (list.length > 0) return `x509: certificate is valid for ${list.map(shortIp).join(', ')}, not ${host}`;
  return wantsIp
    ? `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${host}`;
}

/** Node writes addresses out in full: `0:0:0:0:0:0:0:1`. */
function shortIp(name: string): string {
  return name.includes(':') ? name.toLowerCase().replace(/(^|:)0(:0)+(:|$)/, '::') : name;
}

function certificateProblem(
  error: NetworkError,
  { host, ca }: { host: string; ca: string | undefined },
): string | undefined {
  const { code = '' } = error;
  if (untrusted.has(code)) return 'x509: certificate signed by unknown authority';
  if (code === 'CERT_SIGNATURE_FAILURE') {
    return `x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate ${JSON.stringify(candidate(ca))})`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return namesOf(error, host);
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'x509: certificate has expired or is not yet valid';
  return undefined;
}

const isTlsProblem = (code: string): boolean => code === 'EPROTO' || code.startsWith('ERR_SSL');

function dialProblem({ code = '', address = '', port = 0, hostname = '' }: NetworkError): string | undefined {
  const why = system[code];
  if (why) return `${address.includes(':') ? `[${address}]` : address}:${port}: connect: ${why}`;
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? `lookup ${hostname}: no such host` : undefined;
}

function socketProblem(error: NetworkError): string {
  const { code = '', message } = error;
  const dialled = dialProblem(error);
  if (dialled) return `dial tcp${dialled.startsWith('lookup') ? ':' : ''} ${dialled}`;
  if (code === 'ECONNRESET') return 'EOF';
  return isTlsProblem(code) ? 'http: server gave HTTP response to HTTPS client' : message;
}

/** Why a connection failed, as Go's HTTP client says it. */
export function networkProblem(error: unknown, at: { host: string; ca: string | undefined }): string {
  if (error instanceof OutboundError) return error.message;
  const failed = error as NetworkError; // what sockets emit
  const certificate = certificateProblem(failed, at);
  return certificate ? `tls: failed to verify certificate: ${certificate}` : socketProblem(failed);
}

import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a caller may tell the cluster. Everything else stays here: credentials and cookies, who they say they are
 * (`Impersonate-*`, `X-Remote-*`), where they say they come from (`X-Forwarded-*`), and what belongs to one hop.
 */
const passed = [
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-length',
  'content-type',
  'if-match',
  'if-none-match',
  'kubectl-command',
  'kubectl-session',
  'user-agent',
];

const passedOnUpgrade = [
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-version',
  'upgrade',
  'user-agent',
  'x-stream-protocol-version',
];

/** A sub-protocol can carry a bearer token; the caller's must not reach the cluster beside ours. */
const tokenProtocol = 'base64url.bearer.authorization.k8s.io.';

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return kept;
}

/** The headers of an ordinary request that go on to the cluster. */
export function requestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return pick(headers, passed);
}

/** The headers of an upgrade request that go on to the cluster. */
export function upgradeHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const offered = headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];
  const protocols = offered.filter((protocol) => !protocol.startsWith(tokenProtocol)).join(', ');
  // Nodes answer 406 to an upgrade that accepts JSON only, as the client would ask for by itself.
  return {
    accept: '*/*',
    ...pick(headers, passedOnUpgrade),
    ...(protocols ? { 'sec-websocket-protocol': protocols } : {}),
  };
}

/** Headers of the cluster's answer that stay here: those of the hop, and cookies, which would be set for the console. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'strict-transport-security',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

type Answered = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The headers of the cluster's answer for the caller. A pod's page reached through `proxy` is served from the console's
 * origin: the sandbox keeps its scripts from acting as whoever looks at it.
 */
export function answerHeaders(headers: Answered): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !dropped.has(name.toLowerCase())) kept[name.toLowerCase()] = value;
  }
  return { ...kept, 'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff' };
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Whether a client may be answered at this address: one of those registered, to the letter. The one exception is that of
 * RFC 8252: a registered loopback address without a port stands for every port, which native clients choose at run time.
 */
export function isRegistered(registered: readonly string[], uri: string): boolean {
  return registered.some((one) => one === uri || isSameLoopback(one, uri));
}

/** Why an address cannot be registered, as one sentence; `undefined` when it can. */
export function redirectProblem(uri: string): string | undefined {
  if (uri.includes('*')) return 'an address is registered to the letter; "*" stands for nothing';
  const url = parsed(uri);
  if (!url) return `"${uri}" is not a whole address such as https://app.example.com/callback`;
  if (url.hash !== '' || uri.includes('#')) return 'an address to be redirected to has no fragment';
  if (url.username !== '' || url.password !== '') return 'an address to be redirected to has no user and no password';
  return schemeProblem(url);
}

function schemeProblem({ protocol, hostname }: URL): string | undefined {
  if (protocol === 'https:') return undefined;
  if (protocol === 'http:') return loopback.has(hostname) ? undefined : 'http is for loopback addresses; use https';
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol)
    ? undefined
    : 'the scheme is https, http on loopback, or a private one with a dot in it';
}

function isSameLoopback(registered: string, uri: string): boolean {
  const [mine, theirs] = [parsed(registered), parsed(uri)];
  if (!mine || !theirs || mine.port !== '' || mine.protocol !== 'http:' || !loopback.has(mine.hostname)) return false;
  // Rebuilt and compared as text: what a parser forgives must not make two addresses one.
  return theirs.hostname === mine.hostname && uri === registered.replace(mine.host, theirs.host);
}

function parsed(uri: string): URL | undefined {
  try {
    return new URL(uri);
  } catch {
    return undefined;
  }
}

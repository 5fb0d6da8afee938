/** Where a proxied server is seen from outside, e.g. `/api/v1/namespaces/a/pods/b/proxy`. */
export interface ProxyPlace {
  readonly prefix: string;
}

/** A redirect of the proxied server, as the client has to follow it; one to another host is left alone. */
export function rewrittenLocation(location: string, { prefix }: ProxyPlace, ownHost: string): string {
  if (location.startsWith('/') && !location.startsWith('//')) return prefix + location;
  const match = /^https?:\/\/([^/]+)(\/.*)?$/i.exec(location);
  return match?.[1] === ownHost ? prefix + (match[2] ?? '/') : location;
}

const linkAttribute =
  /(\s(?:action|background|cite|codebase|data|formaction|href|icon|longdesc|manifest|poster|src|usemap)\s*=\s*["']?)\/(?!\/)/gi;

/** Links of a page to its own server lead through the proxy. */
export function rewrittenPage(html: string, { prefix }: ProxyPlace): string {
  return html.replace(linkAttribute, (_whole, start: string) => `${start}${prefix}/`);
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export type ProxyHeaders = Record<string, string | string[] | undefined>;

/** The client's headers without what concerns its connection and its rights. */
export function forwardedHeaders(headers: ProxyHeaders): ProxyHeaders {
  const listed = new Set(
    String(headers.connection ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const isOwn = (name: string): boolean =>
    hopByHop.has(name) || listed.has(name) || name === 'authorization' || name.startsWith('impersonate-');
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOwn(name)));
}

export function returnedHeaders(headers: ProxyHeaders): ProxyHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

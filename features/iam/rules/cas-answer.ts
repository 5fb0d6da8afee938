/** What a CAS server says of a ticket that holds. */
export interface CasAnswer {
  readonly user: string;
  /** The first of these attributes that has a value. */
  readonly attribute: (...names: readonly string[]) => string | undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const maxCodePoint = 0x10ffff;

/**
 * Reads a `serviceResponse` (CAS protocol 3.0, appendix A). An answer that is not plainly a success of one user is none:
 * what has comments, CDATA or a document type in it could be read in two ways, and is not read.
 */
export function readCasAnswer(xml: string): CasAnswer | undefined {
  if (xml.includes('<!')) return undefined;
  const success = /<cas:authenticationSuccess(?:\s[^<>]*)?>([\s\S]*)<\/cas:authenticationSuccess>/.exec(xml)?.[1];
  if (success === undefined) return undefined;
  // Attributes are the server's own affair, and one of them may be called so too.
  const [user, another] = valuesOf(success.replace(/<cas:attributes>[\s\S]*<\/cas:attributes>/, ''), 'user');
  if (!user || another !== undefined) return undefined;
  return { user, attribute: (...names) => names.flatMap((name) => valuesOf(success, name)).find(Boolean) };
}

function valuesOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<cas:${name}(?:\\s[^<>]*)?>([^<]*)</cas:${name}\\s*>`, 'g'));
  return [...found].map(([, text = '']) => plain(text).trim());
}

function plain(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= maxCodePoint ? String.fromCodePoint(code) : whole;
  });
}

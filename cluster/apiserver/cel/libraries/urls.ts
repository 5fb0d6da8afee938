import { functionTable, type FunctionTable } from '../functions/function-table.ts';
import { readType } from '../types/cel-type.ts';
import { CelError, EntryMap, type OpaqueValue, type Value } from '../values/value.ts';

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** A URL as Go reads it, which is not how browsers do. */
class Url implements OpaqueValue {
  readonly celType = readType('kubernetes.URL');
  readonly text: string;
  readonly parts: Parts;
  constructor(text: string, parts: Parts) {
    this.text = text;
    this.parts = parts;
  }
  equals(other: Value): boolean {
    return other instanceof Url && other.text === this.text;
  }
}

type Problem = { readonly problem: string };
const escapes = /%(?![0-9a-fA-F]{2})[^]{0,2}/;
const control = /[\u0000-\u001f\u007f]/;
const hostCharacters = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/u;

/** Why a text is no absolute URL or path; its parts when it is one. A fragment is no part of either. */
export function readUrl(text: string): Parts | Problem {
  const parse = `parse ${JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1')}: `;
  if (control.test(text)) return { problem: `${parse}net/url: invalid control character in URL` };
  if (text === '') return { problem: `${parse}empty url` };
  if (text === '*') return { scheme: '', host: '', path: '*', query: '' };
  const read = readParts(text);
  return typeof read === 'string' ? { problem: parse + read } : read;
}

function readParts(text: string): Parts | string {
  if (text.startsWith(':')) return 'missing protocol scheme';
  const named = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0] ?? '';
  const scheme = named.slice(0, -1).toLowerCase();
  const [beforeFragment = ''] = text.slice(named.length).split('#');
  const mark = `${beforeFragment}?`.indexOf('?');
  const [rest, query] = [beforeFragment.slice(0, mark), beforeFragment.slice(mark + 1)];
  if (!rest.startsWith('/')) return scheme === '' ? 'invalid URI for request' : { scheme, host: '', path: '', query };
  return readPlace(rest, { scheme, query });
}

function readPlace(rest: string, { scheme, query }: Pick<Parts, 'scheme' | 'query'>): Parts | string {
  const hasHost = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const slash = hasHost ? rest.indexOf('/', 2) : 0;
  const authority = hasHost ? rest.slice(2, slash < 0 ? undefined : slash) : '';
  const path = hasHost ? (slash < 0 ? '' : rest.slice(slash)) : rest;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const problem = hostProblem(host) ?? escapeProblem(path);
  return problem ?? { scheme, host, path: escapedPath(path), query };
}

function hostProblem(host: string): string | undefined {
  const isBracketed = host.startsWith('[');
  if (isBracketed && !host.includes(']')) return "missing ']' in host";
  const port = isBracketed ? host.slice(host.indexOf(']') + 1) : (/:.*$/.exec(host)?.[0] ?? '');
  if (port !== '' && !/^:\d*$/.test(port))
    return `invalid port ${JSON.stringify(isBracketed ? port : lastColon(host))} after host`;
  const bad = hostCharacters.exec(host);
  return bad ? `invalid character ${JSON.stringify(bad[0])} in host name` : escapeProblem(host);
}

function lastColon(host: string): string {
  return host.slice(host.lastIndexOf(':'));
}

function escapeProblem(text: string): string | undefined {
  const bad = escapes.exec(text);
  return bad ? `invalid URL escape ${JSON.stringify(bad[0])}` : undefined;
}

/** The path as it may stand in a request. */
function escapedPath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]/gu, (character) => {
    return [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('');
  });
}

function url(text: string): Url {
  const read = readUrl(text);
  if ('problem' in read) throw new CelError(`URL parse error during conversion from string: ${read.problem}`);
  return new Url(text, read);
}

function hostname({ parts: { host } }: Url): string {
  const bracket = /^\[([^\]]*)\]/.exec(host)?.[1];
  return bracket ?? host.replace(/:\d*$/, '');
}

const port = ({ parts: { host } }: Url): string => /:(\d*)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1] ?? '';

function unescaped(text: string): string | undefined {
  if (escapes.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined; // bytes that are no UTF-8 cannot be a value here
  }
}

/** Values by name; what cannot be read is left out. */
function query({ parts }: Url): EntryMap {
  const values = new Map<string, string[]>();
  for (const part of parts.query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const equals = part.indexOf('=');
    const name = unescaped(equals < 0 ? part : part.slice(0, equals));
    const value = unescaped(equals < 0 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return EntryMap.of(values);
}

const self = 'kubernetes.URL';

/** URLs and their parts. */
export const urlTable: FunctionTable = functionTable([
  ['url', `(string): ${self}`, url],
  ['isURL', '(string): bool', (text: string) => !('problem' in readUrl(text))],
  ['getScheme', `${self}.(): string`, ({ parts }: Url) => parts.scheme],
  ['getHost', `${self}.(): string`, ({ parts }: Url) => parts.host],
  ['getHostname', `${self}.(): string`, hostname],
  ['getPort', `${self}.(): string`, port],
  ['getEscapedPath', `${self}.(): string`, ({ parts }: Url) => parts.path],
  ['getQuery', `${self}.(): map<string, list<string>>`, query],
]);

import type { LiteralValue } from './ast.ts';
import type { Token } from './lexer.ts';

const simple: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
const escapes = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^]))/g;
const largest = 0x10_ffff;

/** What a literal token stands for, or what is wrong with it. */
export function literalOf(token: Token, sign = ''): { value: LiteralValue } | { problem: string } {
  switch (token.kind) {
    case 'NUM_INT':
      return intLiteral(sign + token.text);
    case 'NUM_UINT':
      return uintLiteral(token.text.slice(0, -1));
    case 'NUM_FLOAT':
      return doubleLiteral(sign + token.text);
    case 'BYTES':
      return bytesLiteral(token.text.slice(1));
    default:
      return stringLiteral(token.text);
  }
}

function intLiteral(text: string): { value: bigint } | { problem: string } {
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  return BigInt.asIntN(64, value) === value ? { value } : { problem: 'invalid int literal' };
}

function uintLiteral(text: string): { value: { unsigned: bigint } } | { problem: string } {
  const unsigned = BigInt(text);
  return BigInt.asUintN(64, unsigned) === unsigned ? { value: { unsigned } } : { problem: 'invalid uint literal' };
}

function doubleLiteral(text: string): { value: number } | { problem: string } {
  const value = Number(text);
  return Number.isFinite(value) ? { value } : { problem: 'invalid double literal' };
}

function body(text: string): { content: string; raw: boolean } {
  const raw = /^[rR]/.test(text);
  const quoted = raw ? text.slice(1) : text;
  const width = /^("""|''')/.test(quoted) && quoted.length >= 6 ? 3 : 1;
  return { content: quoted.slice(width, -width).replace(/\r\n?/g, '\n'), raw };
}

function stringLiteral(text: string): { value: string } | { problem: string } {
  const { content, raw } = body(text);
  if (raw) return { value: content };
  let problem = false;
  const value = content.replace(escapes, (...found: string[]) => {
    const code = codeOf(found);
    if (code > largest || (code >= 0xd800 && code <= 0xdfff)) problem = true;
    return problem ? '' : String.fromCodePoint(code);
  });
  return problem ? { problem: 'unable to unescape string' } : { value };
}

function codeOf([, hex, short, long, octal, other = '']: readonly string[]): number {
  if (octal) return parseInt(octal, 8);
  const digits = hex ?? short ?? long;
  return digits ? parseInt(digits, 16) : (simple[other] ?? other.codePointAt(0) ?? 0);
}

/** In bytes, `\x` and octal escapes are single bytes; everything else is UTF-8. */
function bytesLiteral(text: string): { value: Uint8Array } | { problem: string } {
  const { content, raw } = body(text);
  if (raw) return { value: new TextEncoder().encode(content) };
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const found of content.matchAll(escapes)) {
    const [whole, hex, short, long, octal, other] = found;
    if (short !== undefined || long !== undefined) return { problem: 'unable to unescape string' };
    parts.push(new TextEncoder().encode(content.slice(from, found.index)));
    parts.push(Uint8Array.of(codeOf([whole, hex ?? '', '', '', octal ?? '', other ?? ''].map(orNothing) as string[]))); // codeOf takes gaps
    from = found.index + whole.length;
  }
  parts.push(new TextEncoder().encode(content.slice(from)));
  return { value: Uint8Array.from(parts.flatMap((part) => [...part])) };
}

function orNothing(text: string): string | undefined {
  return text === '' ? undefined : text;
}

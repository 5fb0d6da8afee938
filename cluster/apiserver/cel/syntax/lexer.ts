import type { Issue } from './source.ts';

/** Kinds of tokens in the order in which messages list them. */
export const tokenKinds = [
  '==',
  '!=',
  'in',
  '<',
  '<=',
  '>=',
  '>',
  '&&',
  '||',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '.',
  ',',
  '-',
  '!',
  '?',
  ':',
  '+',
  '*',
  '/',
  '%',
  'true',
  'false',
  'null',
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
  'ESC_IDENTIFIER',
  '<EOF>',
] as const;

export type TokenKind = (typeof tokenKinds)[number];

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

const skipped = /[\t\n\f\r ]+|\/\/[^\n]*/y;
const words = new Set<string>(['in', 'true', 'false', 'null']);
const escape = String.raw`\\(?:[abfnrtv"'\\?\x60]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const quoted =
  String.raw`"""(?:${escape}|[^\\])*?"""|'''(?:${escape}|[^\\])*?'''|` +
  String.raw`"(?:${escape}|[^\\"\n\r])*"|'(?:${escape}|[^\\'\n\r])*'`;
const raw = String.raw`[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')`;

const forms: readonly (readonly [kind: TokenKind, form: RegExp])[] = [
  ['BYTES', new RegExp(`[bB](?:${quoted}|${raw})`, 'y')],
  ['STRING', new RegExp(`${raw}|${quoted}`, 'y')],
  ['NUM_FLOAT', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ['NUM_UINT', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['NUM_INT', /0x[0-9a-fA-F]+|\d+/y],
  ['IDENTIFIER', /[A-Za-z_]\w*/y],
  ['ESC_IDENTIFIER', /`[A-Za-z0-9_.\-/ ]+`/y],
];
const sign = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y;

function matchAt(form: RegExp, text: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0];
}

function tokenAt(text: string, at: number): Token | undefined {
  for (const [kind, form] of forms) {
    const found = matchAt(form, text, at);
    if (found === undefined) continue;
    return { kind: words.has(found) ? (found as TokenKind) : kind, text: found, at }; // the set holds kinds only
  }
  const found = matchAt(sign, text, at);
  return found === undefined ? undefined : { kind: found as TokenKind, text: found, at }; // the form lists kinds only
}

/** How far a token that fails got: a text to where it breaks, half an operator and the character after it. */
const broken = [
  new RegExp(String.raw`"(?:${escape}|[^\\"\n\r])*(?:\\[xXuU][0-9a-fA-F]*[^]?|\\[0-3][0-7]?[^]?|\\[^]?|[\n\r])?`, 'y'),
  new RegExp(String.raw`'(?:${escape}|[^\\'\n\r])*(?:\\[xXuU][0-9a-fA-F]*[^]?|\\[0-3][0-7]?[^]?|\\[^]?|[\n\r])?`, 'y'),
  /`[A-Za-z0-9_.\-/ ]*[^]?/y,
  /[=&|][^]?/y,
  /[^]/uy,
];

function brokenAt(text: string, at: number): string {
  for (const form of broken) {
    const found = matchAt(form, text, at);
    if (found) return found;
  }
  return text.charAt(at);
}

/** The tokens of an expression, the last of them `<EOF>`; what is no token is an issue and left out. */
export function lex(text: string): { tokens: Token[]; issues: Issue[] } {
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(skipped, text, at);
    if (space) {
      at += space.length;
      continue;
    }
    const token = tokenAt(text, at);
    if (token) {
      tokens.push(token);
      at += token.text.length;
      continue;
    }
    const bad = brokenAt(text, at);
    issues.push({ at, message: `Syntax error: token recognition error at: '${bad}'` });
    at += bad.length;
  }
  tokens.push({ kind: '<EOF>', text: '<EOF>', at: text.length });
  return { tokens, issues };
}

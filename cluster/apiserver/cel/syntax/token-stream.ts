import type { Issue } from './source.ts';
import { tokenKinds, type Token, type TokenKind } from './lexer.ts';

/** With what an expression can begin. */
export const expressionStart: readonly TokenKind[] = [
  '[',
  '{',
  '(',
  '.',
  '-',
  '!',
  'true',
  'false',
  'null',
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
];
const afterValue = new Set<TokenKind>(
  tokenKinds.filter((kind) => !expressionStart.includes(kind) || ['[', '.', '-'].includes(kind)),
);
const startsExpression = new Set<TokenKind>(expressionStart);
const tooMany = 100;

/**
 * Reads tokens as CEL's own parser does after an error too, so that its messages come out the same: one token too many
 * is skipped, one that is missing is thought of, and after an error nothing is said until a token fits again.
 */
export class TokenStream {
  readonly text: string;
  readonly issues: Issue[];
  readonly #tokens: readonly Token[];
  #next = 0;
  #recovering = false;

  constructor(text: string, { tokens, issues }: { tokens: readonly Token[]; issues: Issue[] }) {
    this.text = text;
    this.#tokens = tokens;
    this.issues = issues;
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#next + ahead, last)] ?? { kind: '<EOF>', text: '<EOF>', at: this.text.length };
  }

  is(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead).kind === kind;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    this.#recovering = false;
    return token;
  }

  takeIf(kind: TokenKind): Token | undefined {
    return this.is(kind) ? this.take() : undefined;
  }

  /** The next token must be of this kind. */
  expect(kind: TokenKind): Token | undefined {
    if (this.is(kind)) return this.take();
    const { text } = this.peek();
    if (this.is(kind, 1)) {
      this.#report(`extraneous input '${text}' expecting ${name(kind)}`);
      this.#next += 1;
      return this.take();
    }
    if (this.#fitsAfter(kind)) {
      this.#report(`missing ${name(kind)} at '${text}'`);
      return this.peek();
    }
    this.#report(`mismatched input '${text}' expecting ${name(kind)}`);
    while (!this.#ends()) this.#next += 1;
    return undefined;
  }

  /** Where reading can go on after an error. */
  #ends(): boolean {
    return [')', ']', '}', ',', '<EOF>'].includes(this.peek().kind);
  }

  /** The next token must be one of these; false when it is not and cannot be skipped. */
  sync(kinds: readonly TokenKind[]): boolean {
    if (kinds.includes(this.peek().kind)) return true;
    const { text } = this.peek();
    if (kinds.includes(this.peek(1).kind)) {
      this.#report(`extraneous input '${text}' expecting ${names(kinds)}`);
      this.#next += 1;
      return true;
    }
    this.#report(`mismatched input '${text}' expecting ${names(kinds)}`);
    return false;
  }

  syncExpression(also: readonly TokenKind[] = []): boolean {
    return this.sync([...expressionStart, ...also]);
  }

  /** No rule begins with the tokens from `from` on. */
  noWay(from: Token): void {
    const { kind, text, at } = this.peek();
    if (kind === 'true' || kind === 'false' || kind === 'null') {
      this.#report(`mismatched input '${text}' expecting IDENTIFIER`);
      return;
    }
    this.#report(
      `no viable alternative at input '${this.text.slice(from.at, kind === '<EOF>' ? at : at + text.length)}'`,
    );
  }

  /** An issue that is no matter of syntax: reading goes on. */
  issue(at: number, message: string): void {
    if (this.issues.length < tooMany) this.issues.push({ at, message });
  }

  #report(message: string): void {
    if (this.#recovering) return;
    this.#recovering = true;
    this.issue(this.peek().at, `Syntax error: ${message}`);
  }

  #fitsAfter(kind: TokenKind): boolean {
    const { kind: next } = this.peek();
    return kind === ':'
      ? startsExpression.has(next)
      : kind === ')' || kind === ']'
        ? afterValue.has(next) && !(kind === ']' && next === ',')
        : false;
  }
}

function name(kind: TokenKind): string {
  return /^[A-Z_]+$/.test(kind) || kind === '<EOF>' ? kind : `'${kind}'`;
}

function names(kinds: readonly TokenKind[]): string {
  const wanted = new Set(kinds);
  return `{${tokenKinds
    .filter((kind) => wanted.has(kind))
    .map(name)
    .join(', ')}}`;
}

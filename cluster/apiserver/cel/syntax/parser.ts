import { operators, type Call, type Expr, type MapEntry, type StructField } from './ast.ts';
import { lex, type Token, type TokenKind } from './lexer.ts';
import { literalOf } from './literal.ts';
import { expandMacro } from './macros.ts';
import type { Issue } from './source.ts';
import { TokenStream } from './token-stream.ts';

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const relations = new Set<TokenKind>(['<', '<=', '>=', '>', '==', '!=', 'in']);
const sums = new Set<TokenKind>(['+', '-']);
const products = new Set<TokenKind>(['*', '/', '%']);
const literals = new Set<TokenKind>(['NUM_INT', 'NUM_UINT', 'NUM_FLOAT', 'STRING', 'BYTES']);
const deepest = 250;
const longest = 100_000;

/** An expression read, or what is wrong with its text. */
export type Parsed = { readonly expr: Expr; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

/** Reads an expression; macros are expanded. Deep nesting and long texts are refused: reading is bounded. */
export function parse(text: string): Parsed {
  const size = text.length > longest ? [...text].length : text.length;
  if (size > longest) {
    const message = `expression code point size exceeds limit: size: ${size}, limit ${longest}`;
    return { issues: [{ at: 0, message }] };
  }
  return new Parser(new TokenStream(text, lex(text))).start();
}

class Parser {
  readonly #in: TokenStream;
  #depth = 0;

  constructor(stream: TokenStream) {
    this.#in = stream;
  }

  start(): Parsed {
    try {
      const expr = this.#expr();
      this.#in.expect('<EOF>');
      return this.#in.issues.length > 0 ? { issues: this.#in.issues } : { expr };
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      return { issues: [{ at: 0, message: `expression recursion limit exceeded: ${deepest}` }] };
    }
  }

  #expr(also: readonly TokenKind[] = []): Expr {
    this.#depth += 1;
    if (this.#depth > deepest) throw new TooDeep();
    const condition = this.#logic('||', also);
    const question = this.#in.takeIf('?');
    let result = condition;
    if (question) {
      const yes = this.#logic('||', []);
      const colon = this.#in.expect(':');
      result = call(question.at, operators.conditional, [condition, yes, colon ? this.#expr() : yes]);
    }
    this.#depth -= 1;
    return result;
  }

  /** Chains of `||` and of `&&` become balanced trees, so that long ones do not grow deep. */
  #logic(operator: '||' | '&&', also: readonly TokenKind[]): Expr {
    const below = (): Expr => (operator === '||' ? this.#logic('&&', also) : this.#binary(relations, also));
    const terms = [below()];
    const places: number[] = [];
    for (let token = this.#in.takeIf(operator); token; token = this.#in.takeIf(operator)) {
      places.push(token.at);
      terms.push(below());
    }
    return balanced(operator === '||' ? operators.or : operators.and, terms, places);
  }

  #binary(kinds: ReadonlySet<TokenKind>, also: readonly TokenKind[]): Expr {
    const below = (): Expr => (kinds === relations ? this.#binary(sums, also) : this.#product(also));
    let left = below();
    while (kinds.has(this.#in.peek().kind)) {
      const { at, kind } = this.#in.take();
      const right = below();
      left = call(at, kind === 'in' ? operators.in : `_${kind}_`, [left, right]);
    }
    return left;
  }

  #product(also: readonly TokenKind[]): Expr {
    let left = this.#unary(also);
    while (products.has(this.#in.peek().kind)) {
      const { at, kind } = this.#in.take();
      const right = this.#unary([]);
      left = call(at, `_${kind}_`, [left, right]);
    }
    return left;
  }

  #unary(also: readonly TokenKind[]): Expr {
    if (!this.#in.syncExpression(also)) return nothing(this.#in.peek().at);
    if (this.#in.is('!')) return this.#repeated('!', operators.not);
    const number = this.#in.is('NUM_INT', 1) || this.#in.is('NUM_FLOAT', 1);
    if (this.#in.is('-') && !number) return this.#repeated('-', operators.negate);
    return this.#member();
  }

  /** Two of these cancel out. */
  #repeated(kind: '!' | '-', operator: string): Expr {
    const first = this.#in.take();
    let count = 1;
    while (this.#in.takeIf(kind)) count += 1;
    if (this.#in.is('<EOF>')) this.#in.noWay(first);
    if (this.#in.is('<EOF>')) this.#in.issue(this.#in.peek().at, missingOperand);
    const operand = this.#in.syncExpression() ? this.#member() : nothing(this.#in.peek().at);
    return count % 2 === 0 ? operand : call(first.at, operator, [operand]);
  }

  #member(): Expr {
    let expr = this.#primary();
    const before = this.#depth;
    for (;;) {
      if (this.#in.is('.')) expr = this.#afterDot(expr);
      else if (this.#in.is('[')) expr = this.#index(expr);
      else break;
      this.#depth += 1;
      if (this.#depth > deepest) throw new TooDeep();
    }
    this.#depth = before;
    return expr;
  }

  #afterDot(operand: Expr): Expr {
    const dot = this.#in.take();
    const optional = this.#in.takeIf('?');
    if (this.#in.is('ESC_IDENTIFIER')) {
      this.#in.issue(this.#in.take().at, "unsupported syntax: '`'");
      return operand;
    }
    if (!this.#in.is('IDENTIFIER')) {
      this.#in.noWay(dot);
      return operand;
    }
    const name = this.#in.take();
    if (optional) return call(dot.at, operators.optionalSelect, [operand, literal(name.at, name.text)]);
    if (!this.#in.is('(')) return { form: 'select', at: dot.at, operand, field: name.text, test: false };
    return this.#call(name.text, operand);
  }

  #index(operand: Expr): Expr {
    const open = this.#in.take();
    const optional = this.#in.takeIf('?');
    const index = this.#expr(optional ? [] : ['?']);
    this.#in.expect(']');
    return call(open.at, optional ? operators.optionalIndex : operators.index, [operand, index]);
  }

  #call(name: string, target?: Expr): Expr {
    const open = this.#in.take();
    const args: Expr[] = [];
    if (this.#in.syncExpression([')']) && !this.#in.is(')')) {
      do args.push(this.#expr());
      while (this.#in.takeIf(','));
    }
    this.#in.expect(')');
    return (
      expandMacro({ name, target, args, at: open.at }, this.#in) ?? { form: 'call', at: open.at, name, target, args }
    );
  }

  #primary(): Expr {
    const token = this.#in.peek();
    if (token.kind === '(') return this.#nested();
    if (token.kind === '[') return this.#list();
    if (token.kind === '{') return this.#map();
    if (token.kind === 'IDENTIFIER' || token.kind === '.') return this.#named();
    return this.#literal();
  }

  #nested(): Expr {
    this.#in.take();
    const expr = this.#expr();
    this.#in.expect(')');
    return expr;
  }

  #literal(): Expr {
    const first = this.#in.take();
    if (first.kind === 'true' || first.kind === 'false') return literal(first.at, first.kind === 'true');
    if (first.kind === 'null') return literal(first.at, null);
    const token = first.kind === '-' ? this.#in.take() : first;
    if (!literals.has(token.kind)) return nothing(first.at);
    const read = literalOf(token, first === token ? '' : '-');
    if ('value' in read) return literal(first.at, read.value);
    this.#in.issue(first.at, read.problem);
    return nothing(first.at);
  }

  /** A variable, a function or a struct. */
  #named(): Expr {
    const dot = this.#in.takeIf('.');
    if (!this.#in.is('IDENTIFIER')) {
      this.#in.noWay(dot ?? this.#in.peek());
      return nothing(this.#in.peek().at);
    }
    const first = this.#in.take();
    const struct = this.#structName(first, dot);
    if (struct !== undefined) return this.#struct(struct);
    if (reserved.has(first.text)) this.#in.issue((dot ?? first).at, `reserved identifier: ${first.text}`);
    const name = (dot ? '.' : '') + first.text;
    return this.#in.is('(') ? this.#call(name) : { form: 'ident', at: first.at, name };
  }

  #structName(first: Token, dot: Token | undefined): string | undefined {
    let ahead = 0;
    let name = (dot ? '.' : '') + first.text;
    while (this.#in.is('.', ahead) && this.#in.is('IDENTIFIER', ahead + 1)) {
      name += `.${this.#in.peek(ahead + 1).text}`;
      ahead += 2;
    }
    if (!this.#in.is('{', ahead)) return undefined;
    for (let skip = 0; skip < ahead; skip += 1) this.#in.take();
    return name;
  }

  #list(): Expr {
    const open = this.#in.take();
    const items: Expr[] = [];
    const optional = new Set<number>();
    this.#entries(']', () => {
      if (this.#in.takeIf('?')) optional.add(items.length);
      items.push(this.#expr());
    });
    return { form: 'list', at: open.at, items, optional };
  }

  #map(): Expr {
    const open = this.#in.take();
    const entries: MapEntry[] = [];
    this.#entries('}', () => {
      const optional = this.#in.takeIf('?') !== undefined;
      const key = this.#expr();
      const colon = this.#in.expect(':');
      entries.push({ at: colon?.at ?? key.at, key, value: colon ? this.#expr() : key, optional });
    });
    return { form: 'map', at: open.at, entries };
  }

  #struct(typeName: string): Expr {
    const open = this.#in.take();
    const fields: StructField[] = [];
    const start: TokenKind[] = ['}', ',', '?', 'IDENTIFIER', 'ESC_IDENTIFIER'];
    this.#entries(
      '}',
      () => {
        const optional = this.#in.takeIf('?') !== undefined;
        const name = this.#in.take();
        if (name.kind === 'ESC_IDENTIFIER') this.#in.issue(open.at, "unsupported syntax: '`'");
        const colon = this.#in.expect(':');
        if (colon) fields.push({ at: colon.at, name: name.text, value: this.#expr(), optional });
      },
      start,
    );
    return { form: 'struct', at: open.at, typeName, fields };
  }

  /** What stands between brackets, with commas between and perhaps one at the end. */
  #entries(close: ']' | '}', entry: () => void, start?: readonly TokenKind[]): void {
    const first = start ? this.#in.sync(start) : this.#in.syncExpression([close, ',', '?']);
    if (!first) return;
    if (this.#in.is(close) || this.#in.is(',')) {
      this.#in.takeIf(',');
      this.#in.expect(close);
      return;
    }
    entry();
    while (this.#in.sync([close, ',']) && this.#in.takeIf(',')) {
      if (!this.#startsEntry()) break;
      entry();
    }
    this.#in.expect(close);
  }

  #startsEntry(): boolean {
    const { kind } = this.#in.peek();
    return kind !== ']' && kind !== '}' && kind !== ',' && kind !== '<EOF>';
  }
}

class TooDeep extends Error {}

const missingOperand =
  "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function call(at: number, name: string, args: readonly Expr[]): Call {
  return { form: 'call', at, name, target: undefined, args };
}

function literal(at: number, value: Extract<Expr, { form: 'literal' }>['value']): Expr {
  return { form: 'literal', at, value };
}

/** Stands where an expression should; there is an issue already. */
function nothing(at: number): Expr {
  return literal(at, null);
}

function balanced(name: string, terms: readonly Expr[], places: readonly number[]): Expr {
  if (terms.length === 1) return terms[0] ?? nothing(0);
  const middle = terms.length >> 1;
  const left = balanced(name, terms.slice(0, middle), places.slice(0, middle - 1));
  const right = balanced(name, terms.slice(middle), places.slice(middle));
  return call(places[middle - 1] ?? 0, name, [left, right]);
}

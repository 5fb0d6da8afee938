import { callFilter, descendants, valuesOf } from './functions.ts';
import { type Filter, isRecord, isTrue, type Json, JqError, typeOf } from './json.ts';
import { attempt, binaryFilter, indexed, piped, sliced } from './operators.ts';
import { type JqToken, jqTokens } from './tokens.ts';

const identity: Filter = (input) => [input];
const constant =
  (value: Json): Filter =>
  () => [value];

/** From loosest to tightest; `//` and `|` group to the right. */
const levels: readonly (readonly string[])[] = [
  [','],
  ['//'],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

const refused = new Set(['def', 'reduce', 'foreach', 'label', 'import', 'include', 'limit', 'path', 'input', 'env']);

class Parser {
  readonly #text: string;
  readonly #tokens: readonly JqToken[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = jqTokens(text);
  }

  whole(): Filter {
    const filter = this.#pipe();
    if (this.#next < this.#tokens.length) this.#fail();
    return filter;
  }

  #peek(offset = 0): string {
    const token = this.#tokens[this.#next + offset];
    return token && token.type !== 'text' ? token.value : '';
  }

  #accept(value: string): boolean {
    if (this.#peek() !== value) return false;
    this.#next++;
    return true;
  }

  #expect(value: string): void {
    if (!this.#accept(value)) this.#fail(`; ${JSON.stringify(value)} is missing there`);
  }

  #fail(why = ''): never {
    const token = this.#tokens[this.#next];
    const where = token ? `${JSON.stringify(token.value)} at character ${token.at + 1}` : 'its end';
    throw new Error(`the jq expression ${JSON.stringify(this.#text)} is not supported or wrong at ${where}${why}`);
  }

  #pipe(): Filter {
    const first = this.#level(0);
    if (this.#accept('as')) return this.#binding(first);
    return this.#accept('|') ? piped(first, this.#pipe()) : first;
  }

  #binding(source: Filter): Filter {
    const token = this.#tokens[this.#next++];
    if (token?.type !== 'variable') this.#fail();
    this.#expect('|');
    const body = this.#pipe();
    return (input, variables) =>
      source(input, variables).flatMap((value) => body(input, new Map([...variables, [token.value, value]])));
  }

  #level(level: number): Filter {
    const operators = levels[level];
    if (!operators) return this.#postfix();
    let left = this.#level(level + 1);
    while (operators.includes(this.#peek())) {
      const operator = this.#peek();
      this.#next++;
      left = binaryFilter(operator, left, this.#level(operator === '//' ? level : level + 1));
    }
    return left;
  }

  #postfix(): Filter {
    let filter = this.#primary();
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token?.type === 'field') {
        this.#next++;
        filter = indexed(filter, constant(token.value.slice(1)));
      } else if (this.#peek() === '.' && (this.#peek(1) === '[' || this.#tokens[this.#next + 1]?.type === 'text')) {
        this.#next++;
        filter = this.#suffix(filter);
      } else if (this.#peek() === '[') filter = this.#suffix(filter);
      else if (this.#accept('?')) filter = attempt(filter);
      else return filter;
    }
  }

  /** `["name"]`, `[0]`, `[]`, `[1:2]`, or a text after a dot. */
  #suffix(of: Filter): Filter {
    const token = this.#tokens[this.#next];
    if (token?.type === 'text') {
      this.#next++;
      return indexed(of, constant(JSON.parse(token.value)));
    }
    this.#expect('[');
    if (this.#accept(']')) return piped(of, (input) => valuesOf(input));
    const from = this.#peek() === ':' ? undefined : this.#pipe();
    if (!this.#accept(':')) {
      this.#expect(']');
      return indexed(of, from ?? identity);
    }
    const to = this.#peek() === ']' ? undefined : this.#pipe();
    this.#expect(']');
    return sliced(of, from, to);
  }

  #primary(): Filter {
    const token = this.#tokens[this.#next];
    if (!token) this.#fail();
    this.#next++;
    if (token.type === 'field') return indexed(identity, constant(token.value.slice(1)));
    if (token.type === 'text') return constant(JSON.parse(token.value));
    if (token.type === 'number') return constant(Number(token.value));
    if (token.type === 'variable') return variable(token.value);
    if (token.type === 'name') return this.#named(token.value);
    return this.#signed(token.value);
  }

  #signed(sign: string): Filter {
    if (sign === '(') {
      const inner = this.#pipe();
      this.#expect(')');
      return inner;
    }
    if (sign === '[') return this.#list();
    if (sign === '{') return this.#record();
    if (sign === '..') return (input) => descendants(input);
    if (sign === '-') return piped(this.#postfix(), negated);
    if (sign === '.') {
      const starts = this.#peek() === '[' || this.#tokens[this.#next]?.type === 'text';
      return starts ? this.#suffix(identity) : identity;
    }
    this.#next--;
    return this.#fail();
  }

  #list(): Filter {
    if (this.#accept(']')) return constant([]);
    const inner = this.#pipe();
    this.#expect(']');
    return (input, variables) => [inner(input, variables)];
  }

  #record(): Filter {
    const parts: [key: Filter, value: Filter][] = [];
    while (!this.#accept('}')) {
      if (parts.length > 0) this.#expect(',');
      parts.push(this.#entry());
    }
    return (input, variables) =>
      parts.reduce<Json[]>(
        (made, [key, value]) =>
          made.flatMap((record) =>
            key(input, variables).flatMap((name) =>
              value(input, variables).map((one) => ({ ...(isRecord(record) ? record : {}), [String(name)]: one })),
            ),
          ),
        [{}],
      );
  }

  #entry(): [Filter, Filter] {
    const token = this.#tokens[this.#next++];
    if (token?.type === 'sign' && token.value === '(') {
      const key = this.#pipe();
      this.#expect(')');
      this.#expect(':');
      return [key, this.#level(1)];
    }
    if (token?.type !== 'name' && token?.type !== 'text') this.#fail();
    const name = token.type === 'text' ? (JSON.parse(token.value) as string) : token.value; // a quoted text
    return [constant(name), this.#accept(':') ? this.#level(1) : indexed(identity, constant(name))];
  }

  #named(name: string): Filter {
    if (refused.has(name)) {
      this.#next--;
      this.#fail();
    }
    if (name === 'if') return this.#condition();
    if (name === 'try') return attempt(this.#postfix());
    const args: Filter[] = [];
    if (this.#accept('(')) {
      do args.push(this.#pipe());
      while (this.#accept(';'));
      this.#expect(')');
    }
    const filter = callFilter(name, args);
    if (filter) return filter;
    throw new Error(
      `the jq expression ${JSON.stringify(this.#text)} uses the function ${name}/${args.length}, which is not supported`,
    );
  }

  #condition(): Filter {
    const test = this.#pipe();
    this.#expect('then');
    const then = this.#pipe();
    const otherwise = this.#accept('elif') ? this.#condition() : this.#otherwise();
    return (input, variables) =>
      test(input, variables).flatMap((one) => (isTrue(one) ? then : otherwise)(input, variables));
  }

  #otherwise(): Filter {
    const filter = this.#accept('else') ? this.#pipe() : identity;
    this.#expect('end');
    return filter;
  }
}

const negated: Filter = (input) => {
  if (typeof input === 'number') return [-input];
  throw new JqError(`${typeOf(input)} cannot be negated`);
};

function variable(name: string): Filter {
  return (_input, variables) => {
    if (variables.has(name)) return [variables.get(name)];
    throw new JqError(`${name} is not defined`);
  };
}

export interface JqQuery {
  /** Every output but null; undefined when the query fails on this input. */
  outputs(input: unknown): Json[] | undefined;
}

/** Compiles a jq expression; throws a sentence for what is wrong or beyond the supported part of the language. */
export function compileJq(text: string): JqQuery {
  const filter = new Parser(text).whole();
  return {
    outputs: (input) => {
      try {
        return filter(input, new Map()).filter((one) => one !== null && one !== undefined);
      } catch (error) {
        if (error instanceof JqError) return undefined;
        throw error;
      }
    },
  };
}

import type { Evaluate, TemplateScope } from './template-scope.ts';
import type { TemplateToken } from './template-tokens.ts';
import { isRecord, isTrue, TemplateError } from './template-value.ts';

/** `$a := pipeline`, `$a, $b := pipeline`, `$a = pipeline`, or a pipeline alone. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly evaluate: Evaluate;
}

const constants: Record<string, unknown> = { true: true, false: false, nil: undefined };

function fieldOf(value: unknown, name: string): unknown {
  if (isRecord(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
  if (value === undefined || value === null) return undefined;
  throw new TemplateError(`can't evaluate field ${name} of a ${Array.isArray(value) ? 'list' : typeof value}`);
}

/** Evaluated only as far as needed, as the language says of these two. */
const shortCircuits: Record<string, (values: readonly Evaluate[]) => Evaluate> = {
  and: (values) => (scope) => firstWhere(values, scope, (value) => !isTrue(value)),
  or: (values) => (scope) => firstWhere(values, scope, isTrue),
};

function firstWhere(values: readonly Evaluate[], scope: TemplateScope, ends: (value: unknown) => boolean): unknown {
  let value: unknown;
  for (const evaluate of values) {
    value = evaluate(scope);
    if (ends(value)) break;
  }
  return value;
}

/** Reads what stands inside the braces of an action. */
export class PipelineParser {
  readonly #tokens: readonly TemplateToken[];
  readonly #known: (name: string) => boolean;
  #next = 0;

  constructor(tokens: readonly TemplateToken[], known: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#known = known;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** The text that has to stand here, e.g. the name of a template. */
  text(): string {
    const token = this.#tokens[this.#next++];
    if (token?.type !== 'text') throw new TemplateError('a name in quotes is missing');
    return token.value;
  }

  whole(): Pipeline {
    const variables = this.#variables();
    const isDeclaration = this.#accept(':=');
    const assigns = !isDeclaration && variables.length > 0 && this.#accept('=');
    if (!isDeclaration && !assigns) this.#next = 0;
    const evaluate = this.#pipeline();
    if (!this.isAtEnd) throw new TemplateError(`unexpected ${JSON.stringify(this.#tokens[this.#next]?.value)}`);
    return { variables: isDeclaration || assigns ? variables : [], assigns, evaluate };
  }

  #variables(): string[] {
    const names: string[] = [];
    while (this.#tokens[this.#next]?.type === 'variable') {
      names.push(this.#tokens[this.#next++]?.value ?? '');
      if (!this.#accept(',')) break;
    }
    return names;
  }

  #accept(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.type !== 'sign' || token.value !== sign) return false;
    this.#next++;
    return true;
  }

  #pipeline(): Evaluate {
    let evaluate = this.#command();
    while (this.#accept('|')) evaluate = this.#command(evaluate);
    return evaluate;
  }

  #command(piped?: Evaluate): Evaluate {
    const token = this.#tokens[this.#next];
    if (token?.type === 'name' && !Object.hasOwn(constants, token.value)) {
      this.#next++;
      const first = this.#call(token.value, piped);
      return first;
    }
    const operand = this.#operand();
    if (!operand) throw new TemplateError('a value is missing');
    if (piped) throw new TemplateError('a value is piped into what is no function');
    if (this.#operand()) throw new TemplateError('what is no function is given arguments');
    return operand;
  }

  #call(name: string, piped?: Evaluate): Evaluate {
    const args: Evaluate[] = [];
    for (let next = this.#operand(); next; next = this.#operand()) args.push(next);
    return callOf(name, piped ? [...args, piped] : args, this.#known);
  }

  #operand(): Evaluate | undefined {
    const token = this.#tokens[this.#next];
    if (!token || (token.type === 'sign' && token.value !== '.' && token.value !== '(')) return undefined;
    this.#next++;
    return this.#fields(this.#atom(token));
  }

  #fields(of: Evaluate): Evaluate {
    let evaluate = of;
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token?.type !== 'field' || token.spaced) return evaluate;
      this.#next++;
      const before = evaluate;
      const name = token.value.slice(1);
      evaluate = (scope) => fieldOf(before(scope), name);
    }
  }

  #atom({ type, value }: TemplateToken): Evaluate {
    if (type === 'field') return (scope) => fieldOf(scope.dot, value.slice(1));
    if (type === 'variable') return (scope) => scope.get(value);
    if (type === 'text') return () => value;
    if (type === 'number') return numeral(value);
    if (type === 'name') {
      if (Object.hasOwn(constants, value)) return () => constants[value];
      return callOf(value, [], this.#known);
    }
    if (value === '.') return (scope) => scope.dot;
    const inner = this.#pipeline();
    if (!this.#accept(')')) throw new TemplateError('a ) is missing');
    return inner;
  }
}

function numeral(text: string): Evaluate {
  const number = Number(text.replaceAll('_', ''));
  return () => number;
}

function callOf(name: string, args: readonly Evaluate[], known: (name: string) => boolean): Evaluate {
  const lazy = Object.hasOwn(shortCircuits, name) ? shortCircuits[name] : undefined;
  if (lazy) return lazy(args);
  if (!known(name)) throw new TemplateError(`function ${JSON.stringify(name)} not defined`);
  return (scope) => {
    const call = scope.functions[name] as ((...values: unknown[]) => unknown) | undefined; // it takes what it is given
    return call?.(...args.map((argument) => argument(scope)));
  };
}

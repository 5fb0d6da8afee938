import { builtinFunctions } from './builtin-functions.ts';
import { type Pipeline, PipelineParser } from './pipeline-parser.ts';
import { type Evaluate, TemplateScope, type Write } from './template-scope.ts';
import { type TemplatePart, templateParts, type TemplateToken } from './template-tokens.ts';
import { isRecord, isTrue, TemplateError, type TemplateFunctions, textOf } from './template-value.ts';

/** `break` and `continue`, on their way to their loop. */
class LoopJump extends Error {
  readonly goesOn: boolean;

  constructor(goesOn: boolean) {
    super('outside a range');
    this.goesOn = goesOn;
  }
}

const mostSteps = 1_000_000;

interface Action {
  readonly keyword: string;
  readonly tokens: readonly TemplateToken[];
  readonly line: number;
}

const keywords = new Set(
  ['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue'] as string[], // looked up by any word
);

function actionOf({ action, line }: Extract<TemplatePart, { action: unknown }>): Action {
  const [first] = action;
  const isKeyword = first?.type === 'name' && keywords.has(first.value);
  return { keyword: isKeyword ? first.value : '', tokens: isKeyword ? action.slice(1) : action, line };
}

/** What ends a block: the action itself, for `else if` goes on in it. */
interface Block {
  readonly write: Write;
  readonly end: Action | undefined;
}

class TemplateParser {
  readonly #parts: readonly TemplatePart[];
  readonly #known: (name: string) => boolean;
  readonly #defined = new Map<string, Write>();
  #next = 0;

  constructor(source: string, known: (name: string) => boolean) {
    this.#parts = templateParts(source);
    this.#known = known;
  }

  whole(): Write {
    const { write, end } = this.#block();
    if (end) throw new TemplateError(`line ${end.line}: unexpected {{${end.keyword}}}`);
    return write;
  }

  #block(): Block {
    const writes: Write[] = [];
    for (;;) {
      const part = this.#parts[this.#next++];
      if (!part) return { write: sequence(writes), end: undefined };
      if ('text' in part) {
        const { text } = part;
        writes.push((_scope, out) => void out.push(text));
        continue;
      }
      const action = actionOf(part);
      if (action.keyword === 'else' || action.keyword === 'end') return { write: sequence(writes), end: action };
      writes.push(this.#located(action));
    }
  }

  #located(action: Action): Write {
    try {
      return this.#action(action);
    } catch (error) {
      if (!(error instanceof TemplateError) || error.message.startsWith('line ')) throw error;
      throw new TemplateError(`line ${action.line}: ${error.message}`, { cause: error });
    }
  }

  #action({ keyword, tokens, line }: Action): Write {
    if (keyword === 'if' || keyword === 'with') return this.#branch(keyword, tokens, line);
    if (keyword === 'range') return this.#range(tokens, line);
    if (keyword === 'break' || keyword === 'continue') return jump(keyword === 'continue');
    if (keyword === 'define' || keyword === 'block') return this.#define(keyword, tokens, line);
    if (keyword === 'template') return this.#template(tokens);
    return output(this.#pipeline(tokens));
  }

  #pipeline(tokens: readonly TemplateToken[]): Pipeline {
    return new PipelineParser(tokens, this.#known).whole();
  }

  /** The rest of an `if`, `with` or `range`: its body and what `else` says. */
  #bodies(keyword: string, line: number): { body: Write; otherwise: Write } {
    const { write: body, end } = this.#block();
    if (!end) throw new TemplateError(`line ${line}: {{${keyword}}} has no {{end}}`);
    if (end.keyword === 'end') return { body, otherwise: () => undefined };
    const [next, ...tokens] = end.tokens;
    if (next) {
      if (next.value !== keyword || keyword === 'range') throw new TemplateError(`line ${end.line}: wrong {{else}}`);
      return { body, otherwise: this.#branch(keyword, tokens, end.line) };
    }
    const last = this.#block();
    if (last.end?.keyword !== 'end') throw new TemplateError(`line ${line}: {{${keyword}}} has no {{end}}`);
    return { body, otherwise: last.write };
  }

  #branch(keyword: 'if' | 'with' | (string & {}), tokens: readonly TemplateToken[], line: number): Write {
    const pipeline = this.#pipeline(tokens);
    const { body, otherwise } = this.#bodies(keyword, line);
    return (scope, out) => {
      const inside = scope.inner();
      const value = evaluated(pipeline, inside);
      if (isTrue(value)) body(keyword === 'with' ? inside.inner(value) : inside, out);
      else otherwise(inside, out);
    };
  }

  #range(tokens: readonly TemplateToken[], line: number): Write {
    const { variables, assigns, evaluate } = this.#pipeline(tokens);
    const { body, otherwise } = this.#bodies('range', line);
    return (scope, out) => {
      const entries = entriesOf(evaluate(scope));
      if (entries.length === 0) return otherwise(scope, out);
      for (const [key, value] of entries) {
        const inside = scope.inner(value);
        const values = variables.length > 1 ? [key, value] : [value];
        variables.forEach((name, index) => inside[assigns ? 'assign' : 'declare'](name, values[index]));
        if (!goesOn(() => body(inside, out))) return;
      }
    };
  }

  #define(keyword: string, tokens: readonly TemplateToken[], line: number): Write {
    const [name, ...rest] = tokens;
    if (name?.type !== 'text') throw new TemplateError(`{{${keyword}}} has no name`);
    const { write, end } = this.#block();
    if (end?.keyword !== 'end') throw new TemplateError(`line ${line}: {{${keyword}}} has no {{end}}`);
    this.#defined.set(name.value, write);
    return keyword === 'block' ? this.#template([name, ...rest]) : () => undefined;
  }

  #template([name, ...rest]: readonly TemplateToken[]): Write {
    if (name?.type !== 'text') throw new TemplateError('{{template}} has no name');
    const argument: Evaluate = rest.length > 0 ? this.#pipeline(rest).evaluate : () => undefined;
    let depth = 0;
    return (scope, out) => {
      const write = this.#defined.get(name.value);
      if (!write) throw new TemplateError(`no template ${JSON.stringify(name.value)}`);
      if (++depth > 100) throw new TemplateError(`the template ${JSON.stringify(name.value)} calls itself too often`);
      try {
        write(new TemplateScope(argument(scope), scope.functions), out);
      } finally {
        depth--;
      }
    };
  }
}

const sequence =
  (writes: readonly Write[]): Write =>
  (scope, out) => {
    for (const write of writes) write(scope, out);
    if (out.length > mostSteps) throw new TemplateError('the template writes without an end');
  };

const jump =
  (goesOn: boolean): Write =>
  () => {
    throw new LoopJump(goesOn);
  };

function goesOn(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof LoopJump) return error.goesOn;
    throw error;
  }
}

function evaluated({ variables: [name], assigns, evaluate }: Pipeline, scope: TemplateScope): unknown {
  const value = evaluate(scope);
  if (name !== undefined) scope[assigns ? 'assign' : 'declare'](name, value);
  return value;
}

function output(pipeline: Pipeline): Write {
  return (scope, out) => {
    const value = evaluated(pipeline, scope);
    if (pipeline.variables.length === 0) out.push(textOf(value));
  };
}

function entriesOf(value: unknown): [key: unknown, value: unknown][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((one, index) => [index, one]);
  if (isRecord(value)) {
    return Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]);
  }
  if (typeof value === 'number' && value <= mostSteps)
    return Array.from({ length: Math.max(0, value) }, (_, index) => [index, index]);
  throw new TemplateError(`range can't iterate over ${textOf(value)}`);
}

export interface GoTemplate {
  /** The text the template makes of the data; throws `TemplateError`. */
  render(data: unknown): string;
}

/** Compiles a template in the language of Go's text/template; throws `TemplateError` for what it does not know. */
export function goTemplate(source: string, own: TemplateFunctions = {}): GoTemplate {
  const functions = { ...builtinFunctions, ...own };
  const write = new TemplateParser(source.trim(), (name) => Object.hasOwn(functions, name)).whole();
  return {
    render: (data) => {
      const out: string[] = [];
      write(new TemplateScope(data, functions), out);
      return out.join('');
    },
  };
}

import { operators, type Call, type Comprehension, type Expr, type LiteralValue } from './ast.ts';

/** A call before it is known whether it is a macro. */
export interface MacroCall {
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly at: number;
}

interface Issues {
  issue(at: number, message: string): void;
}

type Expand = (macro: Receiver, issues: Issues) => Expr | undefined;
interface Receiver extends MacroCall {
  readonly target: Expr;
}

/** The name of what a loop has gathered so far; no expression can say it. */
export const accumulator = '@result';

/** Makes nodes at the place of the macro. */
class Maker {
  readonly #at: number;
  constructor(at: number) {
    this.#at = at;
  }
  literal(value: LiteralValue): Expr {
    return { form: 'literal', at: this.#at, value };
  }
  ident(name: string): Expr {
    return { form: 'ident', at: this.#at, name };
  }
  result(): Expr {
    return this.ident(accumulator);
  }
  call(name: string, ...args: Expr[]): Call {
    return { form: 'call', at: this.#at, name, target: undefined, args };
  }
  member(name: string, target: Expr, ...args: Expr[]): Call {
    return { form: 'call', at: this.#at, name, target, args };
  }
  list(...items: Expr[]): Expr {
    return { form: 'list', at: this.#at, items, optional: new Set() };
  }
  map(): Expr {
    return { form: 'map', at: this.#at, entries: [] };
  }
  loop(
    parts: Partial<Comprehension> & Pick<Comprehension, 'range' | 'variable' | 'init' | 'condition' | 'step'>,
  ): Expr {
    return { form: 'comprehension', at: this.#at, second: undefined, accumulator, result: this.result(), ...parts };
  }
  /** A name for a value inside one expression. */
  bind(name: string, value: Expr, inside: Expr): Expr {
    return this.loop({
      range: this.list(),
      variable: '#unused',
      accumulator: name,
      init: value,
      condition: this.literal(false),
      step: this.ident(name),
      result: inside,
    });
  }
}

/** The names of the loop's variables; undefined (and an issue) when they are none. */
function variables(
  args: readonly (Expr | undefined)[],
  message: string,
  issues: Issues,
): { variable: string; second: string | undefined } | undefined {
  const names: string[] = [];
  for (const arg of args) {
    const problem = nameProblem(arg, names, message);
    if (problem !== undefined) {
      issues.issue(arg?.at ?? 0, problem);
      return undefined;
    }
    if (arg?.form === 'ident') names.push(arg.name);
  }
  const [variable = '', second] = names;
  return { variable, second };
}

function nameProblem(arg: Expr | undefined, before: readonly string[], message: string): string | undefined {
  if (arg?.form !== 'ident') return message;
  if (before.includes(arg.name)) return `duplicate variable name: ${arg.name}`;
  const isTaken = arg.name === accumulator || arg.name === '__result__';
  return isTaken ? 'iteration variable overwrites accumulator variable' : undefined;
}

const simpleName = 'argument must be a simple name';
const identifier = 'argument is not an identifier';
type LoopParts = Pick<Comprehension, 'init' | 'condition' | 'step'> & Partial<Comprehension>;

function looping(
  count: 1 | 2,
  message: string,
  build: (make: Maker, args: readonly Expr[], names: { variable: string; variableNode: Expr }) => LoopParts,
): Expand {
  return ({ target, args, at }, issues) => {
    const names = variables(args.slice(0, count), message, issues);
    const make = new Maker(at);
    const [variableNode] = args;
    if (!names || !variableNode) return make.literal(null);
    const parts = build(make, args.slice(count), { variable: names.variable, variableNode });
    return make.loop({ range: target, ...names, ...parts });
  };
}

function predicate([test]: readonly Expr[], make: Maker): Expr {
  return test ?? make.literal(true);
}

const all = (count: 1 | 2): Expand =>
  looping(count, simpleName, (make, args) => ({
    init: make.literal(true),
    condition: make.call(operators.notStrictlyFalse, make.result()),
    step: make.call(operators.and, make.result(), predicate(args, make)),
  }));

const exists = (count: 1 | 2): Expand =>
  looping(count, simpleName, (make, args) => ({
    init: make.literal(false),
    condition: make.call(operators.notStrictlyFalse, make.call(operators.not, make.result())),
    step: make.call(operators.or, make.result(), predicate(args, make)),
  }));

const existsOne = (count: 1 | 2): Expand =>
  looping(count, simpleName, (make, args) => ({
    init: make.literal(0n),
    condition: make.literal(true),
    step: make.call(
      operators.conditional,
      predicate(args, make),
      make.call('_+_', make.result(), make.literal(1n)),
      make.result(),
    ),
    result: make.call('_==_', make.result(), make.literal(1n)),
  }));

/** `[filter,] transform`: adds what `gather` makes of the transform, for items that pass. */
function gathering(
  count: 1 | 2,
  init: (make: Maker) => Expr,
  gather: (make: Maker, transform: Expr, variable: string) => Expr,
): Expand {
  const message = count === 1 ? identifier : simpleName;
  return looping(count, message, (make, args, { variable }) => {
    const [first, last] = args.length > 1 ? args : [undefined, args[0]];
    const step = gather(make, last ?? make.literal(null), variable);
    return {
      init: init(make),
      condition: make.literal(true),
      step: first ? make.call(operators.conditional, first, step, make.result()) : step,
    };
  });
}

const emptyList = (make: Maker): Expr => make.list();
const emptyMap = (make: Maker): Expr => make.map();
const append = (make: Maker, item: Expr): Expr => make.call('_+_', make.result(), make.list(item));
const map = gathering(1, emptyList, append);
const transformList = gathering(2, emptyList, append);
const transformMap = gathering(2, emptyMap, (make, value, variable) =>
  make.call('cel.@mapInsert', make.result(), make.ident(variable), value),
);
const transformMapEntry = gathering(2, emptyMap, (make, entry) => make.call('cel.@mapInsert', make.result(), entry));

const filter: Expand = looping(1, identifier, (make, args, { variableNode }) => ({
  init: make.list(),
  condition: make.literal(true),
  step: make.call(operators.conditional, predicate(args, make), append(make, variableNode), make.result()),
}));

/** `target.optMap(v, expr)`; flat when the expression is an optional value itself. */
const optional = (name: string, wrap: (make: Maker, value: Expr) => Expr): Expand => {
  return ({ target, args: [variable, inside], at }, issues) => {
    const make = new Maker(at);
    if (variable?.form !== 'ident') {
      issues.issue(variable?.at ?? at, `${name}() variable name must be a simple identifier`);
      return make.literal(null);
    }
    const value = make.bind(variable.name, make.member('value', target), inside ?? make.literal(null));
    const none = make.call('optional.none');
    return make.call(operators.conditional, make.member('hasValue', target), wrap(make, value), none);
  };
};

const sortable = new Set(['list', 'ident', 'comprehension', 'call', 'select']);
const sorted = '@__sortBy_input__';

const sortBy: Expand = (macro, issues) => {
  const { target, args, at } = macro;
  const make = new Maker(at);
  if (!sortable.has(target.form)) {
    issues.issue(
      target.at,
      'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
    );
    return make.literal(null);
  }
  const keys = map({ ...macro, target: make.ident(sorted), args }, issues);
  if (!keys) return undefined;
  return make.bind(sorted, target, make.member('@sortByAssociatedKeys', make.ident(sorted), keys));
};

/** By name and number of arguments. */
const macros = new Map<string, Expand>([
  ['all:2', all(1)],
  ['all:3', all(2)],
  ['exists:2', exists(1)],
  ['exists:3', exists(2)],
  ['exists_one:2', existsOne(1)],
  ['exists_one:3', existsOne(2)],
  ['existsOne:3', existsOne(2)],
  ['map:2', map],
  ['map:3', map],
  ['filter:2', filter],
  ['transformList:3', transformList],
  ['transformList:4', transformList],
  ['transformMap:3', transformMap],
  ['transformMap:4', transformMap],
  ['transformMapEntry:3', transformMapEntry],
  ['transformMapEntry:4', transformMapEntry],
  ['optMap:2', optional('optMap', (make, value) => make.call('optional.of', value))],
  ['optFlatMap:2', optional('optFlatMap', (_make, value) => value)],
  ['sortBy:2', sortBy],
]);

function has({ args: [field], at }: MacroCall, issues: Issues): Expr {
  if (field?.form === 'select') return { ...field, at, test: true };
  issues.issue(field?.at ?? at, 'invalid argument to has() macro');
  return new Maker(at).literal(null);
}

/** What a call stands for when it is a macro; undefined when it is none. */
export function expandMacro(macro: MacroCall, issues: Issues): Expr | undefined {
  const { name, target, args } = macro;
  if (!target) return name === 'has' && args.length === 1 ? has(macro, issues) : undefined;
  return macros.get(`${name}:${args.length}`)?.({ ...macro, target }, issues);
}

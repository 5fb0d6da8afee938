import { callCost } from './cost/runtime-cost.ts';
import { itemAt } from './functions/operators.ts';
import type { Overload } from './functions/function-table.ts';
import { operators, type Call, type Comprehension, type Expr, type LiteralValue, type Select } from './syntax/ast.ts';
import { accumulator } from './syntax/macros.ts';
import { typeNames } from './types/type-names.ts';
import type { CelType } from './types/cel-type.ts';
import {
  CelCancelled,
  CelError,
  EntryMap,
  isList,
  isMap,
  OptionalValue,
  typeOf,
  TypeValue,
  Uint,
  type Value,
} from './values/value.ts';
import { Run, type Outcome, type Variables } from './run.ts';
import { StructValue } from './values/struct-value.ts';

type Code = (run: Run) => Value;
type Scope = ReadonlyMap<string, number>;

const selectCost = 1;
const listCost = 10;
const mapCost = 30;
const structCost = 40;

/** A checked expression as something that runs: never longer than its limit of cost allows. */
export function program(expr: Expr): (variables: Variables, limit: number) => Outcome {
  const code = compile(expr, new Map());
  return (variables, limit) => {
    const run = new Run(variables, limit);
    try {
      return { value: code(run), cost: run.cost };
    } catch (error) {
      if (error instanceof CelError || error instanceof CelCancelled) return { error, cost: run.cost };
      if (error instanceof RangeError)
        return { error: new CelError('the expression is nested too deeply'), cost: run.cost };
      throw error;
    }
  };
}

function compile(expr: Expr, scope: Scope): Code {
  switch (expr.form) {
    case 'literal': {
      const value = literalValue(expr.value);
      return () => value;
    }
    case 'ident':
      return identifier(expr.name, scope);
    case 'select':
      return select(expr, scope);
    case 'call':
      return call(expr, scope);
    case 'list':
      return list(expr, scope);
    case 'map':
      return map(expr, scope);
    case 'struct':
      return struct(expr, scope);
    case 'comprehension':
      return comprehension(expr, scope);
  }
}

function literalValue(value: LiteralValue): Value {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return new Uint(value.unsigned);
}

function identifier(written: string, scope: Scope): Code {
  const slot = scope.get(written);
  if (slot !== undefined)
    return (run) => {
      run.spend(selectCost);
      const value = run.locals[slot];
      if (value instanceof CelError) throw value;
      return value ?? null;
    };
  return variable(written.replace(/^\./, ''));
}

function variable(name: string): Code {
  const type = typeNames.get(name)?.params[0];
  const typed = type && new TypeValue(type);
  return (run) => {
    const given = run.variables(name);
    const value = given === undefined ? typed : given;
    if (value === undefined) throw new CelError(`no such attribute(s): ${name}`);
    run.spend(selectCost);
    return value;
  };
}

function select({ operand, field, test, variable: name }: Select, scope: Scope): Code {
  if (name !== undefined) return variable(name);
  const from = compile(operand, scope);
  if (test) return (run) => hasField(from(run), field);
  return (run) => {
    const container = from(run);
    run.spend(selectCost);
    return fieldOf(container, field);
  };
}

function hasField(container: Value, field: string): boolean {
  if (container instanceof OptionalValue) return container.value !== undefined && hasField(container.value, field);
  if (isList(container)) throw textInList();
  return isMap(container) && container.get(field) !== undefined;
}

function textInList(): CelError {
  return new CelError("unsupported index type 'string' in list");
}

function fieldOf(container: Value, field: string): Value {
  if (container instanceof OptionalValue) return optionalField(container, field);
  if (isMap(container)) return itemAt(container, field);
  throw isList(container) ? textInList() : new CelError(`no such key: ${field}`);
}

function optionalField(container: Value, field: string): OptionalValue {
  const inner = container instanceof OptionalValue ? container.value : container;
  if (inner === undefined) return OptionalValue.none;
  const value = isMap(inner) ? inner.get(field) : undefined;
  return value === undefined ? OptionalValue.none : new OptionalValue(value);
}

function call(expr: Call, scope: Scope): Code {
  const args = (expr.target ? [expr.target, ...expr.args] : expr.args).map((arg) => compile(arg, scope));
  return operator(expr, args) ?? orValue(expr, args) ?? append(expr, scope) ?? plainCall(expr.overloads ?? [], args);
}

/** Operators that look at some of their operands only. */
function operator(expr: Call, [first = nothing, second = nothing, third = nothing]: readonly Code[]): Code | undefined {
  switch (expr.name) {
    case operators.and:
      return logic(first, second, false);
    case operators.or:
      return logic(first, second, true);
    case operators.conditional:
      return (run) => (condition(first(run)) ? second(run) : third(run));
    case operators.notStrictlyFalse:
      return notStrictlyFalse(first);
    case operators.index:
      return indexing(first, second);
    case operators.optionalSelect:
      return (run) => {
        const container = first(run);
        run.spend(selectCost);
        return optionalField(container, second(run) as string); // a literal, by the grammar
      };
    default:
      return undefined;
  }
}

const nothing: Code = () => null;

function indexing(container: Code, key: Code): Code {
  return (run) => {
    const [from, at] = [container(run), key(run)];
    run.spend(selectCost);
    if (!isList(from) && !isMap(from) && !(from instanceof OptionalValue)) throw new CelError('no such overload');
    return itemAt(from, at);
  };
}

/** `or` and `orValue` look at their argument only when they need it. */
function orValue({ name, target }: Call, [first = nothing, second = nothing]: readonly Code[]): Code | undefined {
  if (!target || (name !== 'or' && name !== 'orValue')) return undefined;
  return (run) => {
    const optional = first(run);
    run.spend(selectCost);
    if (!(optional instanceof OptionalValue)) throw new CelError('no such overload');
    if (optional.value === undefined) return second(run);
    return name === 'or' ? optional : optional.value;
  };
}

/** A loop's list grows in place: nobody else has it. */
function append(expr: Call, scope: Scope): Code | undefined {
  const appended = appendedItem(expr);
  const slot = scope.get(accumulator);
  if (!appended || slot === undefined) return undefined;
  const item = compile(appended, scope);
  return (run) => {
    const gathered = run.locals[slot];
    if (gathered instanceof CelError) throw gathered;
    run.spend(selectCost + listCost + 1);
    (gathered as Value[]).push(item(run)); // the list that the macro began with
    return gathered as Value[]; // as above
  };
}

/** What is added where a loop's list gets one more item. */
function appendedItem({ name, args: [list, more] }: Call): Expr | undefined {
  if (name !== '_+_' || list?.form !== 'ident' || list.name !== accumulator) return undefined;
  return more?.form === 'list' && more.items.length === 1 && more.optional.size === 0 ? more.items[0] : undefined;
}

function condition(value: Value): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload');
  return value;
}

/** The value that decides wins over an error on the other side. */
function logic(left: Code, right: Code, decides: boolean): Code {
  return (run) => {
    let failure: CelError | undefined;
    for (const side of [left, right]) {
      try {
        const value = side(run);
        if (value === decides) return decides;
        if (typeof value !== 'boolean') failure ??= new CelError('no such overload');
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        failure ??= error;
      }
    }
    if (failure) throw failure;
    return !decides;
  };
}

function notStrictlyFalse(operand: Code): Code {
  return (run) => {
    run.spend(1);
    try {
      return operand(run) !== false;
    } catch (error) {
      if (error instanceof CelError) return true;
      throw error;
    }
  };
}

function plainCall(overloads: readonly Overload[], args: readonly Code[]): Code {
  return (run) => {
    const values = args.map((arg) => arg(run));
    const overload = overloads.find((one) => one.args.every((type, index) => accepts(type, values[index] ?? null)));
    if (!overload) throw noOverload(overloads, values);
    const result = overload.run(...values);
    run.spend(callCost(overload, values, result));
    return result;
  };
}

/** Functions of one argument say what they were given. */
function noOverload([first]: readonly Overload[], [value, ...more]: readonly Value[]): CelError {
  if (!first || value === undefined || more.length > 0 || /\W/.test(first.name))
    return new CelError('no such overload');
  return new CelError(`no such overload: ${first.name}${first.name === 'size' ? '' : `(${typeOf(value).name})`}`);
}

function accepts(type: CelType, value: Value): boolean {
  if (type.kind === 'param' || type.kind === 'dyn') return true;
  if (type.kind === 'list') return isList(value) && acceptsItems(type, value);
  const actual = typeOf(value);
  return actual.kind === type.kind && actual.name === type.name && acceptsInside(type, value);
}

/** Forms that differ in the type of items are told apart by the first. */
function acceptsItems({ params: [item] }: CelType, [first]: readonly Value[]): boolean {
  return item === undefined || first === undefined || accepts(item, first);
}

function acceptsInside({ params: [inner] }: CelType, value: Value): boolean {
  if (!(value instanceof OptionalValue) || inner === undefined || value.value === undefined) return true;
  return accepts(inner, value.value);
}

function list({ items, optional }: Extract<Expr, { form: 'list' }>, scope: Scope): Code {
  const constant = items.length > 0 && optional.size === 0 ? constantItems(items) : undefined;
  if (constant) return () => constant;
  const codes = items.map((item, index) => ({ code: compile(item, scope), optional: optional.has(index) }));
  return (run) => {
    const values: Value[] = [];
    for (const item of codes) {
      const value = item.optional ? unwrapped(item.code(run)) : item.code(run);
      if (value !== undefined) values.push(value);
    }
    run.spend(listCost);
    return values;
  };
}

function constantItems(items: readonly Expr[]): Value[] | undefined {
  const values: Value[] = [];
  for (const item of items) {
    if (item.form !== 'literal') return undefined;
    values.push(literalValue(item.value));
  }
  return values;
}

function unwrapped(value: Value): Value | undefined {
  if (value instanceof OptionalValue) return value.value;
  throw new CelError(`cannot initialize optional list element from non-optional value`);
}

function map({ entries }: Extract<Expr, { form: 'map' }>, scope: Scope): Code {
  const codes = entries.map(({ key, value, optional }) => ({
    key: compile(key, scope),
    value: compile(value, scope),
    optional,
  }));
  return (run) => {
    const made = new EntryMap();
    for (const entry of codes) {
      const key = entry.key(run);
      const value = entry.optional ? unwrapped(entry.value(run)) : entry.value(run);
      if (value !== undefined) made.set(key, value);
    }
    run.spend(mapCost);
    return made;
  };
}

function struct(expr: Extract<Expr, { form: 'struct' }>, scope: Scope): Code {
  const { type } = expr;
  const fields = expr.fields.map(({ name, value, optional }) => ({ name, code: compile(value, scope), optional }));
  return (run) => {
    const values = new Map<string, Value>();
    for (const { name, code, optional } of fields) {
      const value = optional ? unwrapped(code(run)) : code(run);
      if (value !== undefined) values.set(name, value);
    }
    run.spend(structCost);
    if (!type) throw new CelError('no such type');
    return new StructValue(type, values);
  };
}

/** Where a loop's variables are kept during a run. */
function slots(names: readonly string[], scope: Scope): { inner: Scope; first: number } {
  const inner = new Map(scope);
  const first = Math.max(-1, ...scope.values()) + 1;
  for (const [index, name] of names.entries()) inner.set(name, first + index);
  return { inner, first };
}

function comprehension(expr: Comprehension, scope: Scope): Code {
  const { variable: name, second, accumulator: gathers } = expr;
  const range = compile(expr.range, scope);
  const init = compile(expr.init, scope);
  const gathered = slots([gathers], scope);
  const loop = slots(second === undefined ? [name] : [name, second], gathered.inner);
  const [test, step] = [compile(expr.condition, loop.inner), compile(expr.step, loop.inner)];
  const result = compile(expr.result, gathered.inner);
  const endless = expr.condition.form === 'literal';
  return (run) => {
    const container = range(run);
    run.locals[gathered.first] = init(run);
    for (const [key, item] of itemsOf(container, second !== undefined)) {
      run.locals[loop.first] = key;
      if (second !== undefined) run.locals[loop.first + 1] = item;
      if (test(run) === false) break;
      const outcome = attempt(step, run);
      run.locals[gathered.first] = outcome;
      if (endless && outcome instanceof CelError) throw outcome;
    }
    return result(run);
  };
}

function attempt(step: Code, run: Run): Value | CelError {
  try {
    return step(run);
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
}

/** As the original's own language names the type. */
function goName(value: Value): string {
  const { name } = typeOf(value);
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Pairs of key and item; with one variable the key is the item of a list and the key of a map. */
function* itemsOf(container: Value, two: boolean): Iterable<readonly [Value, Value]> {
  if (isList(container)) {
    for (const [index, item] of container.entries()) yield two ? [BigInt(index), item] : [item, item];
    return;
  }
  if (!isMap(container)) throw new CelError(`got '${goName(container)}', expected iterable type`);
  for (const key of container.keys()) yield [key, container.get(key) ?? null];
}

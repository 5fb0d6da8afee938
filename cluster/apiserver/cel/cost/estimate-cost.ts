import { operators, type Call, type Comprehension, type Expr } from '../syntax/ast.ts';
import type { Overload } from '../functions/function-table.ts';
import type { CelType } from '../types/cel-type.ts';
import { estimateCall } from './call-estimates.ts';
import { fixedSize, plus, times, union, unknownSize, type Size } from './size.ts';

/**
 * How big the value at a path can be: the path begins with a variable, and goes on with fields, `@items`, `@values`,
 * `@keys` and `@indices`. Nothing where it is not known.
 */
export type SizeOf = (path: readonly string[]) => Size | undefined;

/** The sizes of what is in a list or a map that the expression itself makes. */
interface Entries {
  readonly kind: 'list' | 'map';
  readonly key: Size;
  readonly value: Size;
}

interface Local {
  readonly path: readonly string[];
  readonly size: Size | undefined;
  readonly entries: Entries | undefined;
}

const sizeless: SizeOf = () => undefined;
const scalars = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

/** The most that a checked expression can cost. The definition is that of CEL's own estimate: limits depend on it. */
export function estimateCost(expr: Expr, sizeOf: SizeOf = sizeless): bigint {
  return new Estimator(sizeOf).cost(expr);
}

class Estimator {
  readonly #known: SizeOf;
  readonly #paths = new Map<Expr, readonly string[]>();
  readonly #sizes = new Map<Expr, Size>();
  readonly #entries = new Map<Expr, Entries>();
  readonly #locals = new Map<string, Local[]>();

  constructor(known: SizeOf) {
    this.#known = known;
  }

  cost(expr: Expr): bigint {
    switch (expr.form) {
      case 'literal':
        return 0n;
      case 'ident':
        return this.#ident(expr);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return expr.fields.reduce((cost, { value }) => plus(cost, this.cost(value)), 40n);
      case 'comprehension':
        return isBinding(expr) ? this.#binding(expr) : this.#comprehension(expr);
    }
  }

  #ident(expr: Extract<Expr, { form: 'ident' }>): bigint {
    this.#paths.set(expr, this.#local(expr.name)?.path ?? [expr.name]);
    return 1n;
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #select(expr: Extract<Expr, { form: 'select' }>): bigint {
    if (expr.variable !== undefined) {
      this.#paths.set(expr, [expr.variable]);
      return 1n;
    }
    const below = this.cost(expr.operand);
    if (expr.test) return below;
    this.#paths.set(expr, [...this.#path(expr.operand), expr.field]);
    const kind = expr.operand.type?.kind;
    return kind === 'map' || kind === 'struct' ? plus(below, 1n) : below;
  }

  #call(expr: Call): bigint {
    const { target, args, name } = expr;
    if (name === 'dyn' && args[0]) {
      const inner = this.cost(args[0]);
      this.#copySizes(expr, args[0]);
      return plus(inner, 1n);
    }
    const costs = args.map((arg) => this.cost(arg));
    const overloads = expr.overloads ?? [];
    if (overloads.length === 0) return this.#optionalSelect(expr, costs);
    const own = target ? this.cost(target) : 0n;
    const cost = this.#dearest(expr, overloads);
    return plus(plus(own, cost), argumentCosts(name, costs));
  }

  /** The most that any of the forms that may be meant can cost. */
  #dearest(expr: Call, overloads: readonly Overload[]): bigint {
    const { target, args } = expr;
    let cost = 0n;
    let size: Size | undefined;
    for (const overload of overloads) {
      const found = estimateCall({
        overload,
        target,
        args,
        sizeOf: (one) => (one ? this.#sizeOrUnknown(one) : unknownSize),
        itemSizeOf: (list) => this.#itemSize(list),
      });
      if (found.cost > cost) cost = found.cost;
      if (found.size) size = size ? union(size, found.size) : found.size;
      size = this.#sizeOfIndexed(expr, overload.args[0]) ?? size;
    }
    this.#entriesOfCall(expr);
    size ??= this.#size(expr);
    if (size) this.#sizes.set(expr, size);
    return cost;
  }

  /** A field that may be missing costs what a call does. */
  #optionalSelect({ name }: Call, costs: readonly bigint[]): bigint {
    return name === operators.optionalSelect ? plus(1n, argumentCosts(name, costs)) : 0n;
  }

  #sizeOfIndexed(expr: Call, container: CelType | undefined): Size | undefined {
    const [list] = expr.args;
    if (expr.name !== operators.index || !list || (container?.kind !== 'list' && container?.kind !== 'map'))
      return undefined;
    const below = container.kind === 'list' ? '@items' : '@values';
    this.#paths.set(expr, [...this.#path(list), below]);
    return this.#entriesOf(list)?.value;
  }

  #entriesOfCall(expr: Call): void {
    const { name, args } = expr;
    const pair = name === operators.conditional ? args.slice(1) : name === '_+_' ? args : [];
    const [a, b] = pair.map((arg) => this.#entriesOf(arg));
    if (!a || !b) return;
    this.#entries.set(expr, { kind: a.kind, key: union(a.key, b.key), value: union(a.value, b.value) });
  }

  #list(expr: Extract<Expr, { form: 'list' }>): bigint {
    let cost = 10n;
    let value: Size | undefined;
    for (const item of expr.items) {
      cost = plus(cost, this.cost(item));
      value = grow(value, this.#sizeOrUnknown(item));
    }
    this.#entries.set(expr, { kind: 'list', key: fixedSize(1), value: value ?? fixedSize(0) });
    return cost;
  }

  #map(expr: Extract<Expr, { form: 'map' }>): bigint {
    let cost = 30n;
    let key: Size | undefined;
    let value: Size | undefined;
    for (const entry of expr.entries) {
      cost = plus(plus(cost, this.cost(entry.key)), this.cost(entry.value));
      key = grow(key, this.#sizeOrUnknown(entry.key));
      value = grow(value, this.#sizeOrUnknown(entry.value));
    }
    this.#entries.set(expr, { kind: 'map', key: key ?? fixedSize(0), value: value ?? fixedSize(0) });
    return cost;
  }

  #binding(expr: Comprehension): bigint {
    const before = plus(this.cost(expr.range), this.cost(expr.init));
    this.#push(expr.accumulator, this.#asLocal(expr.init));
    const inside = this.cost(expr.result);
    this.#pop(expr.accumulator);
    this.#copySizes(expr, expr.result);
    return plus(before, inside);
  }

  #comprehension(expr: Comprehension): bigint {
    const { range, init, accumulator, variable, second, step, condition, result } = expr;
    const before = plus(this.cost(range), this.cost(init));
    this.#push(accumulator, this.#asLocal(init));
    this.#pushLoop(expr);
    const each = plus(this.cost(condition), this.cost(step));
    this.#pop(variable);
    if (second !== undefined) this.#pop(second);
    const after = this.cost(result);
    this.#pop(accumulator);
    const count = this.#sizeOrUnknown(range);
    const size = init.form === 'literal' ? this.#size(init) : count;
    if (size) this.#sizes.set(expr, size);
    const entries = init.form === 'literal' ? undefined : this.#entriesOf(step);
    if (entries) this.#entries.set(expr, entries);
    return plus(plus(before, after), times(count.max, each));
  }

  #pushLoop({ range, variable, second }: Comprehension): void {
    const entries = this.#entriesOf(range);
    const isList = (entries?.kind ?? range.type?.kind) === 'list';
    const [keys, items] = isList ? ['@indices', '@items'] : ['@keys', '@values'];
    const at = (step: string, size: Size | undefined): Local => ({
      path: [...this.#path(range), step],
      size,
      entries: undefined,
    });
    const [key, item] = [at(keys, entries?.key), at(items, entries?.value)];
    this.#push(variable, second === undefined && isList ? item : key);
    if (second !== undefined) this.#push(second, item);
  }

  #asLocal(expr: Expr): Local {
    return { path: this.#path(expr), size: this.#size(expr), entries: this.#entriesOf(expr) };
  }

  #push(name: string, local: Local): void {
    this.#locals.set(name, [...(this.#locals.get(name) ?? []), local]);
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }

  #path(expr: Expr): readonly string[] {
    const local = expr.form === 'ident' ? this.#local(expr.name) : undefined;
    return local?.path ?? this.#paths.get(expr) ?? [];
  }

  #entriesOf(expr: Expr): Entries | undefined {
    return this.#entries.get(expr) ?? (expr.form === 'ident' ? this.#local(expr.name)?.entries : undefined);
  }

  #sizeOrUnknown(expr: Expr): Size {
    return this.#size(expr) ?? unknownSize;
  }

  #size(expr: Expr): Size | undefined {
    const own = this.#sizes.get(expr) ?? writtenSize(expr);
    if (own) return own;
    const known = this.#knownSize(this.#path(expr));
    if (known) this.#sizes.set(expr, known);
    if (known) return known;
    if (expr.type && isScalar(expr.type)) return fixedSize(1);
    return expr.form === 'ident' ? this.#local(expr.name)?.size : undefined;
  }

  #knownSize(path: readonly string[]): Size | undefined {
    return path.length === 0 ? undefined : this.#known(path);
  }

  #itemSize(list: Expr): Size {
    if (list.type?.kind !== 'list') return fixedSize(0);
    const path = this.#path(list);
    return (path.length > 0 ? this.#knownSize([...path, '@items']) : undefined) ?? unknownSize;
  }

  #copySizes(to: Expr, from: Expr): void {
    const size = this.#size(from);
    const entries = this.#entriesOf(from);
    if (size) this.#sizes.set(to, size);
    if (entries) this.#entries.set(to, entries);
  }
}

function grow(size: Size | undefined, more: Size): Size {
  return size ? union(size, more) : more;
}

/** Only one branch of a condition runs. */
function argumentCosts(name: string, costs: readonly bigint[]): bigint {
  const [test = 0n, yes = 0n, no = 0n] = costs;
  if (name === operators.conditional) return plus(test, yes > no ? yes : no);
  return costs.reduce(plus, 0n);
}

/** A name for a value, not a loop. */
function isBinding({ range, condition, accumulator }: Comprehension): boolean {
  return (
    range.form === 'list' &&
    range.items.length === 0 &&
    condition.form === 'literal' &&
    condition.value === false &&
    accumulator !== '__result__'
  );
}

function writtenSize(expr: Expr): Size | undefined {
  if (expr.form === 'list') return fixedSize(expr.items.length);
  if (expr.form === 'map') return fixedSize(expr.entries.length);
  if (expr.form !== 'literal') return undefined;
  const { value } = expr;
  if (typeof value === 'string') return fixedSize([...value].length);
  return fixedSize(value instanceof Uint8Array ? value.length : 1);
}

function isScalar(type: CelType): boolean {
  if (scalars.has(type.kind)) return true;
  const [inner] = type.params;
  return type.name === 'optional_type' && inner !== undefined && isScalar(inner);
}

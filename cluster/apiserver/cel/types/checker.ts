import {
  operators,
  qualifiedName,
  type Call,
  type Comprehension,
  type Expr,
  type Select,
  type LiteralValue,
} from '../syntax/ast.ts';
import type { Issue } from '../syntax/source.ts';
import type { FunctionTable, Overload } from '../functions/function-table.ts';
import {
  boolType,
  bytesType,
  doubleType,
  dynType,
  errorType,
  intType,
  isOptional,
  isSameType,
  listType,
  mapType,
  nullType,
  optionalType,
  paramType,
  stringType,
  typeText,
  uintType,
  type CelType,
} from './cel-type.ts';
import { assignable, moreGeneral, substitute, type Bindings } from './unify.ts';
import { typeNames } from './type-names.ts';

/** What an expression can speak of. */
export interface Environment {
  /** Types of variables by name; a name may have dots. */
  readonly variables: ReadonlyMap<string, CelType>;
  readonly functions: FunctionTable;
  /** Types that an expression can make values of: `Object{...}`. */
  structType?(name: string): CelType | undefined;
}

/** Gives every node its type and every call its forms; the issues are why it could not. */
export function check(expr: Expr, environment: Environment): Issue[] {
  const checker = new Checker(environment);
  checker.visit(expr);
  checker.finish();
  return checker.issues;
}

const literalTypes: Readonly<Record<string, CelType>> = {
  boolean: boolType,
  bigint: intType,
  number: doubleType,
  string: stringType,
};

function literalType(value: LiteralValue): CelType {
  if (value === null) return nullType;
  if (typeof value !== 'object') return literalTypes[typeof value] ?? dynType;
  return value instanceof Uint8Array ? bytesType : uintType;
}

/** What a call gives when several forms fit. */
function commonResult(known: CelType | undefined, found: CelType): CelType {
  if (!known) return found;
  return known.kind === 'dyn' || isSameType(known, found) ? known : dynType;
}

class Checker {
  readonly issues: Issue[] = [];
  readonly #environment: Environment;
  #scopes: Map<string, CelType>[] = [];
  #bindings: Bindings = new Map();
  #fresh = 0;
  readonly #seen: Expr[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  visit(expr: Expr): CelType {
    const type = this.#typeOf(expr);
    expr.type = type;
    this.#seen.push(expr);
    return type;
  }

  /** Type parameters that stand for nothing become dynamic. */
  finish(): void {
    for (const expr of this.#seen) expr.type = substitute(this.#bindings, expr.type ?? dynType, 'dyn');
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.form) {
      case 'literal':
        return literalType(expr.value);
      case 'ident':
        return this.#lookup(expr.name) ?? this.#undeclared(expr, expr.name);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'comprehension':
        return this.#comprehension(expr);
    }
  }

  #issue(at: number, message: string): CelType {
    this.issues.push({ at, message });
    return errorType;
  }

  #undeclared({ at }: { at: number }, name: string): CelType {
    return this.#issue(at, `undeclared reference to '${name}' (in container '')`);
  }

  #lookup(written: string): CelType | undefined {
    const name = written.replace(/^\./, '');
    if (name === written) for (const scope of this.#scopes.toReversed()) if (scope.has(name)) return scope.get(name);
    return this.#environment.variables.get(name) ?? typeNames.get(name) ?? this.#structTypeName(name);
  }

  #structTypeName(name: string): CelType | undefined {
    const struct = this.#environment.structType?.(name);
    return struct && { kind: 'type', name: 'type', params: [struct] };
  }

  #select(expr: Select): CelType {
    const name = qualifiedName(expr);
    const variable = name === undefined ? undefined : this.#lookup(name);
    if (variable && name !== undefined) {
      expr.variable = name.replace(/^\./, '');
      return variable;
    }
    const type = this.#field(expr.operand, expr.field, expr);
    return expr.test ? boolType : substitute(this.#bindings, type);
  }

  #field(operand: Expr, field: string, { at, optional = false }: { at: number; optional?: boolean }): CelType {
    const whole = substitute(this.#bindings, this.visit(operand));
    const wrapped = isOptional(whole);
    const target = wrapped ? (whole.params[0] ?? dynType) : whole;
    const result = this.#fieldOf(target, field, at);
    return wrapped || optional ? optionalType(result) : result;
  }

  #fieldOf(target: CelType, field: string, at: number): CelType {
    switch (target.kind) {
      case 'map':
        return target.params[1] ?? dynType;
      case 'struct':
        return target.field?.(field) ?? this.#issue(at, `undefined field '${field}'`);
      case 'param':
        this.#fits(dynType, target);
        return dynType;
      case 'dyn':
      case 'error':
        return dynType;
      default:
        this.#issue(at, `type '${typeText(target)}' does not support field selection`);
        return dynType;
    }
  }

  #call(expr: Call): CelType {
    if (expr.name === operators.optionalSelect) return this.#optionalSelect(expr);
    for (const arg of expr.args) this.visit(arg);
    const { target } = expr;
    if (!target) return this.#resolveNamed(expr, expr.name.replace(/^\./, ''));
    const prefix = qualifiedName(target);
    const qualified = prefix === undefined ? undefined : `${prefix}.${expr.name}`;
    if (qualified !== undefined && this.#environment.functions.has(qualified)) {
      expr.target = undefined;
      expr.name = qualified;
      return this.#resolveNamed(expr, qualified);
    }
    this.visit(target);
    return this.#resolveNamed(expr, expr.name);
  }

  #optionalSelect(expr: Call): CelType {
    const [operand, field] = expr.args;
    const name = field?.form === 'literal' && typeof field.value === 'string' ? field.value : '';
    return operand
      ? substitute(this.#bindings, this.#field(operand, name, { at: expr.at, optional: true }))
      : errorType;
  }

  #resolveNamed(expr: Call, name: string): CelType {
    const overloads = this.#environment.functions.get(name);
    return overloads ? this.#resolve(expr, overloads) : this.#undeclared(expr, expr.name);
  }

  #resolve(expr: Call, overloads: readonly Overload[]): CelType {
    const operands = expr.target ? [expr.target, ...expr.args] : expr.args;
    const types = operands.map(({ type = errorType }) => type);
    if (expr.name === operators.and || expr.name === operators.or) return this.#logic(expr, overloads, types);
    const fitting: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.member !== (expr.target !== undefined)) continue;
      const found = this.#resultOf(overload, types);
      if (!found) continue;
      fitting.push(overload);
      result = commonResult(result, found);
    }
    expr.overloads = fitting;
    return result ?? this.#noOverload(expr, types);
  }

  #logic(expr: Call, overloads: readonly Overload[], types: readonly CelType[]): CelType {
    const wrong = types.map((type, index) => {
      if (this.#fits(type, boolType)) return false;
      this.#mismatch(expr.args[index]?.at ?? expr.at, boolType, type);
      return true;
    });
    expr.overloads = overloads;
    return wrong.includes(true) ? errorType : boolType;
  }

  #resultOf(overload: Overload, types: readonly CelType[]): CelType | undefined {
    const own = this.#instantiate([...overload.args, overload.result]);
    const found = assignable(this.#bindings, types, own.slice(0, -1));
    if (!found) return undefined;
    this.#bindings = found;
    return substitute(found, own.at(-1) ?? dynType);
  }

  /** The types with parameters of their own. */
  #instantiate(types: readonly CelType[]): CelType[] {
    const fresh = new Map<string, CelType>();
    const renew = (type: CelType): CelType => {
      if (type.kind === 'param') {
        const known = fresh.get(type.name) ?? this.#param();
        fresh.set(type.name, known);
        return known;
      }
      return type.params.length === 0 ? type : { ...type, params: type.params.map(renew) };
    };
    return types.map(renew);
  }

  #param(): CelType {
    return paramType(`_var${this.#fresh++}`);
  }

  #noOverload(expr: Call, types: readonly CelType[]): CelType {
    const shown = types.map((type) => typeText(substitute(this.#bindings, type, 'dyn')));
    const receiver = expr.target ? `${shown.shift() ?? ''}.` : '';
    const applied = `${receiver}(${shown.join(', ')})`;
    const name = expr.name.replace(/^\./, '');
    return this.#issue(expr.at, `found no matching overload for '${name}' applied to '${applied}'`);
  }

  #list({ items, optional }: Extract<Expr, { form: 'list' }>): CelType {
    let common: CelType | undefined;
    for (const [index, item] of items.entries()) {
      const type = this.#unwrapped(item, this.visit(item), optional.has(index));
      common = this.#join(common, type);
    }
    return listType(common ?? this.#param());
  }

  #map({ entries }: Extract<Expr, { form: 'map' }>): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, optional } of entries) {
      keys = this.#join(keys, this.visit(key));
      values = this.#join(values, this.#unwrapped(value, this.visit(value), optional));
    }
    return mapType(keys ?? this.#param(), values ?? this.#param());
  }

  #unwrapped({ at }: Expr, type: CelType, optional: boolean): CelType {
    if (!optional) return type;
    if (isOptional(type)) return type.params[0] ?? dynType;
    if (type.kind !== 'dyn') this.#mismatch(at, optionalType(type), type);
    return type;
  }

  /** Items that have no common type make a list of anything; whether that is wanted is looked at afterwards. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (!previous) return current;
    return this.#fits(previous, current) ? moreGeneral(previous, current) : dynType;
  }

  #struct(expr: Extract<Expr, { form: 'struct' }>): CelType {
    const name = expr.typeName.replace(/^\./, '');
    const struct = this.#environment.structType?.(name);
    if (!struct) {
      const known = this.#lookup(name);
      if (!known) return this.#undeclared(expr, expr.typeName);
      const isType = known.kind === 'type';
      return this.#issue(expr.at, isType ? `'${name}' is not a message type` : `'${typeText(known)}' is not a type`);
    }
    for (const field of expr.fields) {
      const type = this.#unwrapped(field.value, this.visit(field.value), field.optional);
      const wanted = struct.field?.(field.name) ?? this.#issue(field.at, `undefined field '${field.name}'`);
      if (!this.#fits(wanted, type))
        this.#issue(
          field.at,
          `expected type of field '${field.name}' is '${typeText(wanted)}' but provided type is '${typeText(type)}'`,
        );
    }
    return struct;
  }

  #comprehension(expr: Comprehension): CelType {
    const rangeType = substitute(this.#bindings, this.visit(expr.range));
    const gathered = this.visit(expr.init);
    const own = new Map([[expr.accumulator, gathered]]);
    this.#scopes.push(own, this.#loopVariables(expr, rangeType));
    const condition = this.visit(expr.condition);
    if (!this.#fits(boolType, condition)) this.#mismatch(expr.condition.at, boolType, condition);
    const step = this.visit(expr.step);
    if (!this.#fits(gathered, step)) this.#mismatch(expr.step.at, gathered, step);
    this.#scopes.pop();
    const result = this.visit(expr.result);
    this.#scopes.pop();
    return substitute(this.#bindings, result);
  }

  #loopVariables({ range, variable, second }: Comprehension, type: CelType): Map<string, CelType> {
    const [first = dynType, last = dynType] = this.#itemTypes(range, type);
    const one = type.kind === 'list' ? last : first;
    return second === undefined ? new Map([[variable, one]]) : new Map([[variable, first], [second, last]]); // prettier-ignore
  }

  /** What a loop over the range gives: a key or an index, and what is there. */
  #itemTypes({ at }: Expr, type: CelType): readonly CelType[] {
    switch (type.kind) {
      case 'list':
        return [intType, ...type.params];
      case 'map':
        return type.params;
      case 'dyn':
      case 'error':
      case 'param':
        this.#fits(dynType, type);
        return [dynType, dynType];
      default: {
        const why = `expression of type '${typeText(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
        const wrong = this.#issue(at, why);
        return [wrong, wrong];
      }
    }
  }

  #fits(a: CelType, b: CelType): boolean {
    const found = assignable(this.#bindings, [a], [b]);
    if (found) this.#bindings = found;
    return found !== undefined;
  }

  #mismatch(at: number, expected: CelType, actual: CelType): CelType {
    return this.#issue(at, `expected type '${typeText(expected)}' but found '${typeText(actual)}'`);
  }
}

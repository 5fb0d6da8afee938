import type { CelType } from '../types/cel-type.ts';
import type { Overload } from '../functions/function-table.ts';

/** What the checker finds out about a node; made with the node, filled in later. */
interface Node {
  /** Where it stands: a UTF-16 index into the text. */
  readonly at: number;
  type?: CelType;
}

export type LiteralValue = null | boolean | bigint | number | string | Uint8Array | UintLiteral;

/** An unsigned integer: its own type in CEL. */
export interface UintLiteral {
  readonly unsigned: bigint;
}

export interface Literal extends Node {
  readonly form: 'literal';
  readonly value: LiteralValue;
}

export interface Ident extends Node {
  readonly form: 'ident';
  readonly name: string;
}

export interface Select extends Node {
  readonly form: 'select';
  readonly operand: Expr;
  readonly field: string;
  /** Asks whether the field is there: `has(a.b)`. */
  readonly test: boolean;
  /** A name with dots that stands for one variable. */
  variable?: string;
}

export interface Call extends Node {
  readonly form: 'call';
  name: string;
  target: Expr | undefined;
  readonly args: readonly Expr[];
  /** Those that may be meant, by the types of the arguments. */
  overloads?: readonly Overload[];
}

export interface ListLiteral extends Node {
  readonly form: 'list';
  readonly items: readonly Expr[];
  /** Positions of items that are left out when they are empty. */
  readonly optional: ReadonlySet<number>;
}

export interface MapEntry {
  readonly at: number;
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapLiteral extends Node {
  readonly form: 'map';
  readonly entries: readonly MapEntry[];
}

export interface StructField {
  readonly at: number;
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface StructLiteral extends Node {
  readonly form: 'struct';
  readonly typeName: string;
  readonly fields: readonly StructField[];
}

/** What every macro that loops becomes. */
export interface Comprehension extends Node {
  readonly form: 'comprehension';
  readonly range: Expr;
  readonly variable: string;
  readonly second: string | undefined;
  readonly accumulator: string;
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

export type Expr = Literal | Ident | Select | Call | ListLiteral | MapLiteral | StructLiteral | Comprehension;

/** Names of operators as functions, as messages show them. */
export const operators = {
  conditional: '_?_:_',
  or: '_||_',
  and: '_&&_',
  not: '!_',
  negate: '-_',
  index: '_[_]',
  optionalIndex: '_[?_]',
  optionalSelect: '_?._',
  in: '@in',
  notStrictlyFalse: '@not_strictly_false',
} as const;

/** The name with dots that nested selections spell; undefined when they are anything else. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.form === 'ident') return expr.name;
  if (expr.form !== 'select' || expr.test) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}

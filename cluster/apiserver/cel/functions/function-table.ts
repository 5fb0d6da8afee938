import { readType, splitTypes, type CelType } from '../types/cel-type.ts';
import type { Value } from '../values/value.ts';

/** One form of a function. */
export interface Overload {
  readonly name: string;
  /** Called on its first argument: `text.size()`. */
  readonly member: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  run(...args: Value[]): Value;
}

/** Functions by name, each with its forms in the order in which they are tried. */
export type FunctionTable = ReadonlyMap<string, readonly Overload[]>;

/** One row: the name, `string.(int): string` or `(string): int`, and what it does. */
export type FunctionRow = readonly [name: string, signature: string, run: (...args: never[]) => Value];

/** A table of rows; the type of each argument was compared with the signature before `run` sees it. */
export function functionTable(rows: Iterable<FunctionRow>): FunctionTable {
  const table = new Map<string, Overload[]>();
  for (const [name, signature, run] of rows) {
    const overloads = table.get(name) ?? [];
    overloads.push({ name, ...readSignature(signature), run: run }); // see above
    table.set(name, overloads);
  }
  return table;
}

function readSignature(signature: string): Pick<Overload, 'member' | 'args' | 'result'> {
  const open = signature.indexOf('(');
  const close = signature.lastIndexOf('): ');
  const receiver = signature.slice(0, Math.max(0, open - 1));
  const args = splitTypes(signature.slice(open + 1, close)).map(readType);
  return {
    member: receiver !== '',
    args: receiver === '' ? args : [readType(receiver), ...args],
    result: readType(signature.slice(close + 3)),
  };
}

/** Several tables as one. */
export function joinTables(...tables: readonly FunctionTable[]): FunctionTable {
  const joined = new Map<string, readonly Overload[]>();
  for (const table of tables)
    for (const [name, overloads] of table) joined.set(name, [...(joined.get(name) ?? []), ...overloads]);
  return joined;
}

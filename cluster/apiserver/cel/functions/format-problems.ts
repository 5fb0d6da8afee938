import type { Call, Expr } from '../syntax/ast.ts';
import type { Issue } from '../syntax/source.ts';
import { dynType, type CelType, type TypeKind } from '../types/cel-type.ts';

const clause = /%(?:(%)|(\.\d*)?(.?))/gu;

interface Verb {
  readonly name: string;
  readonly kinds: ReadonlySet<TypeKind>;
  readonly allowed: string;
}

const verb = (name: string, allowed: string, ...kinds: TypeKind[]): Verb => ({
  name,
  allowed,
  kinds: new Set<TypeKind>([...kinds, 'dyn', 'error', 'param']),
});
const hex = verb('hex', 'integers, byte buffers, and strings', 'int', 'uint', 'string', 'bytes');
const verbs: Readonly<Record<string, Verb>> = {
  s: verb(
    'string',
    'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
    ...([
      'string',
      'bool',
      'bytes',
      'int',
      'uint',
      'double',
      'map',
      'list',
      'type',
      'duration',
      'timestamp',
      'null',
    ] as const),
  ),
  d: verb('decimal', 'integers', 'int', 'uint'),
  f: verb('fixed-point', 'doubles', 'double', 'string'),
  e: verb('scientific', 'doubles', 'double', 'string'),
  b: verb('binary', 'integers and bools', 'int', 'uint', 'bool'),
  o: verb('octal', 'integers', 'int', 'uint'),
  x: hex,
  X: hex,
};

/** What is wrong with a format that is written out, with its arguments written out too. */
export function formatProblems({ name, target, args: [list], at }: Call): Issue[] {
  if (name !== 'format' || target?.form !== 'literal' || list?.form !== 'list') return [];
  return typeof target.value === 'string' ? problemsIn(target.value, list.items, at) : [];
}

function problemsIn(format: string, args: readonly Expr[], at: number): Issue[] {
  let next = 0;
  for (const [, percent, , letter = ''] of format.matchAll(clause)) {
    if (percent) continue;
    const issue = clauseProblem(letter, args[next], { at, index: next });
    if (issue) return [issue];
    next += 1;
  }
  const { length } = args;
  if (length <= next) return [];
  return [{ at, message: `too many arguments supplied to string.format (expected ${next}, got ${length})` }];
}

function clauseProblem(
  letter: string,
  arg: Expr | undefined,
  { at, index }: { at: number; index: number },
): Issue | undefined {
  if (letter === '') return { at, message: 'unexpected end of string' };
  const found = verbs[letter];
  if (!found) return { at, message: `could not parse formatting clause: unrecognized formatting clause "${letter}"` };
  if (!arg) return { at, message: `index ${index} out of range` };
  const type = misfit(arg, found.kinds);
  if (!type) return undefined;
  const message = `error during formatting: ${found.name} clause can only be used on ${found.allowed}, was given ${type.name}`;
  return { at: arg.at, message };
}

function misfit({ type = dynType }: Expr, kinds: ReadonlySet<TypeKind>): CelType | undefined {
  return kinds.has(type.kind) ? undefined : type;
}

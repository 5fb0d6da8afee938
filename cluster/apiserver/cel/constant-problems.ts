import { patternProblem } from '../schema/linear-pattern.ts';
import { formatProblems } from './functions/format-problems.ts';
import { childrenOf } from './syntax/visit.ts';
import type { Expr } from './syntax/ast.ts';
import type { Issue } from './syntax/source.ts';
import { dynType, isOptional, typeText, type CelType } from './types/cel-type.ts';
import { parseDuration, parseTimestamp } from './values/time.ts';

const holds: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => parseDuration(text) !== undefined,
  timestamp: (text) => parseTimestamp(text) !== undefined,
  matches: (text) => patternProblem(text) === undefined,
};

/** What is wrong with an expression whose types fit: texts that cannot be read, lists of unlike things. */
export function constantProblems(expr: Expr): Issue[] {
  const issues: Issue[] = [];
  look(expr, false, issues);
  return issues;
}

/** In the arguments of `format` lists may hold anything. */
function look(expr: Expr, formatted: boolean, issues: Issue[]): void {
  if (expr.form === 'call') issues.push(...unreadable(expr), ...formatProblems(expr));
  if (!formatted && expr.form === 'list') issues.push(...unlikeItems(expr));
  if (!formatted && expr.form === 'map') issues.push(...unlikeEntries(expr));
  const inside = formatted || (expr.form === 'call' && expr.name === 'format');
  for (const child of childrenOf(expr)) look(child, inside, issues);
}

function unreadable({ name, args }: Extract<Expr, { form: 'call' }>): Issue[] {
  const check = holds[name];
  const arg = args.at(-1);
  if (!check || arg?.form !== 'literal') return [];
  const isFine = typeof arg.value === 'string' ? check(arg.value) : name !== 'duration';
  if (isFine) return [];
  return [{ at: arg.at, message: `invalid ${name} argument` }];
}

function unlike({ at }: Expr, expected: CelType, actual: CelType): Issue[] {
  if (isAlike(expected, actual)) return [];
  return [{ at, message: `expected type '${typeText(expected)}' but found '${typeText(actual)}'` }];
}

/** The same but for parameters that stand for anything. */
function isAlike(a: CelType, b: CelType): boolean {
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => isAlike(param, b.params[index] ?? dynType));
}

function typeOf(expr: Expr, optional: boolean): CelType {
  const type = expr.type ?? dynType;
  return optional && isOptional(type) ? (type.params[0] ?? dynType) : type;
}

function unlikeItems({ items, optional }: Extract<Expr, { form: 'list' }>): Issue[] {
  const [first, ...rest] = items.map((item, index) => ({ item, type: typeOf(item, optional.has(index)) }));
  for (const { item, type } of rest) {
    const issues = first ? unlike(item, first.type, type) : [];
    if (issues.length > 0) return issues;
  }
  return [];
}

function unlikeEntries({ entries }: Extract<Expr, { form: 'map' }>): Issue[] {
  const [first, ...rest] = entries;
  if (!first) return [];
  return rest.flatMap(({ key, value, optional }) => [
    ...unlike(key, typeOf(first.key, false), typeOf(key, false)),
    ...unlike(value, typeOf(first.value, first.optional), typeOf(value, optional)),
  ]);
}

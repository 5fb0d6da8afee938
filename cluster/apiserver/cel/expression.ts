import { estimateCost, type SizeOf } from './cost/estimate-cost.ts';
import { program } from './evaluate.ts';
import type { Outcome, Variables } from './run.ts';
import { conversionNames } from './functions/conversions.ts';
import { patternProblem } from '../schema/linear-pattern.ts';
import { constantProblems } from './constant-problems.ts';
import type { Expr } from './syntax/ast.ts';
import { parse } from './syntax/parser.ts';
import { issuesText } from './syntax/source.ts';
import { check, type Environment } from './types/checker.ts';
import { dynType, type CelType } from './types/cel-type.ts';
import { visitExpr } from './syntax/visit.ts';

/** A compiled expression. */
export interface Expression {
  readonly text: string;
  readonly type: CelType;
  /** True when it speaks of this variable. */
  uses(variable: string): boolean;
  /** The most it can cost, by the sizes its variables can have. */
  estimate(sizeOf?: SizeOf): bigint;
  /** Ends within the limit of cost, with a value or an error. */
  evaluate(variables: Variables, limit: number): Outcome;
  readonly problem?: undefined;
}

/** Why a text is no expression: in the form of CEL's own messages. */
export interface NoExpression {
  readonly problem: string;
  /** It has types that fit, but a constant in it can have no value. */
  readonly atStart?: boolean;
}

/** Compiles an expression in an environment. */
export function compileExpression(text: string, environment: Environment): Expression | NoExpression {
  try {
    return compile(text, environment);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: issuesText(text, [{ at: 0, message: 'the expression is nested too deeply' }]) };
  }
}

function compile(text: string, environment: Environment): Expression | NoExpression {
  const parsed = parse(text);
  if (parsed.issues) return { problem: issuesText(text, parsed.issues) };
  const { expr } = parsed;
  const issues = check(expr, environment);
  const found = issues.length > 0 ? issues : constantProblems(expr);
  if (found.length > 0) return { problem: issuesText(text, found) };
  const run = program(expr);
  const broken = brokenConstant(expr);
  if (broken !== undefined) return { problem: broken, atStart: true };
  return {
    text,
    type: expr.type ?? dynType,
    uses: (variable) => uses(expr, variable),
    estimate: (sizeOf) => estimateCost(expr, sizeOf),
    evaluate: run,
  };
}

function uses(expr: Expr, variable: string): boolean {
  let found = false;
  visitExpr(expr, (node) => {
    if (node.form === 'ident' && node.name.replace(/^\./, '') === variable) found = true;
    if (node.form === 'select' && node.variable === variable) found = true;
  });
  return found;
}

const searches = new Set(['find', 'findAll']);

function brokenPattern({ name, target, args: [pattern] }: Extract<Expr, { form: 'call' }>): string | undefined {
  if (!target || !searches.has(name) || pattern?.form !== 'literal' || typeof pattern.value !== 'string')
    return undefined;
  return patternProblem(pattern.value);
}

const smallCost = 1_000_000;

/** Conversions of literals are tried at once. */
function brokenConstant(expr: Expr): string | undefined {
  let broken: string | undefined;
  visitExpr(expr, (node) => {
    if (broken !== undefined || node.form !== 'call') return;
    broken = brokenPattern(node);
    if (broken !== undefined || node.target || !conversionNames.has(node.name)) return;
    if (node.args.length !== 1 || node.args[0]?.form !== 'literal') return;
    const outcome = program(node)(() => undefined, smallCost);
    if ('error' in outcome) broken = outcome.error.message;
  });
  return broken;
}

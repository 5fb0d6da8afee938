import type { ClusterObject } from '../../client.ts';
import { compileExpression, type Expression } from '../../apiserver/cel/expression.ts';
import { kubernetesFunctions } from '../../apiserver/cel/functions/kubernetes-functions.ts';
import { dynType } from '../../apiserver/cel/types/cel-type.ts';
import { valueOf } from '../../apiserver/cel/values/json-value.ts';
import { Duration, Timestamp, type Value } from '../../apiserver/cel/values/value.ts';
import { compileJq } from './jq/jq.ts';
import type { StageExpression, StageRequirement } from './stage-object.ts';

const costLimit = 1_000_000;

/** An expression that fails on an object; its stage is not played then. */
export class StageExpressionError extends Error {}

function compiledCel(text: string): Expression {
  const compiled = compileExpression(text, {
    variables: new Map([['self', dynType]]),
    functions: kubernetesFunctions,
  });
  if (compiled.problem !== undefined) throw new Error(`the CEL expression does not compile: ${compiled.problem}`);
  return compiled;
}

function celValue(expression: Expression, object: ClusterObject): Value {
  const self = valueOf(object);
  const outcome = expression.evaluate((name) => (name === 'self' ? self : undefined), costLimit);
  if ('value' in outcome) return outcome.value;
  throw new StageExpressionError(`the CEL expression ${JSON.stringify(expression.text)}: ${outcome.error.message}`);
}

const isOneOf =
  (values: readonly string[]) =>
  (found: unknown): boolean =>
    (typeof found === 'string' || typeof found === 'boolean' || typeof found === 'number') &&
    values.includes(String(found));

/** Whether an object meets one expression of a selector. */
export function requirementTest({ cel, jq }: StageRequirement): (object: ClusterObject) => boolean {
  if (cel) {
    const expression = compiledCel(cel.expression);
    return (object) => celValue(expression, object) === true;
  }
  const { key = '.', operator = '', values = [] } = jq ?? {};
  const query = compileJq(key);
  const negative = operator === 'NotIn' || operator === 'DoesNotExist';
  const test = operator === 'In' || operator === 'NotIn' ? isOneOf(values) : () => true;
  // A query that fails on an object finds nothing there.
  return (object) => (query.outputs(object) ?? []).some(test) !== negative;
}

/** What an expression of a delay or a weight says; undefined: nothing, the fixed value counts. */
export function expressionValue({ cel, jq }: StageExpression): (object: ClusterObject) => unknown {
  if (cel) {
    const expression = compiledCel(cel.expression);
    return (object) => plain(celValue(expression, object));
  }
  const query = compileJq(jq?.expression ?? '');
  return (object) => query.outputs(object)?.[0];
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Duration) return { ms: Number(value.nanos / 1_000_000n) };
  if (value instanceof Timestamp) return new Date(Number(value.nanos / 1_000_000n)).toISOString();
  return value;
}

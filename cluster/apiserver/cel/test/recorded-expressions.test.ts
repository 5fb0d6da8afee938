import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileExpression } from '../expression.ts';
import { kubernetesFunctions } from '../functions/kubernetes-functions.ts';
import { dynType, intType, listType, mapType, stringType, typeText } from '../types/cel-type.ts';
import { EntryMap, type Value } from '../values/value.ts';

/** What Kubernetes' own engine makes of an expression. */
interface Recorded {
  readonly expr: string;
  /** It is refused by the checker, or when it is made ready to run. */
  readonly problem?: string;
  readonly program?: string;
  readonly type?: string;
  readonly estimate?: string;
  readonly error?: string;
  /** Of types that have one way to be shown. */
  readonly value?: string;
}

const recorded = JSON.parse(readFileSync(new URL('expressions.json', import.meta.url), 'utf8')) as Recorded[];
const environment = {
  variables: new Map([
    ['self', dynType],
    ['text', stringType],
    ['nums', listType(intType)],
    ['tags', mapType(stringType, stringType)],
  ]),
  functions: kubernetesFunctions,
};
const map = (entries: Record<string, Value>): EntryMap => EntryMap.of(Object.entries(entries));
const values: Readonly<Record<string, Value>> = {
  self: map({ a: 1.5, s: 'str', l: [1n, 2n], m: map({ k: 'v' }) }),
  text: 'Hello wörld',
  nums: [3n, 1n, 2n],
  tags: map({ app: 'x', tier: 'y' }),
};
const limit = 1_000_000;

function mine({ expr, value }: Recorded): Recorded {
  const compiled = compileExpression(expr, environment);
  if (compiled.problem !== undefined)
    return { expr, ...(compiled.atStart ? { program: compiled.problem } : { problem: compiled.problem }) };
  const known = { expr, type: typeText(compiled.type), estimate: String(compiled.estimate()) };
  const outcome = compiled.evaluate((name) => values[name], limit);
  if ('error' in outcome) return { ...known, error: outcome.error.message };
  const shown = typeof outcome.value === 'object' ? typeof outcome.value : String(outcome.value);
  return { ...known, ...(value !== undefined && { value: shown }) };
}

test.each(recorded.map((one) => [one.expr, one] as const))('%s', (_expr, one) => expect(mine(one)).toEqual(one));

import { expect, test } from 'vitest';
import { compileExpression } from '../expression.ts';
import { kubernetesFunctions } from '../functions/kubernetes-functions.ts';
import { dynType, listType, stringType } from '../types/cel-type.ts';
import { EntryMap, type Value } from '../values/value.ts';

const environment = {
  variables: new Map([
    ['self', dynType],
    ['list', listType(dynType)],
    ['text', stringType],
  ]),
  functions: kubernetesFunctions,
};
const values: Readonly<Record<string, Value>> = {
  self: EntryMap.of([
    ['a', 1n],
    ['b', [1n, 'x', null, 2.5]],
  ]),
  list: Array.from({ length: 60 }, (_, index) => BigInt(index)),
  text: 'a'.repeat(400),
};
const limit = 100_000;

/** The same numbers on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const leaves = [
  'self',
  'self.a',
  'self.b',
  'list',
  'text',
  '1',
  '2.5',
  '"x"',
  'null',
  'true',
  '[]',
  '{}',
  'duration("1h")',
];
const binary = ['+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'];
const members = [...kubernetesFunctions].filter(([, [first]]) => first?.member).map(([name]) => name);
const globals = [...kubernetesFunctions.keys()].filter((name) => /^[a-zA-Z.]+$/.test(name));
const loops = ['all', 'exists', 'exists_one', 'map', 'filter', 'transformList', 'optMap', 'sortBy'];

function expression(next: (below: number) => number, depth: number): string {
  const pick = (from: readonly string[]): string => from[next(from.length)] ?? '1';
  const inner = (): string => expression(next, depth - 1);
  if (depth === 0) return pick(leaves);
  switch (next(8)) {
    case 0:
      return `(${inner()} ${pick(binary)} ${inner()})`;
    case 1:
      return `${inner()}.${pick(members)}(${next(2) ? inner() : ''})`;
    case 2:
      return `${pick(globals)}(${inner()})`;
    case 3:
    case 4:
      return `${inner()}.${pick(loops)}(v${depth}, ${inner().replaceAll('self.a', `v${depth}`)})`;
    case 5:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 6:
      return `[${inner()}, ${inner()}]`;
    default:
      return `dyn(${inner()})`;
  }
}

test('whatever is made up at random ends: as a refusal, a value or an error', () => {
  const next = numbers(42);
  const count = { refused: 0, value: 0, error: 0 };
  for (let run = 0; run < 3_000; run += 1) {
    const compiled = compileExpression(expression(next, 1 + next(4)), environment);
    if (compiled.problem !== undefined) {
      count.refused += 1;
      continue;
    }
    compiled.estimate();
    const outcome = compiled.evaluate((name) => values[name], limit);
    count['error' in outcome ? 'error' : 'value'] += 1;
  }

  expect({ ...count, least: Math.min(...Object.values(count)) > 20 }).toMatchObject({ least: true });
});

test.each([
  ['nested loops', 'list.map(a, list.map(b, list.map(c, list.map(d, a))))'],
  ['a text that doubles', '[1,2,3,4,5,6,7,8,9,10].map(a, text + text).all(t, t.matches("(a*)*b"))'],
  ['a pattern that would go back and forth', 'list.all(i, !text.matches("^(a+)+$" + "b"))'],
  ['a long range', 'lists.range(100000000).all(i, i >= 0)'],
])('%s is stopped, or ends in time', (_title, text) => {
  const compiled = compileExpression(text, environment);
  if (compiled.problem !== undefined) throw new Error(compiled.problem);
  const outcome = compiled.evaluate((name) => values[name], limit);
  expect(outcome.cost).toBeLessThan(limit * 3);
});

test.each([
  ['deep brackets', `${'('.repeat(2_000)}1${')'.repeat(2_000)}`],
  ['a long chain', `true${' && true'.repeat(12_000)}`],
  ['a long sum', `1${' + 1'.repeat(12_000)}`],
  ['many fields', `self${'.a'.repeat(5_000)}`],
  ['more text than is read', `"${'x'.repeat(100_001)}"`],
  ['nothing but quotes', "'".repeat(999)],
])('%s neither crashes nor hangs', (_title, text) => {
  const compiled = compileExpression(text, environment);
  if (compiled.problem !== undefined) expect(compiled.problem).toMatch(/^ERROR: /);
  else expect(compiled.evaluate((name) => values[name], limit).cost).toBeGreaterThanOrEqual(0);
});

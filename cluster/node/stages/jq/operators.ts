import { plus } from './functions.ts';
import { compare, type Filter, isRecord, isTrue, type Json, JqError, typeOf } from './json.ts';

type Operate = (left: Json, right: Json) => Json;

const numeric =
  (operate: (left: number, right: number) => number, word: string): Operate =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return operate(left, right);
    throw new JqError(`${typeOf(left)} and ${typeOf(right)} cannot be ${word}`);
  };

const divided = (left: number, right: number): number => {
  if (right === 0) throw new JqError('division by zero');
  return left / right;
};

function minus(left: Json, right: Json): Json {
  if (Array.isArray(left) && Array.isArray(right))
    return left.filter((one) => right.every((other) => compare(one, other) !== 0));
  return numeric((a, b) => a - b, 'subtracted')(left, right);
}

const operations: Record<string, Operate> = {
  '+': plus,
  '-': minus,
  '*': numeric((a, b) => a * b, 'multiplied'),
  '/': (left, right) =>
    typeof left === 'string' && typeof right === 'string'
      ? left.split(right)
      : numeric(divided, 'divided')(left, right),
  '%': numeric((a, b) => divided(Math.trunc(a), Math.trunc(b)) && Math.trunc(a) % Math.trunc(b), 'divided'),
  '==': (left, right) => compare(left, right) === 0,
  '!=': (left, right) => compare(left, right) !== 0,
  '<': (left, right) => compare(left, right) < 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>': (left, right) => compare(left, right) > 0,
  '>=': (left, right) => compare(left, right) >= 0,
};

const attempt = (filter: Filter): Filter => {
  return (input, variables) => {
    try {
      return filter(input, variables);
    } catch (error) {
      if (error instanceof JqError) return [];
      throw error;
    }
  };
};

export { attempt };

export const piped =
  (first: Filter, second: Filter): Filter =>
  (input, variables) =>
    first(input, variables).flatMap((one) => second(one, variables));

/** `left op right`; each pair of outputs gives one. */
export function binaryFilter(operator: string, left: Filter, right: Filter): Filter {
  if (operator === ',') return (input, variables) => [...left(input, variables), ...right(input, variables)];
  if (operator === '//') {
    const tried = attempt(left);
    return (input, variables) => {
      const found = tried(input, variables).filter(isTrue);
      return found.length > 0 ? found : right(input, variables);
    };
  }
  if (operator === 'and' || operator === 'or') return logical(operator, left, right);
  const operate = operations[operator];
  if (!operate) throw new Error(`the jq operator ${operator} is not supported`);
  return (input, variables) => right(input, variables).flatMap((b) => left(input, variables).map((a) => operate(a, b)));
}

function logical(operator: 'and' | 'or', left: Filter, right: Filter): Filter {
  const decides = operator === 'or';
  return (input, variables) =>
    left(input, variables).flatMap((a) =>
      isTrue(a) === decides ? [decides] : right(input, variables).map((b) => isTrue(b)),
    );
}

function at(value: Json, key: Json): Json {
  if (value === null || value === undefined) return null;
  if (isRecord(value) && typeof key === 'string') return Object.hasOwn(value, key) ? value[key] : null;
  if (Array.isArray(value) && typeof key === 'number') return value.at(Math.floor(key)) ?? null;
  throw new JqError(`cannot index ${typeOf(value)} with ${typeOf(key)}`);
}

/** `of[key]`; the key is asked of the whole input. */
export const indexed =
  (of: Filter, key: Filter): Filter =>
  (input, variables) =>
    of(input, variables).flatMap((value) => key(input, variables).map((one) => at(value, one)));

/** `of[from:to]` */
export const sliced =
  (of: Filter, from: Filter | undefined, to: Filter | undefined): Filter =>
  (input, variables) => {
    const start = from?.(input, variables)[0] ?? 0;
    const end = to?.(input, variables)[0] ?? undefined;
    return of(input, variables).map((value) => {
      if (value === null) return null;
      if (typeof value !== 'string' && !Array.isArray(value)) throw new JqError(`cannot slice ${typeOf(value)}`);
      return value.slice(Number(start), end === undefined ? undefined : Number(end));
    });
  };

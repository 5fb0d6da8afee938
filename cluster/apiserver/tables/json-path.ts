import { textOf } from '../kinds/rules/set-default.ts';
import type { Json } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: string; readonly operator: string; readonly value: string };

const token =
  /^(?:\.?\[(?:\?\(@\.?([^=!<>)]+?)\s*(?:(==|!=)\s*("[^"]*"|'[^']*'|[^)]*))?\)|'([^']*)'|"([^"]*)"|(-?\d+)|\*)\]|\.((?:\\.|[^.[\]])+)|\.(?=\[|$))/;
const cache = new Map<string, readonly Step[] | undefined>();

/** All values a JSON path finds: fields, `[n]`, `[*]`, `['a.b']`, `\.` and `[?(@.x=="y")]`; none for a path beyond that. */
export function jsonPath(value: Json, path: string): Json[] {
  let steps = cache.get(path);
  if (!steps && !cache.has(path)) cache.set(path, (steps = parse(path)));
  if (!steps) return [];
  return steps.reduce<Json[]>((found, step) => found.flatMap((item) => take(item, step)), [value]);
}

/** The first value found as text, '' for none. */
export function jsonPathText(value: Json, path: string): string {
  const [first] = jsonPath(value, path);
  if (first === undefined || first === null) return '';
  return typeof first === 'object' ? JSON.stringify(first) : textOf(first);
}

function parse(path: string): Step[] | undefined {
  let rest = path
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .replace(/^\$/, '');
  if (rest && !/^[.[]/.test(rest)) rest = `.${rest}`;
  const steps: Step[] = [];
  while (rest) {
    const match = token.exec(rest);
    if (!match) return undefined;
    const step = stepOf(match);
    if (step) steps.push(step);
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function stepOf(match: RegExpExecArray): Step | undefined {
  const [text, path, operator, value, single, double, index, field] = match;
  if (path !== undefined) return filterStep(path, operator, value);
  const name = single ?? double ?? field?.replace(/\\(.)/g, '$1');
  if (name !== undefined) return name === '*' ? { kind: 'all' } : { kind: 'field', name };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  return text.includes('*') ? { kind: 'all' } : undefined;
}

function filterStep(path: string, operator = '', value = ''): Step {
  return { kind: 'filter', path: `.${path}`, operator, value: value.trim().replace(/^(["'])(.*)\1$/s, '$2') };
}

function take(value: Json, step: Step): Json[] {
  const list = Array.isArray(value) ? value : [];
  switch (step.kind) {
    case 'field':
      return present(isObject(value) ? value[step.name] : undefined);
    case 'index':
      return present(list.at(step.index));
    case 'all':
      return isObject(value) ? Object.values(value) : list;
    case 'filter':
      return list.filter((item) => passes(item, step));
  }
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}

function passes(item: Json, { path, operator, value }: Step & { kind: 'filter' }): boolean {
  const found = jsonPath(item, path);
  if (operator === '') return found.length > 0;
  const equal = found.length > 0 && textOf(found[0]) === value;
  return operator === '==' ? equal : !equal;
}

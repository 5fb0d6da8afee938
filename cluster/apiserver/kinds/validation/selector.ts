import type { Cause } from '@kit/base';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, required } from './cause.ts';
import { labelValue, qualifiedName } from './format.ts';
import { validateLabels } from './object-meta.ts';

const withValues = new Set(['In', 'NotIn']);
const withoutValues = new Set(['Exists', 'DoesNotExist']);

/** What is wrong with a label selector `{matchLabels, matchExpressions}`. */
export function validateSelector(value: unknown, field: string): Cause[] {
  const selector = record(value);
  if (!selector) return [];
  const labels = (record(selector['matchLabels']) ?? {}) as Record<string, string>; // texts by schema
  return [
    ...validateLabels(labels, `${field}.matchLabels`),
    ...items(selector['matchExpressions']).flatMap((expression, index) =>
      validateExpression(expression, at(`${field}.matchExpressions`, index)),
    ),
  ];
}

function validateExpression({ key, operator, values }: Record<string, unknown>, field: string): Cause[] {
  const list = texts(values);
  const causes: Cause[] = [];
  const name = textOf(operator ?? '');
  if (withValues.has(name)) {
    if (list.length === 0)
      causes.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (withoutValues.has(name)) {
    if (list.length > 0)
      causes.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else causes.push(invalid(`${field}.operator`, name, 'not a valid selector operator'));
  const text = textOf(key ?? '');
  causes.push(...qualifiedName(text).map((problem) => invalid(`${field}.key`, text, problem)));
  for (const [index, item] of list.entries()) {
    causes.push(...labelValue(item).map((problem) => invalid(at(`${field}.values`, index), item, problem)));
  }
  return causes;
}

/** A selector with its fields in the order messages show them in. */
export function shownSelector(value: unknown): unknown {
  const selector = record(value);
  if (!selector) return value ?? null;
  const expressions = items(selector['matchExpressions']).map(({ key = '', operator = '', values }) => ({
    key,
    operator,
    ...(values === undefined || values === null ? {} : { values }),
  }));
  return {
    ...(selector['matchLabels'] === undefined ? {} : { matchLabels: selector['matchLabels'] }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
}

/** True when the labels pass every term of the selector. */
export function selects(value: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  const selector = record(value);
  if (!selector) return false;
  const wanted = Object.entries(record(selector['matchLabels']) ?? {});
  return (
    wanted.every(([key, label]) => labels[key] === label) &&
    items(selector['matchExpressions']).every(({ key, operator, values }) => {
      const label = labels[textOf(key)];
      const isIn = label !== undefined && texts(values).includes(textOf(label));
      const checks: Record<string, boolean> = {
        In: isIn,
        NotIn: !isIn,
        Exists: label !== undefined,
        DoesNotExist: label === undefined,
      };
      return checks[textOf(operator)] ?? false;
    })
  );
}

export function isEmptySelector(value: unknown): boolean {
  const selector = record(value) ?? {};
  return (
    Object.keys(record(selector['matchLabels']) ?? {}).length === 0 && items(selector['matchExpressions']).length === 0
  );
}

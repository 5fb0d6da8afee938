import type { Cause } from '@kit/base';
import { listKey } from './list-key.ts';
import { isObject } from './structural-schema.ts';
import { celExpression, celProblem, type CelVariables } from './cel-expression.ts';
import { celValue } from './cel-value.ts';
import type { Json, Schema, ValidationRule } from './schema.ts';

/** True when the schema has a rule anywhere. */
export function hasRules(schema: Schema): boolean {
  const { additionalProperties: additional } = schema;
  return (
    (schema.rules?.length ?? 0) > 0 ||
    Object.values(schema.properties ?? {}).some(hasRules) ||
    (schema.items !== undefined && hasRules(schema.items)) ||
    (typeof additional === 'object' && hasRules(additional))
  );
}

/** Everything in which a valid value breaks the CEL rules of its schema; `old` is the value before an update. */
export function checkRules(
  schema: Schema,
  value: Json | undefined,
  at: { old?: Json | undefined; path?: string } = {},
): Cause[] {
  if (value === undefined || value === null) return [];
  const { old, path = '' } = at;
  const own = (schema.rules ?? []).flatMap((rule) => checkRule(schema, rule, { value, old, path }));
  if (Array.isArray(value)) return [...own, ...checkItems(schema, value, { old, path })];
  if (!isObject(value)) return own;
  const before = isObject(old) ? old : {};
  const below = Object.entries(value).flatMap(([field, item]) => {
    const additional = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const child = schema.properties?.[field] ?? additional;
    return child ? checkRules(child, item, { old: before[field], path: path ? `${path}.${field}` : field }) : [];
  });
  return [...own, ...below];
}

/** Items have a past only in lists whose items have keys. */
function checkItems(
  schema: Schema,
  list: readonly Json[],
  { old, path }: { old: Json | undefined; path: string },
): Cause[] {
  const { items } = schema;
  if (!items || !hasRules(items)) return [];
  const keyed = schema.listType === 'map' && Array.isArray(old);
  const before = new Map(keyed ? old.map((item) => [listKey(schema, item), item]) : []);
  return list.flatMap((item, index) =>
    checkRules(items, item, { old: before.get(listKey(schema, item)), path: `${path}[${index}]` }),
  );
}

interface Place {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
}

function checkRule(schema: Schema, rule: ValidationRule, place: Place): Cause[] {
  const { value, old, path } = place;
  const had = old !== undefined && old !== null;
  if (!had && !rule.optionalOldSelf && /\boldSelf\b/.test(rule.rule)) return [];
  const expression = celExpression(rule.rule, rule);
  const problem = (text: string): Cause[] => [
    failed({ ...rule, message: `${text} evaluating rule: ${rule.message ?? rule.rule}` }, path),
  ];
  if (expression.problem !== undefined) return problem(expression.problem);
  const variables = { self: celValue(schema, value), oldSelf: had ? celValue(schema, old) : undefined };
  try {
    if (expression.evaluate(variables) !== false) return [];
  } catch (error) {
    return problem(celProblem(error));
  }
  const message = messageOf(rule, variables);
  return [failed({ ...rule, ...(message && { message }) }, path)];
}

/** What the rule's own expression says about the values; one that fails leaves the word to the plain message. */
function messageOf(
  { messageExpression, message, ...rule }: ValidationRule,
  variables: CelVariables,
): string | undefined {
  if (!messageExpression) return message;
  const expression = celExpression(messageExpression, rule);
  if (expression.problem !== undefined) return message;
  try {
    const said = expression.evaluate(variables);
    return typeof said === 'string' && said.trim() !== '' && !said.includes('\n') ? said : message;
  } catch {
    return message;
  }
}

/** Why the rules of one schema cannot be enforced, by the field of the rule that is at fault. */
export function ruleProblems(
  rules: readonly Partial<ValidationRule>[],
): { field: string; text: string; problem: string }[] {
  return rules.flatMap(({ rule = '', messageExpression, optionalOldSelf }, index) => [
    ...expressionProblem(`[${index}].rule`, rule, { optionalOldSelf, type: 'bool' }),
    ...(messageExpression === undefined
      ? []
      : expressionProblem(`[${index}].messageExpression`, messageExpression, { optionalOldSelf, type: 'string' })),
  ]);
}

function expressionProblem(
  field: string,
  text: string,
  { optionalOldSelf = false, type }: { optionalOldSelf: boolean | undefined; type: 'bool' | 'string' },
): { field: string; text: string; problem: string }[] {
  const expression = celExpression(text, { optionalOldSelf });
  if (expression.problem !== undefined) return [{ field, text, problem: `compilation failed: ${expression.problem}` }];
  const fits = expression.type === type || expression.type === 'dyn';
  return fits ? [] : [{ field, text, problem: `it must evaluate to a ${type}, not to a ${expression.type}` }];
}

const prefixes: Readonly<Record<string, string>> = {
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
};

function failed({ rule, message, reason = 'FieldValueInvalid', fieldPath = '' }: ValidationRule, path: string): Cause {
  const text = message ?? `failed rule: ${rule.trim()}`;
  const field = (path + fieldPath).replace(/^\./, '') || '<nil>';
  return { field, message: `${prefixes[reason] ?? 'Invalid value'}: ${text}`, reason };
}

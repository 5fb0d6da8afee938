import { Environment } from '@marcbachmann/cel-js';
import type { Cause } from '@kit/base';
import { RE2JS } from 're2js';
import { listKey } from './list-key.ts';
import { isObject } from './structural-schema.ts';
import { celValue } from './cel-value.ts';
import type { Json, Schema, ValidationRule } from './schema.ts';

type Evaluate = (variables: { self: unknown; oldSelf?: unknown }) => unknown;

const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn')
  .registerFunction('string.linearMatches(string): bool', linearMatches)
  .registerFunction('linearMatches(string, string): bool', linearMatches);

/** RE2: a rule's pattern must not be able to stall the server, which JavaScript's own engine would allow. */
function linearMatches(text: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}

const compiled = new Map<string, Evaluate | undefined>();
const maxCompiled = 2_000;

/** Undefined for a rule that uses what this engine does not have: such a rule is not enforced. */
function compile(rule: string): Evaluate | undefined {
  if (compiled.has(rule)) return compiled.get(rule);
  if (compiled.size >= maxCompiled) compiled.clear();
  let evaluate: Evaluate | undefined;
  try {
    evaluate = environment.parse(withLinearMatches(rule));
  } catch {
    evaluate = undefined;
  }
  compiled.set(rule, evaluate);
  return evaluate;
}

/** Calls of `matches` outside of texts go to RE2; the engine's own function of that name cannot be replaced. */
function withLinearMatches(rule: string): string {
  return rule.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\bmatches(?=\s*\()/g, (found) =>
    found === 'matches' ? 'linearMatches' : found,
  );
}

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

function checkRule(schema: Schema, rule: ValidationRule, { value, old, path }: Place): Cause[] {
  const aboutChange = /\boldSelf\b/.test(rule.rule);
  if (aboutChange && (old === undefined || old === null || rule.optionalOldSelf)) return [];
  const evaluate = compile(rule.rule);
  if (!evaluate) return [];
  try {
    const oldSelf = aboutChange && old !== undefined ? celValue(schema, old) : undefined;
    return evaluate({ self: celValue(schema, value), oldSelf }) === false ? [failed(rule, path)] : [];
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (problem.includes('no matching overload')) return []; // a function of Kubernetes' library that the engine lacks
    return [failed({ ...rule, message: `${problem} evaluating rule: ${rule.message ?? rule.rule}` }, path)];
  }
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

import type { Cause } from '@kit/base';
import { isObject } from '../schema/structural-schema.ts';
import type { Json, Schema, ValidationRule } from '../schema/schema.ts';
import { isUnchanged } from '../schema/unchanged.ts';
import { readFieldPath } from './field-path.ts';
import { compileRules, selfType, type CompiledRule } from './rule-expressions.ts';
import { asResource } from './schema-type.ts';
import type { Expression, NoExpression } from './expression.ts';
import { oldItems } from '../schema/list-key.ts';
import { valueOf } from './values/json-value.ts';
import { CelCancelled, OptionalValue, type Value } from './values/value.ts';

/** What all rules of one object may cost together, and one alone. */
const objectBudget = 10_000_000;
const callLimit = 1_000_000;
const longestMessage = 5 * 1024;

/** True when the schema has a rule anywhere. */
export function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const found = (schema.rules ?? []).length > 0 || partsOf(schema).some(hasRules);
  withRules.set(schema, found);
  return found;
}

function partsOf({ properties = {}, items, additionalProperties: more, allOf = [] }: Schema): Schema[] {
  const parts = [...Object.values(properties), ...allOf];
  if (items) parts.push(items);
  if (typeof more === 'object') parts.push(more);
  return parts;
}

const withRules = new WeakMap<Schema, boolean>();

/** What came of the rules: refusals, and faults that were there before and are left to be. */
export interface RuleVerdict {
  readonly causes: Cause[];
  readonly warnings: string[];
}

/** Everything in which a valid object breaks the rules of its schema; `old` is the object before an update. */
export function checkRules(schema: Schema, object: Json, old?: Json): RuleVerdict {
  const checking = new Checking();
  const root = node(schema, true);
  checking.visit(root, {
    value: object,
    old,
    path: '',
    before: old === undefined ? undefined : { schema, value: object, old },
  });
  return checking;
}

/** In what a default of a schema breaks the schema's own rules: `field` is inside of the default, '' for all of it. */
export function checkDefault(schema: Schema, value: Json): Cause[] {
  if (!hasRules(schema)) return [];
  const checking = new Checking();
  checking.visit(node(schema), { value, old: undefined, path: '', before: undefined });
  return checking.causes.map((cause) => ({ ...cause, field: cause.field === '<nil>' ? '' : (cause.field ?? '') }));
}

/** A schema node with its rules, ready to run. */
interface RuleNode {
  readonly schema: Schema;
  /** With apiVersion, kind and metadata where the node is a whole object. */
  readonly shown: Schema;
  readonly rules: readonly CompiledRule[];
  readonly places: readonly (string | undefined)[];
}

const nodes = new WeakMap<Schema, RuleNode>();

function node(schema: Schema, isResource = schema.embeddedResource === true): RuleNode {
  const known = nodes.get(schema);
  if (known) return known;
  const rules = schema.rules ?? [];
  const type = rules.length > 0 ? selfType(schema, isResource) : undefined;
  const made: RuleNode = {
    schema,
    shown: isResource ? asResource(schema) : schema,
    rules: type ? compileRules(rules, type.type) : [],
    places: rules.map(({ fieldPath }) => (fieldPath ? readFieldPath(fieldPath, schema) : undefined)),
  };
  nodes.set(schema, made);
  return made;
}

/** Where a check is: the value, what it was before, and the nearest place around it that can be compared at all. */
interface Place {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
  /** Faults of what has not changed are not held against the change. */
  readonly before: { readonly schema: Schema; readonly value: Json; readonly old: Json | undefined } | undefined;
}

class OutOfBudget extends Error {}

class Checking implements RuleVerdict {
  readonly causes: Cause[] = [];
  readonly warnings: string[] = [];
  #budget = objectBudget;

  visit(at: RuleNode, place: Place): void {
    try {
      this.#visit(at, place);
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
    }
  }

  #visit(at: RuleNode, place: Place): void {
    const { value } = place;
    if (value === null || !hasRules(at.schema)) return;
    this.#own(at, place);
    for (const part of at.schema.allOf ?? []) this.#part(at, part, place);
    if (Array.isArray(value)) this.#items(at.schema, value, place);
    else if (isObject(value)) this.#fields(at.schema, value, place);
  }

  /** Rules inside `allOf` see the value with the types of the schema around it. */
  #part({ schema }: RuleNode, part: Schema, place: Place): void {
    if (!hasRules(part)) return;
    const merged = merge(schema, part);
    this.#visit(node(merged), { ...place, before: undefined });
  }

  #items({ items, ...schema }: Schema, list: readonly Json[], { old, path, before }: Place): void {
    if (!items || !hasRules(items)) return;
    const below = node(items);
    const oldOf = oldItems({ ...schema, items }, old);
    for (const [index, value] of list.entries()) {
      const was = oldOf(value);
      const correlated = before && schema.listType === 'map' ? { schema: items, value, old: was } : before;
      this.#visit(below, { value, old: was, path: `${path}[${index}]`, before: correlated });
    }
  }

  #fields(
    { properties, additionalProperties: more }: Schema,
    object: Readonly<Record<string, Json>>,
    place: Place,
  ): void {
    const { path, before } = place;
    const old = isObject(place.old) ? place.old : {};
    for (const [name, value] of Object.entries(object)) {
      const known = properties?.[name];
      const schema = known ?? more;
      if (typeof schema !== 'object') continue;
      const was = Object.hasOwn(old, name) ? old[name] : undefined;
      const at = known ? inside(path, name) : `${path}[${name}]`;
      this.#visit(node(schema), { value, old: was, path: at, before: before && { schema, value, old: was } });
    }
  }

  #own({ rules, schema, shown, places }: RuleNode, place: Place): void {
    if (rules.length === 0) return;
    const { value, old, path } = place;
    const refuse = (why: string): void => void this.causes.push(invalid(path, schema.type ?? '', why));
    if (this.#budget <= 0) this.#stop(refuse, overBudget);
    const had = old !== undefined && old !== null;
    const values = lazily({ self: () => valueOf(value, shown), oldSelf: () => valueOf(had ? old : null, shown) });
    for (const [index, compiled] of rules.entries()) {
      const { rule, usesOld } = compiled;
      if (usesOld && !had && !rule.optionalOldSelf) continue;
      const variables = (name: string): Value | undefined => {
        if (name !== 'oldSelf') return values(name);
        if (!rule.optionalOldSelf) return values(name);
        return had ? new OptionalValue(values(name) ?? null) : OptionalValue.none;
      };
      if (this.#holds(compiled, variables, refuse)) continue;
      this.#fail({ compiled, variables, place, schema, inner: places[index] });
    }
  }

  #stop(refuse: (why: string) => void, why: string): never {
    refuse(why);
    throw new OutOfBudget();
  }

  /** True too when the rule cannot be evaluated: that has been said. */
  #holds(
    { rule, expression }: CompiledRule,
    variables: (name: string) => Value | undefined,
    refuse: (why: string) => void,
  ): boolean {
    if (expression.problem !== undefined) {
      refuse(`rule compile error: ${expression.problem}`);
      return true;
    }
    const outcome = expression.evaluate(variables, callLimit);
    if (outcome.cost > this.#budget) this.#stop(refuse, overBudget);
    this.#budget -= outcome.cost;
    if (!('error' in outcome)) return outcome.value === true;
    const { message } = outcome.error;
    const of = ruleText(rule);
    if (outcome.error instanceof CelCancelled)
      this.#stop(
        refuse,
        `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${of}`,
      );
    if (message.startsWith('no such overload'))
      refuse(
        `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${of}`,
      );
    else refuse(`${message} evaluating rule: ${of}`);
    return true;
  }

  #fail(failure: {
    compiled: CompiledRule;
    variables: (name: string) => Value | undefined;
    place: Place;
    schema: Schema;
    inner: string | undefined;
  }): void {
    const { compiled, variables, place, schema, inner } = failure;
    const { rule, usesOld, message } = compiled;
    const refuse = (why: string): void => void this.causes.push(invalid(place.path, schema.type ?? '', why));
    const said = message && this.#say(message, variables, refuse);
    const path = inner === undefined ? place.path : inside(place.path, inner);
    const isPlain = schema.type !== 'object' && schema.type !== 'array';
    const cause = reasoned(rule, { path, text: said ?? plainText(rule), value: isPlain ? place.value : undefined });
    if (!usesOld && isLeft(place)) this.warnings.push(`${cause.field}: ${cause.message}`);
    else this.causes.push(cause);
  }

  /** What the rule's own expression says; one that has nothing usable to say leaves the word to the plain message. */
  #say(
    message: Expression | NoExpression,
    variables: (name: string) => Value | undefined,
    refuse: (why: string) => void,
  ): string | undefined {
    if (message.problem !== undefined) return undefined;
    const outcome = message.evaluate(variables, callLimit);
    if (outcome.cost > this.#budget)
      this.#stop(
        refuse,
        'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
      );
    this.#budget -= outcome.cost;
    if ('error' in outcome) {
      if (outcome.error instanceof CelCancelled)
        this.#stop(
          refuse,
          `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(message.text)}`,
        );
      return undefined;
    }
    const said = typeof outcome.value === 'string' ? outcome.value.trim() : '';
    return said === '' || said.includes('\n') || Buffer.byteLength(said) > longestMessage ? undefined : said;
  }
}

const overBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

function isLeft({ before }: Place): boolean {
  return before?.old !== undefined && isUnchanged(before.schema, before.value, before.old);
}

function plainText(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;
}

function inside(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

function ruleText({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

/** Values are made when a rule asks for them, and once. */
function lazily(make: Readonly<Record<string, () => Value>>): (name: string) => Value | undefined {
  const made = new Map<string, Value>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make[name]?.();
    if (value !== undefined) made.set(name, value);
    return value;
  };
}

const merged = new WeakMap<Schema, Map<Schema, Schema>>();

function merge(schema: Schema, part: Schema): Schema {
  const known = merged.get(schema)?.get(part);
  if (known) return known;
  const made = combine(schema, part);
  merged.set(schema, (merged.get(schema) ?? new Map<Schema, Schema>()).set(part, made));
  return made;
}

/** The shape of the one with the rules of the other. */
function combine(schema: Schema, part: Schema): Schema {
  const { rules: _rules, allOf: _allOf, ...shape } = schema;
  const properties = Object.entries(schema.properties ?? {}).map(([name, child]) => [name, combine(child, part.properties?.[name] ?? {})] as const); // prettier-ignore
  const { items, additionalProperties: more } = schema;
  return {
    ...shape,
    ...(part.rules && { rules: part.rules }),
    ...(part.allOf && { allOf: part.allOf }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(items && { items: combine(items, part.items ?? {}) }),
    ...(typeof more === 'object' && { additionalProperties: combine(more, typeof part.additionalProperties === 'object' ? part.additionalProperties : {}) }), // prettier-ignore
  };
}

function invalid(path: string, value: string, why: string): Cause {
  return {
    field: path || '<nil>',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    reason: 'FieldValueInvalid',
  };
}

/** The refusal in the form of the rule's reason. */
function reasoned(
  { reason = 'FieldValueInvalid' }: ValidationRule,
  { path, text, value }: { path: string; text: string; value: Json | undefined },
): Cause {
  const field = path || '<nil>';
  const shown = value === undefined ? '' : `${JSON.stringify(value)}`;
  switch (reason) {
    case 'FieldValueForbidden':
      return { field, message: `Forbidden: ${text}`, reason };
    case 'FieldValueRequired':
      return { field, message: `Required value: ${text}`, reason };
    case 'FieldValueDuplicate':
      return { field, message: `Duplicate value${shown === '' ? '' : `: ${shown}`}`, reason };
    default:
      return { field, message: `Invalid value: ${shown === '' ? '' : `${shown}: `}${text}`, reason };
  }
}

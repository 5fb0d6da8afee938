import type { Cause } from '@kit/base';
import { checkDefault } from '../../cel/check-rules.ts';
import { compileRules, selfType, type CompiledRule } from '../../cel/rule-expressions.ts';
import { readFieldPath } from '../../cel/field-path.ts';
import { maxRequestBytes, sizesOf, type SchemaType } from '../../cel/schema-type.ts';
import type { JsonObject, ValidationRule } from '../../schema/schema.ts';
import { structuralSchema } from '../../schema/structural-schema.ts';
import { items, optionalText, record } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';

const name = 'x-kubernetes-validations';
const ruleLimit = 10_000_000n;
const schemaLimit = 100_000_000n;
const most = 2n ** 64n - 1n;
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const lineBreak = /[\n\r]/;
const nonEmpty = 'must be non-empty if specified';

/** What is wrong with the rules of one schema node before anybody reads their expressions. */
export function validateRuleTexts(schema: JsonObject, field: string): Cause[] {
  return items(schema[name]).flatMap((rule, index) => validateRuleText(schema, rule, at(`${field}.${name}`, index)));
}

function validateRuleText(schema: JsonObject, rule: JsonObject, field: string): Cause[] {
  const { messageExpression, reason } = rule;
  const causes = validateMessage(rule, field);
  if (messageExpression && !optionalText(messageExpression).trim())
    causes.push(required(`${field}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(optionalText(reason)))
    causes.push(notSupported(`${field}.reason`, reason, reasons));
  return [...causes, ...validateFieldPath(schema, rule, field)];
}

function validateMessage(rule: JsonObject, field: string): Cause[] {
  const [text, message] = [optionalText(rule['rule']).trim(), optionalText(rule['message'])];
  if (!text) return [required(`${field}.rule`, 'rule is not specified')];
  if (message && !message.trim()) return [invalid(`${field}.message`, message, nonEmpty)];
  if (lineBreak.test(message.trim())) return [invalid(`${field}.message`, message, 'must not contain line breaks')];
  return lineBreak.test(text) && !message
    ? [required(`${field}.message`, 'message must be specified if rule contains line breaks')]
    : [];
}

function validateFieldPath(schema: JsonObject, rule: JsonObject, field: string): Cause[] {
  const path = optionalText(rule['fieldPath']);
  if (!path) return [];
  const place = `${field}.fieldPath`;
  return [
    ...(path.trim() ? [] : [invalid(place, path, nonEmpty)]),
    ...(lineBreak.test(path) ? [invalid(place, path, 'must not contain line breaks')] : []),
    ...(readFieldPath(path, structuralSchema(schema)) === undefined
      ? [invalid(place, path, 'must be a valid path')]
      : []),
  ];
}

interface Costly {
  readonly field: string;
  readonly cost: bigint;
}

/** Where in the schema a node is, and how often values of it can be there. */
interface Place {
  readonly field: string;
  /** Undefined where a list or map around it has no limit. */
  readonly cardinality: bigint | undefined;
  /** The list around it whose items have no past. */
  readonly pastless: string | undefined;
}

/** What is wrong with the expressions of all rules in a schema that is fine otherwise: what they mean and what they can cost. */
export function validateRuleExpressions(schema: JsonObject, field: string): Cause[] {
  const reading = new RuleReading();
  reading.read(schema, { field, cardinality: 1n, pastless: undefined }, true);
  return reading.finish(field);
}

class RuleReading {
  readonly #causes: Cause[] = [];
  #total = 0n;
  #costly: Costly[] = [];

  read(schema: JsonObject, place: Place, isRoot = false): void {
    this.#children(schema, place);
    this.#default(schema, place.field);
    const rules = items(schema[name]) as unknown as ValidationRule[]; // their texts have been looked at
    if (rules.length === 0) return;
    const structural = structuralSchema(schema);
    const type = selfType(structural, isRoot || structural.embeddedResource === true);
    if (!type) return;
    const sizes = sizesOf(type);
    for (const [index, compiled] of compileRules(rules, type.type).entries()) {
      const inField = at(`${place.field}.${name}`, index);
      this.#cost(compiled, { place, type, field: inField, sizes });
      this.#compiled(compiled, inField);
      this.#past(compiled, inField, place);
    }
  }

  #default(schema: JsonObject, field: string): void {
    const { default: value } = schema;
    if (value === undefined || value === null) return;
    for (const { field: inside = '', ...cause } of checkDefault(structuralSchema(schema), value)) {
      const path = inside === '' || inside.startsWith('[') ? inside : `.${inside}`;
      this.#causes.push({ ...cause, field: `${field}.default${path}` });
    }
  }

  finish(field: string): Cause[] {
    if (this.#total <= schemaLimit) return this.#causes;
    const note = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.#causes,
      ...this.#costly.map(({ field: place }) => forbidden(place, note)),
      forbidden(field, tooCostly(what, this.#total, schemaLimit)),
    ];
  }

  #children(schema: JsonObject, { field, cardinality, pastless }: Place): void {
    const times = (count: unknown): bigint | undefined =>
      cardinality === undefined || typeof count !== 'number'
        ? undefined
        : multiply(cardinality, BigInt(Math.max(0, count)));
    const additional = record(schema['additionalProperties']);
    const item = record(schema['items']);
    if (additional)
      this.read(additional, {
        field: `${field}.additionalProperties`,
        cardinality: times(schema['maxProperties']),
        pastless,
      });
    for (const [property, child] of Object.entries(record(schema['properties']) ?? {}))
      this.read(record(child) ?? {}, { field: at(`${field}.properties`, property), cardinality, pastless });
    if (!item) return;
    const hasPast = schema['x-kubernetes-list-type'] === 'map';
    this.read(item, {
      field: `${field}.items`,
      cardinality: times(schema['maxItems']),
      pastless: hasPast ? pastless : (pastless ?? field),
    });
  }

  #cost(
    { expression, message }: CompiledRule,
    at: { place: Place; type: SchemaType; field: string; sizes: ReturnType<typeof sizesOf> },
  ): void {
    if (expression.problem === undefined) {
      const often = at.place.cardinality ?? BigInt(Math.floor(maxRequestBytes / (at.type.minBytes + 1)));
      this.#observe(`${at.field}.rule`, 'estimated rule cost', multiply(expression.estimate(at.sizes), often));
    }
    if (message && message.problem === undefined)
      this.#observe(`${at.field}.messageExpression`, 'estimated messageExpression cost', message.estimate(at.sizes));
  }

  #observe(field: string, what: string, cost: bigint): void {
    if (cost > ruleLimit) this.#causes.push(forbidden(field, tooCostly(what, cost, ruleLimit)));
    this.#total = this.#total + cost > most ? most : this.#total + cost;
    if (cost < schemaLimit / 100n) return;
    this.#costly = [...this.#costly, { field, cost }]
      .sort((a, b) => (a.cost > b.cost ? -1 : a.cost < b.cost ? 1 : 0))
      .slice(0, 4);
  }

  #compiled({ rule, expression, message }: CompiledRule, field: string): void {
    if (expression.problem !== undefined) this.#causes.push(wrong(`${field}.rule`, rule, expression.problem));
    if (message?.problem !== undefined) this.#causes.push(wrong(`${field}.messageExpression`, rule, message.problem));
  }

  #past({ rule, usesOld }: CompiledRule, field: string, { pastless }: Place): void {
    if (usesOld && pastless !== undefined) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${pastless}`;
      this.#causes.push(invalid(`${field}.rule`, rule.rule, why));
    } else if (!usesOld && rule.optionalOldSelf !== undefined)
      this.#causes.push(
        invalid(`${field}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
      );
  }
}

function multiply(a: bigint, b: bigint): bigint {
  return a * b > most ? most : a * b;
}

/** How far above the limit; far above, the number says nothing any more. */
function tooCostly(what: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit);
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** The real server shows the struct that holds the rule. */
function wrong(field: string, rule: ValidationRule, why: string): Cause {
  const {
    rule: text,
    message = '',
    messageExpression = '',
    reason = null,
    fieldPath = '',
    optionalOldSelf = null,
  } = rule;
  const shown = {
    Rule: text,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf,
  };
  return { field, message: `Invalid value: ${goJson(shown)}: ${why}`, reason: 'FieldValueInvalid' };
}

/** Go writes JSON that can stand in HTML. */
function goJson(value: object): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { Expression, NoExpression } from '../../cel/expression.ts';
import {
  compilePolicyExpression,
  policyEnvironment,
  type Declared,
  type PolicyVariable,
} from '../../admission/policies/policy-expression.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { at, invalid } from './cause.ts';

const patchesOf: Readonly<Record<string, string>> = { applyConfiguration: 'Object', jsonPatch: 'list(JSONPatch)' };

/** What is wrong with the expressions of a policy of either sort, as far as they are there at all. */
export function validatePolicyExpressions(policy: ClusterObject): Cause[] {
  return new PolicyReading(fieldsIn(policy['spec'])).causes;
}

/** What is wrong with the expression of one condition of a webhook or, with parameters perhaps, a policy. */
export function validateConditionExpression(expression: unknown, field: string, hasParams: boolean): Cause[] {
  const environment = policyEnvironment({ hasParams, hasAuthorizer: true }, undefined);
  return wrong(field, expression, (text) => compilePolicyExpression(text, environment, ['bool']));
}

function wrong(field: string, text: unknown, compile: (text: string) => Expression | NoExpression): Cause[] {
  const expression = optionalText(text);
  if (!expression.trim()) return [];
  const { problem } = compile(expression);
  return problem === undefined ? [] : [invalid(field, expression, problem)];
}

class PolicyReading {
  readonly causes: Cause[] = [];
  readonly #declared: Declared;
  readonly #variables: PolicyVariable[] = [];
  readonly #hasVariables: boolean;

  constructor(spec: JsonObject) {
    this.#declared = { hasParams: record(spec['paramKind']) !== undefined, hasAuthorizer: true };
    this.#hasVariables = items(spec['variables']).length > 0;
    this.#own(spec);
    for (const [index, validation] of items(spec['validations']).entries())
      this.#validation(validation, at('spec.validations', index));
    for (const [index, { valueExpression }] of items(spec['auditAnnotations']).entries())
      this.#check(`${at('spec.auditAnnotations', index)}.valueExpression`, valueExpression, ['string', 'null']);
    for (const [index, mutation] of items(spec['mutations']).entries())
      this.#mutation(mutation, at('spec.mutations', index));
  }

  /** Where a policy has no variables there is no name for them either. */
  get #known(): readonly PolicyVariable[] | undefined {
    return this.#hasVariables ? this.#variables : undefined;
  }

  #own({ variables }: JsonObject): void {
    for (const [index, variable] of items(variables).entries()) {
      const environment = policyEnvironment(this.#declared, this.#known);
      const compiled = compilePolicyExpression(optionalText(variable['expression']), environment);
      this.#variables.push({ name: optionalText(variable['name']), compiled });
      this.causes.push(...wrong(`${at('spec.variables', index)}.expression`, variable['expression'], () => compiled));
    }
  }

  #validation({ expression, messageExpression }: JsonObject, field: string): void {
    this.#check(`${field}.expression`, expression, ['bool']);
    this.#check(`${field}.messageExpression`, messageExpression, ['string'], { hasAuthorizer: false });
  }

  #mutation(mutation: JsonObject, field: string): void {
    for (const [member, type] of Object.entries(patchesOf)) {
      const { expression } = fieldsIn(mutation[member]);
      this.#check(`${field}.${member}.expression`, expression, [type], { hasPatches: true });
    }
  }

  #check(
    field: string,
    text: unknown,
    ...[types, more = {}]: [types: readonly string[], more?: Partial<Declared>]
  ): void {
    const environment = policyEnvironment({ ...this.#declared, ...more }, this.#known);
    this.causes.push(...wrong(field, text, (one) => compilePolicyExpression(one, environment, types)));
  }
}

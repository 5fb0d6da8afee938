import type { Expression, NoExpression } from '../../cel/expression.ts';
import { admissionVariables, type AdmissionInput } from './admission-input.ts';
import {
  compilePolicyExpression,
  conditionsBudget,
  OutOfBudget,
  policyEnvironment,
  PolicyRun,
  type Declared,
  type NamedExpression,
  type PolicyVariable,
} from './policy-expression.ts';

/** What came of the conditions: one that does not hold decides, whatever errors others have. */
export type MatchVerdict = { readonly matches: boolean; readonly error?: undefined } | { readonly error: string };

/** The match conditions of a webhook or a policy, compiled. */
export interface MatchConditions {
  evaluate(input: AdmissionInput): MatchVerdict;
}

const compiled = new WeakMap<readonly NamedExpression[], MatchConditions>();
const webhooksCan: Declared = { hasParams: false, hasAuthorizer: true };

/** The conditions of a webhook; compiled once for the same list. */
export function webhookConditions(conditions: readonly NamedExpression[]): MatchConditions {
  const known = compiled.get(conditions);
  if (known) return known;
  const made = compileMatchConditions(conditions, webhooksCan);
  compiled.set(conditions, made);
  return made;
}

/** Conditions in their environment; those of policies can use the policy's variables. */
export function compileMatchConditions(
  conditions: readonly NamedExpression[],
  declared: Declared,
  variables?: readonly PolicyVariable[],
): MatchConditions {
  const environment = policyEnvironment(declared, variables);
  const expressions = conditions.map(({ expression }) => compilePolicyExpression(expression, environment, ['bool']));
  return { evaluate: (input) => evaluateAll(expressions, input, variables ?? []) };
}

function evaluateAll(
  expressions: readonly (Expression | NoExpression)[],
  input: AdmissionInput,
  variables: readonly PolicyVariable[],
): MatchVerdict {
  const run = new PolicyRun(admissionVariables(input), variables, conditionsBudget);
  const errors: string[] = [];
  try {
    for (const expression of expressions) {
      const outcome = run.evaluate(expression);
      if ('error' in outcome) errors.push(outcome.error);
      else if (outcome.value === false) return { matches: false };
    }
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    return { error: error.message };
  }
  if (errors.length === 0) return { matches: true };
  const different = [...new Set(errors)];
  return { error: different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]` };
}

import type { ClusterObject } from '../../../client.ts';
import type { Expression, NoExpression } from '../../cel/expression.ts';
import { admissionVariables, type AdmissionInput } from './admission-input.ts';
import { compileMatchConditions, type MatchConditions } from './match-conditions.ts';
import {
  compilePolicyExpression,
  compileVariables,
  OutOfBudget,
  policyEnvironment,
  PolicyRun,
  type NamedExpression,
  type PolicyVariable,
} from './policy-expression.ts';
import type { ParamKind } from './policy-params.ts';
import type { MatchResources } from './policy-source.ts';

interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

export interface ValidatingPolicySpec {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly paramKind?: ParamKind;
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  readonly validations?: readonly Validation[];
  readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
}

/** One thing a policy has against a request; `index` is that of the validation. */
export interface Objection {
  readonly index: number;
  readonly message: string;
  readonly reason: string | undefined;
}

/** What a policy says of a request, and notes about it. */
export interface PolicyVerdict {
  readonly objections: readonly Objection[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Notes that could not be made. */
  readonly failures: readonly string[];
}

interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: Expression | NoExpression;
  readonly message: Expression | NoExpression | undefined;
}

const nothing: PolicyVerdict = { objections: [], annotations: [], failures: [] };
const longestMessage = 5 * 1024;

/** A ValidatingAdmissionPolicy, compiled. */
export class ValidatingPolicy {
  readonly spec: ValidatingPolicySpec;
  readonly #variables: readonly PolicyVariable[];
  readonly #conditions: MatchConditions | undefined;
  readonly #validations: readonly CompiledValidation[];
  readonly #annotations: readonly {
    readonly key: string;
    readonly text: string;
    readonly value: Expression | NoExpression;
  }[];

  constructor(policy: ClusterObject) {
    const spec = policy['spec'] as ValidatingPolicySpec; // its kind's rules have checked it
    this.spec = spec;
    const hasParams = spec.paramKind !== undefined;
    const declared = { hasParams, hasAuthorizer: true };
    const plain = { hasParams, hasAuthorizer: false };
    this.#variables = compileVariables(spec.variables ?? [], declared);
    const conditions = spec.matchConditions ?? [];
    if (conditions.length > 0) this.#conditions = compileMatchConditions(conditions, declared, this.#variables);
    const environment = policyEnvironment(declared, this.#variables);
    const speaking = policyEnvironment(plain, this.#variables);
    this.#validations = (spec.validations ?? []).map((validation) => ({
      validation,
      expression: compilePolicyExpression(validation.expression, environment, ['bool']),
      message: validation.messageExpression
        ? compilePolicyExpression(validation.messageExpression, speaking, ['string'])
        : undefined,
    }));
    this.#annotations = (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      text: valueExpression,
      value: compilePolicyExpression(valueExpression, environment, ['string', 'null']),
    }));
  }

  get #ignoresErrors(): boolean {
    return this.spec.failurePolicy === 'Ignore';
  }

  validate(input: AdmissionInput): PolicyVerdict {
    const verdict = this.#conditions?.evaluate(input) ?? { matches: true };
    if (verdict.error !== undefined) return this.#failed(verdict.error);
    if (!verdict.matches) return nothing;
    const values = admissionVariables(input);
    try {
      const objections = this.#objections(values);
      return { objections, ...this.#notes(new PolicyRun(values, this.#variables)) };
    } catch (error) {
      if (error instanceof OutOfBudget) return this.#failed(error.message);
      throw error;
    }
  }

  #failed(message: string): PolicyVerdict {
    return this.#ignoresErrors ? nothing : { ...nothing, objections: [{ index: 0, message, reason: undefined }] };
  }

  /** All validations first, then the messages of those that do not hold. */
  #objections(values: ReturnType<typeof admissionVariables>): Objection[] {
    const run = new PolicyRun(values, this.#variables);
    const outcomes = this.#validations.map(({ expression }) => run.evaluate(expression));
    const failing = outcomes.map((outcome) => !('error' in outcome) && outcome.value !== true);
    const messages = this.#validations.map(({ message }) => (message ? this.#said(run, message) : undefined));
    return this.#validations.flatMap(({ validation }, index): Objection[] => {
      const outcome = outcomes[index];
      const said = messages[index];
      if (outcome && 'error' in outcome)
        return this.#failed(outcome.error).objections.map((one) => ({ ...one, index }));
      if (said instanceof OutOfBudget)
        return this.#failed(`failed messageExpression: ${said.message}`).objections.map((one) => ({ ...one, index }));
      if (!failing[index]) return [];
      const message = said || validation.message?.trim() || `failed expression: ${validation.expression.trim()}`;
      return [{ index, message, reason: validation.reason ?? 'Invalid' }];
    });
  }

  #said(run: PolicyRun, message: Expression | NoExpression): string | OutOfBudget | undefined {
    try {
      const outcome = run.evaluate(message);
      if ('error' in outcome || typeof outcome.value !== 'string') return undefined;
      const said = outcome.value.trim();
      return Buffer.byteLength(said) > longestMessage || said.includes('\n') ? undefined : said;
    } catch (error) {
      if (error instanceof OutOfBudget) return error;
      throw error;
    }
  }

  #notes(run: PolicyRun): Pick<PolicyVerdict, 'annotations' | 'failures'> {
    const annotations: { key: string; value: string }[] = [];
    const failures: string[] = [];
    for (const { key, value } of this.#annotations) {
      const outcome = run.evaluate(value);
      if ('error' in outcome) {
        if (!this.#ignoresErrors) failures.push(outcome.error);
      } else if (typeof outcome.value === 'string' && outcome.value.trim() !== '')
        annotations.push({ key, value: outcome.value.trim() });
    }
    return { annotations, failures };
  }
}

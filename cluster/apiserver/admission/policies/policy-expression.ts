import { compileExpression, type Expression, type NoExpression } from '../../cel/expression.ts';
import { kubernetesFunctions, patchFunctions } from '../../cel/functions/kubernetes-functions.ts';
import { dynType, readType, structType, typeText, type CelType } from '../../cel/types/cel-type.ts';
import type { Environment } from '../../cel/types/checker.ts';
import { CelCancelled, CelError, type CelMap, type Value } from '../../cel/values/value.ts';
import { patchTypeNamed } from './patch-types.ts';
import { namespaceType, requestType } from './admission-types.ts';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What a policy's expressions can speak of. */
export interface Declared {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** `Object{...}` and `JSONPatch{...}` can be made. */
  readonly hasPatches?: boolean;
  /** Types that are known of the objects; without them anything goes until it runs. */
  readonly object?: CelType;
  readonly params?: CelType;
}

/** A policy's own variables, in their order; each may use those before it. */
export interface PolicyVariable {
  readonly name: string;
  readonly compiled: Expression | NoExpression;
}

/** What one expression, and all of a policy together, may cost. */
const callLimit = 1_000_000;
export const policyBudget = 10_000_000;
export const conditionsBudget = 2_500_000;

/** The environment of one expression. */
export function policyEnvironment(declared: Declared, own: readonly PolicyVariable[] | undefined): Environment {
  const { object = dynType, params = dynType } = declared;
  const variables = new Map<string, CelType>([
    ['object', object],
    ['oldObject', object],
    ['namespaceObject', namespaceType],
    ['request', requestType],
  ]);
  if (declared.hasParams) variables.set('params', params);
  if (declared.hasAuthorizer) {
    variables.set('authorizer', readType('kubernetes.authorization.Authorizer'));
    variables.set('authorizer.requestResource', readType('kubernetes.authorization.ResourceCheck'));
  }
  if (own) {
    const types = new Map(own.map(({ name, compiled }) => [name, typeOfVariable(compiled)]));
    variables.set(
      'variables',
      structType('kubernetes.variables', (name) => types.get(name)),
    );
  }
  if (!declared.hasPatches) return { variables, functions: kubernetesFunctions };
  return { variables, functions: patchFunctions, structType: patchTypeNamed };
}

const passedOn = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'null',
  'string',
  'timestamp',
  'uint',
  'list',
  'map',
]);

function typeOfVariable(compiled: Expression | NoExpression): CelType {
  if (compiled.problem !== undefined || !passedOn.has(compiled.type.kind)) return dynType;
  return compiled.type;
}

/** Compiles an expression that must give one of these types; with none, any will do. */
export function compilePolicyExpression(
  text: string,
  environment: Environment,
  types: readonly string[] = [],
): Expression | NoExpression {
  const compiled = compileExpression(text, environment);
  if (compiled.problem !== undefined)
    return {
      problem: `${compiled.atStart ? 'program instantiation failed' : 'compilation failed'}: ${compiled.problem}`,
    };
  const name = typeText(compiled.type);
  if (types.length === 0 || types.includes(name)) return compiled;
  const [only] = types;
  const shown = name === 'null' ? 'null_type' : name;
  const wanted = types.length === 1 ? `${only ?? ''}` : `one of [${types.join(' ')}]`.replace('null', 'null_type');
  return { problem: `must evaluate to ${wanted} but got ${shown}` };
}

/** Compiles variables one after the other. */
export function compileVariables(variables: readonly NamedExpression[], declared: Declared): PolicyVariable[] {
  const compiled: PolicyVariable[] = [];
  for (const { name, expression } of variables)
    compiled.push({ name, compiled: compilePolicyExpression(expression, policyEnvironment(declared, compiled)) });
  return compiled;
}

/** All is spent: nothing more is evaluated. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

export type PolicyOutcome = { readonly value: Value } | { readonly error: string };

/** One evaluation of a policy for one request: its variables are shared by its expressions, and so is its budget. */
export class PolicyRun {
  readonly #base: (name: string) => Value | undefined;
  readonly #own: VariableMap;
  #budget: number;

  constructor(base: (name: string) => Value | undefined, own: readonly PolicyVariable[], budget = policyBudget) {
    this.#base = base;
    this.#budget = budget;
    this.#own = new VariableMap(own, (name) => this.resolve(name));
  }

  resolve(name: string): Value | undefined {
    return name === 'variables' ? this.#own : this.#base(name);
  }

  /** Throws `OutOfBudget`. */
  evaluate(compiled: Expression | NoExpression): PolicyOutcome {
    if (compiled.problem !== undefined) return { error: `compilation error: ${compiled.problem}` };
    const outcome = compiled.evaluate((name) => this.resolve(name), callLimit);
    this.#spend(this.#own.takeCost());
    this.#spend(outcome.cost);
    if (!('error' in outcome)) return { value: outcome.value };
    return { error: `expression '${compiled.text}' resulted in error: ${outcome.error.message}` };
  }

  #spend(cost: number): void {
    if (cost > this.#budget) throw new OutOfBudget();
    this.#budget -= cost;
  }
}

/** A policy's variables: each is evaluated when it is first asked for. */
class VariableMap implements CelMap {
  readonly isCelMap = true;
  readonly #own: ReadonlyMap<string, Expression | NoExpression>;
  readonly #resolve: (name: string) => Value | undefined;
  readonly #known = new Map<string, Value | CelError>();
  #cost = 0;

  constructor(own: readonly PolicyVariable[], resolve: (name: string) => Value | undefined) {
    this.#own = new Map(own.map(({ name, compiled }) => [name, compiled]));
    this.#resolve = resolve;
  }

  get size(): number {
    return this.#own.size;
  }

  keys(): Value[] {
    return [...this.#own.keys()];
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const known = this.#known.get(key) ?? this.#evaluate(key);
    if (known === undefined) return undefined;
    this.#known.set(key, known);
    if (known instanceof CelError) throw known;
    return known;
  }

  /** What evaluating has cost since it was last asked. */
  takeCost(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return cost;
  }

  #evaluate(name: string): Value | CelError | undefined {
    const compiled = this.#own.get(name);
    if (!compiled) return undefined;
    const quoted = `composited variable ${JSON.stringify(name)}`;
    if (compiled.problem !== undefined) return new CelError(`${quoted} fails to compile: ${compiled.problem}`);
    const outcome = compiled.evaluate(this.#resolve, callLimit);
    this.#cost += outcome.cost;
    if (!('error' in outcome)) return outcome.value;
    const { error } = outcome;
    if (error instanceof CelCancelled) throw error;
    return new CelError(`${quoted} fails to evaluate: ${error.message}`);
  }
}

import type { ClusterObject } from '../../../client.ts';
import type { Expression, NoExpression } from '../../cel/expression.ts';
import { jsonOf } from '../../cel/values/json-value.ts';
import { StructValue } from '../../cel/values/struct-value.ts';
import { isList, isMap, type Value } from '../../cel/values/value.ts';
import { mergeApplied } from '../../fields/merge-applied.ts';
import { fieldSchema, isLeaf, itemSchema } from '../../fields/typed-value.ts';
import type { Json, JsonObject, Schema } from '../../schema/schema.ts';
import { isObject } from '../../schema/structural-schema.ts';
import { applyWebhookPatch, patchOperations } from '../webhooks/webhook-patch.ts';
import { admissionVariables, type AdmissionInput } from './admission-input.ts';
import { compileMatchConditions, type MatchConditions, type MatchVerdict } from './match-conditions.ts';
import {
  compilePolicyExpression,
  compileVariables,
  policyEnvironment,
  PolicyRun,
  type NamedExpression,
  type PolicyVariable,
} from './policy-expression.ts';
import type { ParamKind } from './policy-params.ts';
import type { MatchResources } from './policy-source.ts';

interface Mutation {
  readonly patchType: 'ApplyConfiguration' | 'JSONPatch';
  readonly applyConfiguration?: { readonly expression: string };
  readonly jsonPatch?: { readonly expression: string };
}

export interface MutatingPolicySpec {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
  readonly paramKind?: ParamKind;
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  readonly mutations?: readonly Mutation[];
}

/** One change a policy makes: throws an error whose message says why it cannot. */
export type Mutate = (input: AdmissionInput, schema: Schema) => JsonObject;

/** A MutatingAdmissionPolicy, compiled. */
export class MutatingPolicy {
  readonly spec: MutatingPolicySpec;
  readonly mutations: readonly Mutate[];
  readonly #conditions: MatchConditions | undefined;

  constructor(policy: ClusterObject) {
    const spec = policy['spec'] as MutatingPolicySpec; // its kind's rules have checked it
    this.spec = spec;
    const declared = { hasParams: spec.paramKind !== undefined, hasAuthorizer: true };
    const variables = compileVariables(spec.variables ?? [], declared);
    const conditions = spec.matchConditions ?? [];
    if (conditions.length > 0) this.#conditions = compileMatchConditions(conditions, declared, variables);
    const environment = policyEnvironment({ ...declared, hasPatches: true }, variables);
    this.mutations = (spec.mutations ?? []).map(({ patchType, jsonPatch, applyConfiguration }) => {
      if (patchType === 'JSONPatch')
        return patching(
          compilePolicyExpression(jsonPatch?.expression ?? '', environment, ['list(JSONPatch)']),
          variables,
        );
      return applying(
        compilePolicyExpression(applyConfiguration?.expression ?? '', environment, ['Object']),
        variables,
      );
    });
  }

  matches(input: AdmissionInput): MatchVerdict {
    return this.#conditions?.evaluate(input) ?? { matches: true };
  }
}

function evaluate(
  input: AdmissionInput,
  compiled: Expression | NoExpression,
  variables: readonly PolicyVariable[],
): Value {
  const outcome = new PolicyRun(admissionVariables(input), variables).evaluate(compiled);
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome.value;
}

const jsonObject = (input: AdmissionInput): JsonObject => input.object as unknown as JsonObject; // objects of requests are JSON

function patching(compiled: Expression | NoExpression, variables: readonly PolicyVariable[]): Mutate {
  return (input) => {
    const patch = evaluate(input, compiled, variables);
    const operations = patchOperations(isList(patch) ? patch.map(operation) : []);
    try {
      return applyWebhookPatch(jsonObject(input), operations);
    } catch (error) {
      const { message } = error as Error; // nothing else is thrown
      if (message.endsWith('test failed')) return jsonObject(input);
      throw new Error(`JSON Patch: ${message}`, { cause: error });
    }
  };
}

function operation(value: Value): Json {
  if (isMap(value)) checkTypeNames(value.get('value'), 'Object', true);
  return jsonOf(value);
}

function applying(compiled: Expression | NoExpression, variables: readonly PolicyVariable[]): Mutate {
  return (input, schema) => {
    const value = evaluate(input, compiled, variables);
    checkTypeNames(value, 'Object', false);
    const applied = jsonOf(value) as JsonObject; // a struct
    const failed = (why: string): Error => new Error(`error applying patch: ${why}`);
    const unknown = unknownField(schema, applied, '');
    if (unknown !== undefined) throw failed(`failed to convert patch object to typed object: ${unknown}`);
    const whole = atomic(schema, applied, '');
    if (whole.length > 0)
      throw failed(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${whole.join(', ')}`);
    return mergeApplied(schema, jsonObject(input), applied) as JsonObject; // both are objects
  };
}

/** The name of each struct's type says where it stands: those in a patch begin wherever theirs does. */
function checkTypeNames(value: Value | undefined, at: string, anywhere: boolean): void {
  const found = [...wrongNames(value, anywhere && value instanceof StructValue ? value.celType.name : at)];
  if (found.length > 0) throw new Error(`type mismatch: ${found.join('\n')}`);
}

function* wrongNames(value: Value | undefined, at: string): Iterable<string> {
  if (value instanceof StructValue) {
    const { name } = value.celType;
    if (name !== at)
      yield `unexpected type name ${JSON.stringify(name)}, expected ${JSON.stringify(at)}, which matches field name path from root Object type`;
    for (const field of value.keys()) yield* wrongNames(value.get(field), `${at}.${field as string}`); // names of fields are texts
  } else if (isList(value)) {
    for (const item of value) yield* wrongNames(item, at);
  } else if (isMap(value)) {
    for (const key of value.keys()) yield* wrongNames(value.get(key), at);
  }
}

function unknownField(schema: Schema, value: Json, path: string): string | undefined {
  if (Array.isArray(value)) return value.map((item, index) => unknownField(itemSchema(schema), item, `${path}[${index}]`)).find(Boolean); // prettier-ignore
  if (!isObject(value) || schema.preserveUnknown) return undefined;
  for (const [field, item] of Object.entries(value)) {
    const below = fieldSchema(schema, field);
    const found = below
      ? unknownField(below, item, `${path}.${field}`)
      : `${path}.${field}: field not declared in schema`;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lists and maps that are replaced as a whole: an applied part would take away the rest. */
function atomic(schema: Schema, value: Json, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (path !== '' && isLeaf(schema, value)) return [path];
  if (Array.isArray(value))
    return value.flatMap((item, index) => atomic(itemSchema(schema), item, `${path}[${index}]`));
  return Object.entries(value).flatMap(([field, item]) =>
    atomic(fieldSchema(schema, field) ?? {}, item, `${path}.${field}`),
  );
}

import type { ClusterObject } from '../../../client.ts';
import { compileExpression } from '../../cel/expression.ts';
import { schemaType } from '../../cel/schema-type.ts';
import type { CelType } from '../../cel/types/cel-type.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';
import { apiVersionOf } from '../../store/kind-registry.ts';
import { compileVariables, policyEnvironment, type NamedExpression } from './policy-expression.ts';

/** What is wrong with one expression, for each kind of object that it is wrong for. */
export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

interface ResourceRule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
}

interface PolicySpec {
  readonly matchConstraints?: { readonly resourceRules?: readonly ResourceRule[] };
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly variables?: readonly NamedExpression[];
  readonly validations?: readonly { readonly expression: string; readonly messageExpression?: string }[];
}

/** Of more kinds than this, the rest is not looked at. */
const mostKinds = 10;
/** Schemas of schemas have no end. */
const endless = 'apiextensions.k8s.io';

/** The kinds that a rule names; one with a star in it names none. */
function kindsOfRule(
  kinds: KindRegistry,
  { apiGroups = [], apiVersions = [], resources = [] }: ResourceRule,
): KindInfo[] {
  if ([...apiGroups, ...apiVersions, ...resources].some((name) => name.includes('*'))) return [];
  const places = apiGroups.flatMap((group) => apiVersions.map((version) => ({ group, version })));
  return places
    .filter(({ group }) => group !== endless)
    .flatMap(({ group, version }) => resources.flatMap((resource) => kinds.find(group, version, resource) ?? []));
}

function kindsNamed(kinds: KindRegistry, rules: readonly ResourceRule[]): KindInfo[] {
  const found = new Set(rules.flatMap((rule) => kindsOfRule(kinds, rule)));
  const nameOf = (kind: KindInfo): string => `${apiVersionOf(kind)} ${kind.kind}`;
  return [...found].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, mostKinds);
}

const typeOf = (kind: KindInfo | undefined): CelType | undefined =>
  kind && kind.group !== endless ? schemaType(kind.schema, kind.kind, false)?.type : undefined;

function paramKind(
  kinds: KindRegistry,
  { apiVersion = '', kind = '' }: NonNullable<PolicySpec['paramKind']>,
): KindInfo | undefined {
  return kinds.all().find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
}

/** What a policy's validations say of fields that the objects they are for do not have, or have with other types. */
export function typeWarnings(policy: ClusterObject, kinds: KindRegistry): ExpressionWarning[] {
  const spec = (policy['spec'] ?? {}) as PolicySpec; // its kind's rules have checked it
  const named = kindsNamed(kinds, spec.matchConstraints?.resourceRules ?? []);
  const params = spec.paramKind && typeOf(paramKind(kinds, spec.paramKind));
  const environments = named.map((kind) => {
    const object = typeOf(kind);
    const declared = {
      hasParams: spec.paramKind !== undefined,
      hasAuthorizer: true,
      ...(object && { object }),
      ...(params && { params }),
    };
    return { kind, environment: policyEnvironment(declared, compileVariables(spec.variables ?? [], declared)) };
  });
  const warningsOf = (fieldRef: string, expression: string): ExpressionWarning[] => {
    const found = environments.flatMap(({ kind, environment }) => {
      const { problem } = compileExpression(expression, environment);
      return problem === undefined ? [] : [`${apiVersionOf(kind)}, Kind=${kind.kind}: ${problem}\n`];
    });
    return found.length > 0 ? [{ fieldRef, warning: found.join('\n') }] : [];
  };
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, index) => [
    ...warningsOf(`spec.validations[${index}].expression`, expression),
    ...(messageExpression ? warningsOf(`spec.validations[${index}].messageExpression`, messageExpression) : []),
  ]);
}

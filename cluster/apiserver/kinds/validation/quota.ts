import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, texts } from '../rules/set-default.ts';
import { at, eachItem, invalid, required } from './cause.ts';
import { validateQuotaResourceName } from './resource-name.ts';

const computeNames = ['cpu', 'memory', 'ephemeral-storage'];
const podResources = new Set([
  'pods',
  ...computeNames,
  ...['requests', 'limits'].flatMap((prefix) => computeNames.map((name) => `${prefix}.${name}`)),
]);
const claimResources = new Set(['persistentvolumeclaims', 'requests.storage', 'storage']);

/** Which resources a quota of a scope may count; undefined for a scope nobody knows. */
function countedIn(scope: string): ((name: string) => boolean) | undefined {
  switch (scope) {
    case 'BestEffort':
      return (name) => name === 'pods';
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return (name) => podResources.has(name);
    case 'VolumeAttributesClass':
      return (name) => claimResources.has(name);
    default:
      return undefined;
  }
}

/** What is wrong with a ResourceQuota. */
export function validateResourceQuota(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const names = Object.keys(fieldsIn(spec['hard']));
  return [
    ...validateAmounts(spec['hard'], 'spec.hard'),
    ...validateScopes(spec['scopes'], names),
    ...eachItem(fieldsIn(spec['scopeSelector'])['matchExpressions'], '', (expression) =>
      validateScopeTerm(expression, names),
    ),
  ];
}

/** Amounts by resource, in the spec or the status of a quota. */
export function validateAmounts(amounts: unknown, field: string): Cause[] {
  return Object.entries(fieldsIn(amounts)).flatMap(([name, amount]) => {
    const path = at(field, name);
    const value = quantityValue(optionalText(amount));
    const causes = validateQuotaResourceName(name, path);
    if (value < 0) causes.push(invalid(path, amount, 'must be greater than or equal to 0'));
    return causes;
  });
}

const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function validateScopes(value: unknown, names: readonly string[]): Cause[] {
  const scopes = texts(value);
  const causes = scopes.flatMap((scope) => validateScope(scope, { names, field: 'spec.scopes', shown: scopes }));
  for (const pair of opposites) {
    if (pair.every((scope) => scopes.includes(scope)))
      causes.push(invalid('spec.scopes', scopes, 'conflicting scopes'));
  }
  return causes;
}

function validateScope(
  scope: string,
  { names, field, shown }: { names: readonly string[]; field: string; shown: unknown },
): Cause[] {
  const counts = countedIn(scope);
  if (!counts) return [invalid(field, shown, 'unsupported scope')];
  const standard = names.filter((name) => !name.includes('/') && validateQuotaResourceName(name, '').length === 0);
  return standard.some((name) => !counts(name)) ? [invalid(field, shown, 'unsupported scope applied to resource')] : [];
}

const path = 'spec.scopeSelector.matchExpressions';
const onlyExists = new Set([
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
]);

function validateScopeTerm(expression: JsonObject, names: readonly string[]): Cause[] {
  const scope = optionalText(expression['scopeName']);
  const operator = optionalText(expression['operator']);
  const causes = validateScope(scope, { names, field: `${path}.scopeName`, shown: scope });
  if (onlyExists.has(scope) && operator !== 'Exists') {
    causes.push(invalid(`${path}.operator`, operator, `must be 'Exist' when scope is any of ${scopesOfExists}`));
  }
  return [...causes, ...validateOperator(operator, expression['values'])];
}

const scopesOfExists =
  'ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

function validateOperator(operator: string, values: unknown): Cause[] {
  const count = texts(values).length;
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const note = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      return count > 0 ? [] : [required(`${path}.values`, note)];
    }
    case 'Exists':
    case 'DoesNotExist': {
      const note = "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector";
      return count === 0 ? [] : [invalid(`${path}.values`, values, note)];
    }
    default:
      return [invalid(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}

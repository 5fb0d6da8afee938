import { compilePolicyExpression } from '../../admission/policies/policy-expression.ts';
import type { Expression, NoExpression } from '../../cel/expression.ts';
import { kubernetesFunctions } from '../../cel/functions/kubernetes-functions.ts';
import { boolType, dynType, mapType, readType, stringType, structType } from '../../cel/types/cel-type.ts';
import type { CelType } from '../../cel/types/cel-type.ts';
import type { Environment } from '../../cel/types/checker.ts';

/** Values by the domain of the driver, then by their names. */
const byDomain = (value: CelType): CelType => mapType(stringType, mapType(stringType, value));

const fields: Readonly<Record<string, CelType>> = {
  driver: stringType,
  attributes: byDomain(dynType),
  capacity: byDomain(readType('kubernetes.Quantity')),
  allowMultipleAllocations: boolType,
};

const environment: Environment = {
  variables: new Map([['device', structType('kubernetes.DRADevice', (name) => fields[name])]]),
  functions: kubernetesFunctions,
};

/** Compiles an expression that tells of one device whether it is wanted. */
export function compileDeviceExpression(text: string): Expression | NoExpression {
  return compilePolicyExpression(text, environment, ['bool']);
}

import type { Schema, ValidationRule } from '../schema/schema.ts';
import { compileExpression, type Expression, type NoExpression } from './expression.ts';
import { kubernetesFunctions } from './functions/kubernetes-functions.ts';
import { schemaType, type SchemaType } from './schema-type.ts';
import { optionalType, type CelType } from './types/cel-type.ts';
import type { Environment } from './types/checker.ts';

/** One rule of a custom kind, compiled. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly expression: Expression | NoExpression;
  readonly message: Expression | NoExpression | undefined;
  /** It compares with the value before: it is a rule about changes. */
  readonly usesOld: boolean;
}

/** The rules of a schema node; types are those of its values. */
export function compileRules(rules: readonly ValidationRule[], type: CelType): CompiledRule[] {
  return rules.map((rule) => {
    const environment = ruleEnvironment(type, rule.optionalOldSelf === true);
    const expression = checked(rule.rule, environment, 'bool');
    const message =
      rule.messageExpression === undefined || expression.problem !== undefined
        ? undefined
        : checked(rule.messageExpression, environment, 'string');
    return { rule, expression, message, usesOld: expression.problem === undefined && expression.uses('oldSelf') };
  });
}

function ruleEnvironment(self: CelType, optionalOldSelf: boolean): Environment {
  const variables = new Map([
    ['self', self],
    ['oldSelf', optionalOldSelf ? optionalType(self) : self],
  ]);
  return { variables, functions: kubernetesFunctions };
}

function checked(text: string, environment: Environment, type: 'bool' | 'string'): Expression | NoExpression {
  const what = type === 'bool' ? '' : 'messageExpression ';
  const expression = compileExpression(text, environment);
  if (expression.problem !== undefined) {
    const broken = expression.atStart
      ? (type === 'bool' ? 'program ' : what) + 'instantiation failed'
      : `${what}compilation failed`;
    return { problem: `${broken}: ${expression.problem}` };
  }
  if (expression.type.kind === type) return expression;
  return {
    problem: type === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string',
  };
}

let lastName = 0;

/** The type under which a node's values are known in messages: a name that nobody can rely on. */
export function selfType(schema: Schema, isResource: boolean): SchemaType | undefined {
  lastName = (lastName + 1) % 1_000_000_000;
  return schemaType(schema, `selfType${lastName}`, isResource);
}

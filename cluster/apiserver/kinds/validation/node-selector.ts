import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { items, optionalText, texts } from '../rules/set-default.ts';
import { eachItem, eachText, forbidden, invalid, required } from './cause.ts';
import { dns1123Subdomain, labelValue, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

/** Where a mistake in a value is one: a wish that cannot be met is only warned of. */
export interface TermRules {
  readonly checkValues: boolean;
}

/** What is wrong with a selector of nodes that must be met. */
export function validateNodeSelector(selector: JsonObject, field: string): Cause[] {
  const path = `${field}.nodeSelectorTerms`;
  if (items(selector['nodeSelectorTerms']).length === 0)
    return [required(path, 'must have at least one node selector term')];
  return eachItem(selector['nodeSelectorTerms'], path, (term, at_) =>
    validateNodeTerm(term, at_, { checkValues: true }),
  );
}

export function validateNodeTerm(term: JsonObject, field: string, rules: TermRules): Cause[] {
  return [
    ...eachItem(term['matchExpressions'], `${field}.matchExpressions`, (item, path) =>
      validateRequirement(item, path, rules),
    ),
    ...eachItem(term['matchFields'], `${field}.matchFields`, validateFieldRequirement),
  ];
}

function validateRequirement(
  { key, operator, values }: JsonObject,
  field: string,
  { checkValues }: TermRules,
): Cause[] {
  const name = optionalText(operator);
  const isNumber = name === 'Gt' || name === 'Lt';
  return [
    ...operatorCauses(name, texts(values), field),
    ...checkFormat(`${field}.key`, optionalText(key), qualifiedName),
    ...(checkValues && !isNumber
      ? eachText(values, `${field}.values`, (value, path) => checkFormat(path, value, labelValue))
      : []),
  ];
}

function operatorCauses(operator: string, values: readonly string[], field: string): Cause[] {
  const path = `${field}.values`;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [required(path, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbidden(path, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(path, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

/** Of the fields of a node only its name can be asked for, one at a time. */
function validateFieldRequirement({ key, operator, values }: JsonObject, field: string): Cause[] {
  const [name, path] = [optionalText(operator), optionalText(key)];
  const causes: Cause[] = [];
  if (name !== 'In' && name !== 'NotIn')
    causes.push(invalid(`${field}.operator`, name, 'not a valid selector operator'));
  else if (texts(values).length !== 1)
    causes.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (path !== 'metadata.name') return [...causes, invalid(`${field}.key`, path, 'not a valid field selector key')];
  return [...causes, ...eachText(values, `${field}.values`, (value, at_) => checkFormat(at_, value, dns1123Subdomain))];
}

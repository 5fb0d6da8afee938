import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { validateRuleWithOperations } from './admission-rule.ts';
import { duplicate, eachItem, eachText, forbidden, invalid, notSupported, repeated, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1035Label, dns1123Subdomain, pathSegment, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';
import { validateMatchConditions, validateNeededChoice } from './webhook.ts';

/** What is wrong with a ValidatingAdmissionPolicy, but for what its expressions mean. */
export function validateValidatingPolicy(policy: ClusterObject): Cause[] {
  const spec = fieldsIn(policy['spec']);
  const empty = items(spec['validations']).length === 0 && items(spec['auditAnnotations']).length === 0;
  const note = 'validations or auditAnnotations must contain at least one item';
  return [
    ...validatePolicySpec(spec),
    ...(empty ? [required('spec.validations', note), required('spec.auditAnnotations', note)] : []),
    ...eachItem(spec['validations'], 'spec.validations', validateValidation),
    ...validateAuditAnnotations(spec['auditAnnotations'], policy.metadata.name),
  ];
}

/** What is wrong with a MutatingAdmissionPolicy, but for what its expressions mean. */
export function validateMutatingPolicy(policy: ClusterObject): Cause[] {
  const spec = fieldsIn(policy['spec']);
  const mutations = items(spec['mutations']);
  return [
    ...validatePolicySpec(spec),
    ...items(fieldsIn(spec['matchConstraints'])['resourceRules']).flatMap(validateMutatedOperations),
    ...(mutations.length === 0 ? [required('spec.mutations', 'mutations must contain at least one item')] : []),
    ...eachItem(spec['mutations'], 'spec.mutations', validateMutation),
    ...validateNeededChoice(spec['reinvocationPolicy'], 'spec.reinvocationPolicy', ['IfNeeded', 'Never']),
  ];
}

function validatePolicySpec(spec: JsonObject): Cause[] {
  const constraints = record(spec['matchConstraints']);
  return [
    ...validateChoice(spec, 'failurePolicy', { field: 'spec', supported: ['Fail', 'Ignore'] }),
    ...validateParamKind(record(spec['paramKind']), 'spec.paramKind'),
    ...(constraints ? validateConstraints(constraints) : [required('spec.matchConstraints')]),
    ...validateMatchConditions(
      spec['matchConditions'],
      'spec.matchConditions',
      record(spec['paramKind']) !== undefined,
    ),
    ...validateVariables(spec['variables']),
  ];
}

function validateConstraints(constraints: JsonObject): Cause[] {
  const field = 'spec.matchConstraints';
  const missing = items(constraints['resourceRules']).length === 0;
  return [...validateMatchResources(constraints, field), ...(missing ? [required(`${field}.resourceRules`)] : [])];
}

/** Which objects a policy or a binding is about. */
function validateMatchResources(match: JsonObject, field: string): Cause[] {
  const rules = (name: string): Cause[] =>
    eachItem(match[name], `${field}.${name}`, (rule, path) => [
      ...validateRuleWithOperations(rule, path),
      ...validateNames(rule['resourceNames'], `${path}.resourceNames`),
    ]);
  return [
    ...validateChoice(match, 'matchPolicy', { field, supported: ['Equivalent', 'Exact'] }),
    ...validateSelector(match['namespaceSelector'], `${field}.namespaceSelector`),
    ...validateSelector(match['objectSelector'], `${field}.objectSelector`),
    ...rules('resourceRules'),
    ...rules('excludeResourceRules'),
  ];
}

function validateNames(names: unknown, field: string): Cause[] {
  return [...eachText(names, field, (name, path) => checkFormat(path, name, pathSegment)), ...repeated(names, field)];
}

const mutableBy = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

function validateMutatedOperations(rule: JsonObject): Cause[] {
  return texts(rule['operations'])
    .filter((operation) => !mutableBy.includes(operation))
    .map((operation) => notSupported('spec.matchConstraints.resourceRules.operations', operation, mutableBy));
}

function validateParamKind(kind: JsonObject | undefined, field: string): Cause[] {
  if (!kind) return [];
  const [apiVersion, name] = [optionalText(kind['apiVersion']), optionalText(kind['kind'])];
  const mixed = dns1035Label(name.toLowerCase());
  return [
    ...(apiVersion ? validateApiVersion(apiVersion, `${field}.apiVersion`) : [required(`${field}.apiVersion`)]),
    ...(name
      ? mixed.map((problem) =>
          invalid(`${field}.kind`, name, `may have mixed case, but should otherwise match: ${problem}`),
        )
      : [required(`${field}.kind`)]),
  ];
}

function validateApiVersion(apiVersion: string, field: string): Cause[] {
  const [version = '', group = '', ...more] = apiVersion.split('/').reverse();
  if (more.length > 0) return [invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  return [
    ...(group ? dns1123Subdomain(group).map((problem) => invalid(field, group, problem)) : []),
    ...dns1035Label(version).map((problem) => invalid(field, version, problem)),
  ];
}

const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

function validateVariables(variables: unknown): Cause[] {
  return eachItem(variables, 'spec.variables', (variable, field) => {
    const [name, expression] = [optionalText(variable['name']), optionalText(variable['expression'])];
    return [
      ...(name ? [] : [required(`${field}.name`, 'name is not specified')]),
      ...(name && !identifier.test(name) ? [invalid(`${field}.name`, name, 'must be a valid CEL identifier')] : []),
      ...(expression.trim() ? [] : [required(`${field}.expression`, 'expression is not specified')]),
    ];
  });
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const shownReasons = reasons.slice(0, 3);

function validateValidation(validation: JsonObject, field: string): Cause[] {
  const expression = optionalText(validation['expression']).trim();
  const { message, messageExpression, reason } = validation;
  const known = reason === undefined || reasons.includes(optionalText(reason));
  return [
    ...(expression ? [] : [required(`${field}.expression`, 'expression is not specified')]),
    ...(messageExpression !== undefined && !optionalText(messageExpression).trim()
      ? [invalid(`${field}.messageExpression`, messageExpression, 'must be non-empty if specified')]
      : []),
    ...(message === undefined ? [] : validateMessage(optionalText(message), `${field}.message`)),
    ...(known ? [] : [notSupported(`${field}.reason`, reason, shownReasons)]),
  ];
}

function validateMessage(message: string, field: string): Cause[] {
  if (!message.trim()) return [invalid(field, message, 'message must be non-empty if specified')];
  return /\r|\n/.test(message) ? [invalid(field, message, 'message must not contain line breaks')] : [];
}

/** Keys are published under the name of the policy, so together they must be a qualified name. */
function validateAuditAnnotations(annotations: unknown, policyName: string | undefined): Cause[] {
  const keys = new Set<string>();
  return eachItem(annotations, 'spec.auditAnnotations', (annotation, field) => {
    const [key, expression] = [optionalText(annotation['key']), optionalText(annotation['valueExpression'])];
    const causes = policyName
      ? checkFormat(`${field}.key`, `${policyName}/${key}`, qualifiedName)
      : [invalid(`${field}.key`, key, 'requires metadata.name be non-empty')];
    if (!expression.trim()) causes.push(required(`${field}.valueExpression`, 'valueExpression is not specified'));
    if (keys.has(key)) causes.push(duplicate(`${field}.key`, key));
    keys.add(key);
    return causes;
  });
}

const patchTypes: Readonly<Record<string, string>> = {
  ApplyConfiguration: 'applyConfiguration',
  JSONPatch: 'jsonPatch',
};

function validateMutation(mutation: JsonObject, field: string): Cause[] {
  const type = optionalText(mutation['patchType']);
  const member = patchTypes[type];
  if (!member) return validateNeededChoice(type, `${field}.patchType`, Object.keys(patchTypes));
  const causes: Cause[] = [];
  for (const [otherType, other] of Object.entries(patchTypes)) {
    if (other !== member && record(mutation[other]))
      causes.push(
        invalid(
          `${field}.${other}`,
          `{"Expression":${JSON.stringify(fieldsIn(mutation[other])['expression'])}}`,
          `must not be specified when patchType is not ${otherType}`,
        ),
      );
  }
  const patch = record(mutation[member]);
  if (!patch) return [...causes, required(`${field}.${member}`, `must be specified when patchType is ${type}`)];
  return optionalText(patch['expression']).trim() ? causes : [...causes, required(`${field}.${member}.expression`)];
}

const actions = ['Audit', 'Deny', 'Warn'];

/** What is wrong with a ValidatingAdmissionPolicyBinding. */
export function validateValidatingBinding(binding: ClusterObject): Cause[] {
  const spec = fieldsIn(binding['spec']);
  const given = texts(spec['validationActions']);
  const field = 'spec.validationActions';
  const causes = validateBindingSpec(spec);
  if (given.length === 0) return [...causes, required(field, 'at least one validation action is required')];
  causes.push(
    ...eachText(given, field, (action, path) =>
      actions.includes(action) ? [] : [notSupported(path, action, actions)],
    ),
    ...repeated(given, field),
  );
  if (given.includes('Deny') && given.includes('Warn'))
    causes.push(
      invalid(
        field,
        given,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  return causes;
}

/** What is wrong with a MutatingAdmissionPolicyBinding. */
export function validateMutatingBinding(binding: ClusterObject): Cause[] {
  return validateBindingSpec(fieldsIn(binding['spec']));
}

function validateBindingSpec(spec: JsonObject): Cause[] {
  const name = optionalText(spec['policyName']);
  const [reference, match] = [record(spec['paramRef']), record(spec['matchResources'])];
  return [
    ...(name ? checkFormat('spec.policyName', name, dns1123Subdomain) : [required('spec.policyName')]),
    ...(reference ? validateParamRef(reference, 'spec.paramRef') : []),
    ...(match ? validateMatchResources(match, 'spec.matchResources') : []),
  ];
}

function validateParamRef(reference: JsonObject, field: string): Cause[] {
  const name = optionalText(reference['name']);
  const selector = record(reference['selector']);
  const causes = name ? checkFormat(`${field}.name`, name, pathSegment) : [];
  if (!name && !selector) causes.push(required(field, 'one of name or selector must be specified'));
  if (name && selector) causes.push(forbidden(`${field}.name`, 'name and selector are mutually exclusive'));
  causes.push(...validateSelector(selector, `${field}.selector`));
  return [
    ...causes,
    ...validateNeededChoice(reference['parameterNotFoundAction'], `${field}.parameterNotFoundAction`, [
      'Deny',
      'Allow',
    ]),
  ];
}

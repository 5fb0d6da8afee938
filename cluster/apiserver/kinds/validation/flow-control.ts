import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { eachItem, eachText, forbidden, invalid, notSupported, required } from './cause.ts';
import { dns1123Label, dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateNeededChoice } from './webhook.ts';

const lowestPrecedence = 10_000;
const subjectKinds = ['Group', 'ServiceAccount', 'User'];
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** What is wrong with a FlowSchema. */
export function validateFlowSchema(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const precedence = Number(spec['matchingPrecedence'] ?? 0);
  const level = optionalText(fieldsIn(spec['priorityLevelConfiguration'])['name']);
  const levelField = 'spec.priorityLevelConfiguration.name';
  return [
    ...(precedence <= 0 ? [invalid('spec.matchingPrecedence', precedence, 'must be a positive value')] : []),
    ...(precedence > lowestPrecedence
      ? [invalid('spec.matchingPrecedence', precedence, `must not be greater than ${lowestPrecedence}`)]
      : []),
    ...(precedence === 1 && object.metadata.name !== 'exempt'
      ? [invalid('spec.matchingPrecedence', precedence, "only the schema named 'exempt' may have matchingPrecedence 1")]
      : []),
    ...validateDistinguisher(record(spec['distinguisherMethod'])),
    ...(level
      ? checkFormat(levelField, level, dns1123Subdomain)
      : [required(levelField, 'must reference a priority level')]),
    ...eachItem(spec['rules'], 'spec.rules', validateRule),
  ];
}

function validateDistinguisher(method: JsonObject | undefined): Cause[] {
  const type = optionalText(method?.['type']);
  const supported = ['ByNamespace', 'ByUser'];
  if (!method || supported.includes(type)) return [];
  return [notSupported('spec.distinguisherMethod.type', { Type: type }, supported)];
}

function validateRule(rule: JsonObject, field: string): Cause[] {
  const empty = items(rule['resourceRules']).length + items(rule['nonResourceRules']).length === 0;
  return [
    ...(items(rule['subjects']).length === 0
      ? [required(`${field}.subjects`, 'subjects must contain at least one value')]
      : eachItem(rule['subjects'], `${field}.subjects`, validateSubject)),
    ...(empty ? [required(field, 'at least one of resourceRules and nonResourceRules has to be non-empty')] : []),
    ...eachItem(rule['resourceRules'], `${field}.resourceRules`, validateResourceRule),
    ...eachItem(rule['nonResourceRules'], `${field}.nonResourceRules`, validatePathRule),
  ];
}

function validateSubject(subject: JsonObject, field: string): Cause[] {
  const kind = optionalText(subject['kind']);
  if (!subjectKinds.includes(kind)) return [notSupported(`${field}.kind`, kind, subjectKinds)];
  const member = kind.charAt(0).toLowerCase() + kind.slice(1);
  const named = record(subject[member]);
  const others = ['group', 'serviceAccount', 'user'].filter((other) => other !== member && record(subject[other]));
  const causes = others.map((other) =>
    forbidden(
      `${field}.${other}`,
      `${other} is forbidden when subject kind is not '${other.charAt(0).toUpperCase()}${other.slice(1)}'`,
    ),
  );
  if (!named)
    return [required(`${field}.${member}`, `${member} is required when subject kind is '${kind}'`), ...causes];
  return [...validateNamed(named, member, `${field}.${member}`), ...causes];
}

function validateNamed(named: JsonObject, member: string, field: string): Cause[] {
  const name = optionalText(named['name']);
  if (member !== 'serviceAccount') return name ? [] : [required(`${field}.name`)];
  const namespace = optionalText(named['namespace']);
  const nameCauses =
    name === '*' ? [] : name ? checkFormat(`${field}.name`, name, dns1123Subdomain) : [required(`${field}.name`)];
  return [
    ...nameCauses,
    ...(namespace
      ? checkFormat(`${field}.namespace`, namespace, dns1123Label)
      : [required(`${field}.namespace`, 'must specify namespace for service account')]),
  ];
}

function validateStar(list: readonly string[], field: string, what: string): Cause[] {
  const alone = list.length > 1 && list.includes('*');
  return alone ? [invalid(field, list, `if '*' is present, must not specify other ${what}`)] : [];
}

function validateVerbs(rule: JsonObject, field: string): Cause[] {
  const given = texts(rule['verbs']);
  if (given.length === 0) return [required(`${field}.verbs`, 'verbs must contain at least one value')];
  if (given.includes('*')) return validateStar(given, `${field}.verbs`, 'verbs');
  return given.every((verb) => verbs.includes(verb)) ? [] : [notSupported(`${field}.verbs`, given, verbs)];
}

function validateResourceRule(rule: JsonObject, field: string): Cause[] {
  const [groups, resources, namespaces] = [
    texts(rule['apiGroups']),
    texts(rule['resources']),
    texts(rule['namespaces']),
  ];
  const needsNamespaces = namespaces.length === 0 && rule['clusterScope'] !== true;
  return [
    ...validateVerbs(rule, field),
    ...(groups.length === 0
      ? [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')]
      : []),
    ...validateStar(groups, `${field}.apiGroups`, 'api groups'),
    ...(resources.length === 0
      ? [required(`${field}.resources`, 'resource rules must supply at least one resource')]
      : []),
    ...validateStar(resources, `${field}.resources`, 'resources'),
    ...(needsNamespaces
      ? [
          required(
            `${field}.namespaces`,
            'resource rules that are not cluster scoped must supply at least one namespace',
          ),
        ]
      : []),
    ...validateNamespaces(namespaces, `${field}.namespaces`),
  ];
}

function validateNamespaces(namespaces: readonly string[], field: string): Cause[] {
  if (namespaces.includes('*')) return validateStar(namespaces, field, 'namespaces');
  return eachText(namespaces, field, (name, path) =>
    dns1123Label(name).map((problem) =>
      invalid(path, name, `each member of this list must be '*' or a DNS-1123 label; ${problem}`),
    ),
  );
}

function validatePathRule(rule: JsonObject, field: string): Cause[] {
  const paths = texts(rule['nonResourceURLs']);
  const path = `${field}.nonResourceURLs`;
  const causes = validateVerbs(rule, field);
  if (paths.length === 0) return [...causes, required(path, 'nonResourceURLs must contain at least one value')];
  if (paths.includes('*')) return [...causes, ...validateStar(paths, path, 'non-resource URLs')];
  return [...causes, ...eachText(paths, path, validateUrlPath)];
}

function validateUrlPath(path: string, field: string): Cause[] {
  if (path === '/') return [];
  if (path === '') return [invalid(field, path, 'must not be empty')];
  if (!path.startsWith('/')) return [invalid(field, path, 'must start with slash')];
  if (path.includes(' ')) return [invalid(field, path, 'must not contain white-space')];
  if (path.includes('//')) return [invalid(field, path, 'must not contain double slash')];
  const star = path.indexOf('*');
  if (star < 0 || (star === path.length - 1 && path.endsWith('/*'))) return [];
  return [invalid(field, path, "wildcard can only do suffix matching with '/*'")];
}

/** What is wrong with a PriorityLevelConfiguration. */
export function validatePriorityLevel(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const type = optionalText(spec['type']);
  const causes = validateNeededChoice(type, 'spec.type', ['Exempt', 'Limited']);
  if (causes.length > 0) return causes;
  if ((type === 'Exempt') !== (object.metadata.name === 'exempt'))
    causes.push(invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  return [...causes, ...(type === 'Exempt' ? validateExempt(spec) : validateLimited(spec))];
}

function validateExempt(spec: JsonObject): Cause[] {
  const exempt = record(spec['exempt']);
  return [
    ...(record(spec['limited']) ? [forbidden('spec.limited', 'must be nil if the type is not Limited')] : []),
    ...(exempt ? validateShares(exempt, 'spec.exempt') : []),
  ];
}

function validateShares(level: JsonObject, field: string): Cause[] {
  const [shares, lendable] = [Number(level['nominalConcurrencyShares'] ?? 0), Number(level['lendablePercent'] ?? 0)];
  return [
    ...(shares < 0 ? [invalid(`${field}.nominalConcurrencyShares`, shares, 'must be a non-negative integer')] : []),
    ...(lendable < 0 || lendable > 100
      ? [invalid(`${field}.lendablePercent`, lendable, 'must be between 0 and 100, inclusive')]
      : []),
  ];
}

function validateLimited(spec: JsonObject): Cause[] {
  const limited = record(spec['limited']);
  const field = 'spec.limited';
  const causes = record(spec['exempt']) ? [forbidden('spec.exempt', 'must be nil if the type is Limited')] : [];
  if (!limited) return [...causes, required(field, 'must not be empty when type is Limited')];
  const borrowing = limited['borrowingLimitPercent'];
  const note = 'if specified, must be a non-negative integer';
  return [
    ...causes,
    ...validateShares(limited, field),
    ...validateResponse(fieldsIn(limited['limitResponse']), `${field}.limitResponse`),
    ...(typeof borrowing === 'number' && borrowing < 0
      ? [invalid(`${field}.borrowingLimitPercent`, borrowing, note)]
      : []),
  ];
}

function validateResponse(response: JsonObject, field: string): Cause[] {
  const type = optionalText(response['type']);
  const queuing = record(response['queuing']);
  if (type === 'Queue') {
    const note = 'must not be empty if limited.limitResponse.type is Limited';
    return queuing ? validateQueuing(queuing, `${field}.queuing`) : [required(`${field}.queuing`, note)];
  }
  if (type === 'Reject' && queuing)
    return [forbidden(`${field}.queuing`, 'must be nil if limited.limitResponse.type is not Limited')];
  return validateNeededChoice(type, `${field}.type`, ['Queue', 'Reject']);
}

const mostQueues = 10_000_000;
const mostEntropyBits = 60;

function validateQueuing(queuing: JsonObject, field: string): Cause[] {
  const [queues, hand, length] = ['queues', 'handSize', 'queueLengthLimit'].map((name) => Number(queuing[name] ?? 0));
  const [queueCount = 0, handSize = 0] = [queues, hand];
  const causes: Cause[] = [];
  if ((length ?? 0) <= 0) causes.push(invalid(`${field}.queueLengthLimit`, length, 'must be positive'));
  if (queueCount <= 0) causes.push(invalid(`${field}.queues`, queueCount, 'must be positive'));
  else if (queueCount > mostQueues)
    causes.push(invalid(`${field}.queues`, queueCount, `must not be greater than ${mostQueues}`));
  return [...causes, ...validateHand(handSize, queueCount, `${field}.handSize`)];
}

function validateHand(handSize: number, queues: number, field: string): Cause[] {
  if (handSize <= 0) return [invalid(field, handSize, 'must be positive')];
  if (handSize > queues) return [invalid(field, handSize, `should not be greater than queues (${queues})`)];
  let bits = 0;
  for (let dealt = 0; dealt < handSize; dealt++) bits += Math.log2(queues - dealt);
  if (Math.ceil(bits) <= mostEntropyBits) return [];
  const note = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${mostEntropyBits}`;
  return [invalid(field, handSize, note)];
}

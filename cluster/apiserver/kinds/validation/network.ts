import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { sentEmpty } from '../../codec/sent-empty.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { haveSharedFamily, validateCanonicalAddress, validateCanonicalCidr, validateCidr } from './address.ts';
import { at, eachItem, eachText, invalid, notSupported, required } from './cause.ts';
import { dns1123Label, dns1123Subdomain, pathSegment, portName, portNumber, wildcardSubdomain } from './format.ts';
import { validatePort } from './handler.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateIngress(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const missing = items(spec['rules']).length === 0 && !record(spec['defaultBackend']);
  const name = spec['ingressClassName'];
  const shown = spec['rules'] ?? sentEmpty(spec, 'rules') ?? null;
  return [
    ...(missing ? [invalid('spec', shown, 'either `defaultBackend` or `rules` must be specified')] : []),
    ...eachItem(spec['tls'], 'spec.tls', validateTls),
    ...eachItem(spec['rules'], 'spec.rules', validateIngressRule),
    ...validateBackend(record(spec['defaultBackend']), 'spec.defaultBackend', false),
    ...(name === undefined ? [] : checkFormat('spec.ingressClassName', optionalText(name), dns1123Subdomain)),
  ];
}

function validateHost(host: string, field: string): Cause[] {
  return checkFormat(field, host, host.includes('*') ? wildcardSubdomain : dns1123Subdomain);
}

function validateTls(tls: JsonObject, field: string): Cause[] {
  const secret = optionalText(tls['secretName']);
  return [
    ...eachText(tls['hosts'], `${field}.hosts`, validateHost),
    ...(secret ? checkFormat(`${field}.secretName`, secret, dns1123Subdomain) : []),
  ];
}

function validateIngressRule(rule: JsonObject, field: string): Cause[] {
  const host = optionalText(rule['host']);
  const http = record(rule['http']);
  const empty = http && items(http['paths']).length === 0;
  return [
    ...(host ? validateHost(host, `${field}.host`) : []),
    ...(empty ? [required(`${field}.http.paths`)] : []),
    ...eachItem(http?.['paths'], `${field}.http.paths`, validatePath),
  ];
}

function validatePath(path: JsonObject, field: string): Cause[] {
  const type = path['pathType'];
  const text = optionalText(path['path']);
  const typeCauses =
    type === undefined || type === null
      ? [required(`${field}.pathType`, 'pathType must be specified')]
      : pathTypes.includes(optionalText(type))
        ? []
        : [notSupported(`${field}.pathType`, type, pathTypes)];
  const needsPath = type === 'Exact' || type === 'Prefix' || (type === 'ImplementationSpecific' && text !== '');
  return [
    ...typeCauses,
    ...(needsPath && !text.startsWith('/') ? [invalid(`${field}.path`, text, 'must be an absolute path')] : []),
    ...validateBackend(record(path['backend']), `${field}.backend`, true),
  ];
}

function validateBackend(backend: JsonObject | undefined, field: string, needed: boolean): Cause[] {
  if (!backend && !needed) return [];
  const [service, resource] = [record(backend?.['service']), record(backend?.['resource'])];
  if (service && resource) return [invalid(field, '', 'cannot set both resource and service backends')];
  if (service) return validateBackendService(service, field);
  return resource
    ? validateReference(resource, `${field}.resource`)
    : [invalid(field, '', 'resource or service backend is required')];
}

/** An object of the same namespace, of any kind. */
function validateReference(reference: JsonObject, field: string): Cause[] {
  const group = reference['apiGroup'];
  return [
    ...(group === undefined || group === null
      ? []
      : checkFormat(`${field}.apiGroup`, optionalText(group), dns1123Subdomain)),
    ...named(reference['kind'], `${field}.kind`),
    ...named(reference['name'], `${field}.name`),
  ];
}

function named(value: unknown, field: string): Cause[] {
  return value ? checkFormat(field, optionalText(value), pathSegment) : [required(field)];
}

function validateBackendService(service: JsonObject, field: string): Cause[] {
  const name = optionalText(service['name']);
  const { name: portText, number: portValue } = fieldsIn(service['port']);
  const [byName, number] = [optionalText(portText), Number(portValue ?? 0)];
  const path = `${field}.service`;
  const causes = name ? checkFormat(`${path}.name`, name, dns1123Label) : [required(`${path}.name`)];
  if (byName && number !== 0) return [...causes, invalid(field, '', 'cannot set both port name & port number')];
  if (byName) return [...causes, ...checkFormat(`${path}.port.name`, byName, portName)];
  if (number === 0) return [...causes, required(field, 'port name or number is required')];
  return [...causes, ...portNumber(number).map((problem) => invalid(`${path}.port.number`, number, problem))];
}

const policyTypes = ['Ingress', 'Egress'];

export function validateNetworkPolicy(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const rules = (name: string, peers: string): Cause[] =>
    eachItem(spec[name], `spec.${name}`, (rule, path) => [
      ...eachItem(rule['ports'], `${path}.ports`, validatePolicyPort),
      ...eachItem(rule[peers], `${path}.${peers}`, validatePeer),
    ]);
  const types = texts(spec['policyTypes']);
  const typeCauses =
    types.length > policyTypes.length
      ? [invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
      : eachText(types, 'spec.policyTypes', (type, path) =>
          policyTypes.includes(type) ? [] : [notSupported(path, type, policyTypes)],
        );
  return [
    ...validateSelector(spec['podSelector'], 'spec.podSelector'),
    ...rules('ingress', 'from'),
    ...rules('egress', 'to'),
    ...typeCauses,
  ];
}

const policyProtocols = ['TCP', 'UDP', 'SCTP'];

function validatePolicyPort({ protocol, port, endPort }: JsonObject, field: string): Cause[] {
  const known = protocol === undefined || policyProtocols.includes(optionalText(protocol));
  return [
    ...(known ? [] : [notSupported(`${field}.protocol`, protocol, policyProtocols)]),
    ...(port === undefined ? [] : validatePort(port, `${field}.port`)),
    ...(endPort === undefined ? [] : validateEndPort(Number(endPort), port, `${field}.endPort`)),
  ];
}

function validateEndPort(endPort: number, port: unknown, field: string): Cause[] {
  if (port === undefined) return [invalid(field, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port !== 'number') return [invalid(field, endPort, 'may not be specified when `port` is non-numeric')];
  return [
    ...(endPort < port ? [invalid(field, port, 'must be greater than or equal to `port`')] : []),
    ...portNumber(endPort).map((problem) => invalid(field, endPort, problem)),
  ];
}

function validatePeer(peer: JsonObject, field: string): Cause[] {
  const block = record(peer['ipBlock']);
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => record(peer[name]));
  if (!block && selectors.length === 0) return [required(field, 'must specify a peer')];
  const causes = selectors.flatMap((name) => validateSelector(peer[name], `${field}.${name}`));
  if (!block) return causes;
  if (selectors.length > 0)
    return [
      ...causes,
      { field, message: 'Forbidden: may not specify both ipBlock and another peer', reason: 'FieldValueForbidden' },
    ];
  return validateBlock(block, `${field}.ipBlock`);
}

function validateBlock(block: JsonObject, field: string): Cause[] {
  const cidr = optionalText(block['cidr']);
  if (!cidr) return [required(`${field}.cidr`)];
  const causes = validateCidr(cidr, `${field}.cidr`);
  if (causes.length > 0) return causes;
  return eachText(block['except'], `${field}.except`, (text, path) => {
    const problems = validateCidr(text, path);
    if (problems.length > 0 || isInside(text, cidr)) return problems;
    return [invalid(path, text, 'must be a strict subset of `cidr`')];
  });
}

/** A range as the bits all its addresses begin with. */
function prefixOf(cidr: string): string {
  const [address = '', length = ''] = cidr.split('/');
  const bits = address.includes(':')
    ? sixteenBits(address)
    : address.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').slice(0, Number(length));
}

function sixteenBits(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text ? text.split(':') : []);
  const [left, right] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16).toString(2).padStart(16, '0'));
}

function isInside(inner: string, outer: string): boolean {
  const [narrow, wide] = [prefixOf(inner), prefixOf(outer)];
  return narrow.length > wide.length && narrow.startsWith(wide);
}

const longestController = 250;

/** Who serves a class is settled when it is made. */
export function validateIngressClassUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const controllerOf = ({ spec }: ClusterObject): string => optionalText(fieldsIn(spec)['controller']);
  const same = controllerOf(next) === controllerOf(old);
  return same ? [] : [invalid('spec.controller', controllerOf(next), 'field is immutable')];
}

export function validateIngressClass(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const controller = optionalText(spec['controller']);
  const parameters = record(spec['parameters']);
  const field = 'spec.controller';
  const tooLong = {
    field,
    message: `Too long: may not be more than ${longestController} bytes`,
    reason: 'FieldValueTooLong',
  };
  return [
    ...(controller.length > longestController ? [tooLong] : []),
    ...(controller ? validateDomainPath(controller, field) : [required(field)]),
    ...(parameters ? validateParameters(parameters, 'spec.parameters') : []),
  ];
}

/** `acme.io/foo`: a domain, and a path in its sense. */
export function validateDomainPath(text: string, field: string): Cause[] {
  const [domain = '', ...path] = text.split('/');
  const good = path.length > 0 && path.every((part) => part !== '') && dns1123Subdomain(domain).length === 0;
  return good ? [] : [invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
}

function validateParameters(parameters: JsonObject, field: string): Cause[] {
  const { scope, namespace } = parameters;
  const path = `${field}.namespace`;
  const causes = validateReference(parameters, field);
  if (scope === undefined || scope === null) return [...causes, required(`${field}.scope`)];
  if (scope === 'Namespace') {
    if (namespace === undefined) return [...causes, required(path, "`parameters.scope` is set to 'Namespace'")];
    return [...causes, ...checkFormat(path, optionalText(namespace), dns1123Label)];
  }
  if (scope !== 'Cluster') return [...causes, notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace'])];
  if (namespace === undefined) return causes;
  return [
    ...causes,
    { field: path, message: "Forbidden: `parameters.scope` is set to 'Cluster'", reason: 'FieldValueForbidden' },
  ];
}

/** What is wrong with an IPAddress: its name is the address, and it belongs to something. */
export function validateIpAddress(object: ClusterObject): Cause[] {
  const parent = record(fieldsIn(object['spec'])['parentRef']);
  const field = 'spec.parentRef';
  const causes = object.metadata.name ? validateCanonicalAddress(object.metadata.name, 'metadata.name') : [];
  if (!parent) return [...causes, required(field)];
  const [group, namespace] = [optionalText(parent['group']), optionalText(parent['namespace'])];
  return [
    ...causes,
    ...(group ? checkFormat(`${field}.group`, group, dns1123Subdomain) : []),
    ...named(parent['resource'], `${field}.resource`),
    ...named(parent['name'], `${field}.name`),
    ...(namespace ? checkFormat(`${field}.namespace`, namespace, pathSegment) : []),
  ];
}

/** The ranges stay, but for a second one that may come to the first. */
export function validateServiceCidrUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const spec = fieldsIn(next['spec']);
  const [now, before] = [texts(spec['cidrs']), texts(fieldsIn(old['spec'])['cidrs'])];
  const field = 'spec.cidrs';
  const shown = spec['cidrs'] ?? sentEmpty(spec, 'cidrs') ?? null;
  if (now.length < before.length) return [invalid(field, shown, 'field is immutable')];
  return before.flatMap((cidr, index) =>
    now[index] === cidr ? [] : [invalid(at(field, index), now[index] ?? '', 'field is immutable')],
  );
}

export function validateServiceCidr(object: ClusterObject): Cause[] {
  const cidrs = texts(fieldsIn(object['spec'])['cidrs']);
  const field = 'spec.cidrs';
  const note = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
  if (cidrs.length === 0) return [required(field, 'at least one CIDR required')];
  return [
    ...(cidrs.length > 1 && haveSharedFamily(cidrs) ? [invalid(field, cidrs, note)] : []),
    ...eachText(cidrs, field, validateCanonicalCidr),
  ];
}

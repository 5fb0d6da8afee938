import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { isCidr } from '../../schema/value-format.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, textOf, texts } from '../rules/set-default.ts';
import { at, invalid, notSupported, required } from './cause.ts';
import { validatePort } from './container.ts';
import { dns1123Label, dns1123Subdomain, portNumber, wildcardSubdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const cidrNote = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateIngress(object: ClusterObject): Cause[] {
  const spec = record(object['spec']) ?? {};
  const rules = items(spec['rules']);
  const missing = rules.length === 0 && !record(spec['defaultBackend']);
  const name = spec['ingressClassName'];
  return [
    ...(missing
      ? [invalid('spec', spec['rules'] ?? null, 'either `defaultBackend` or `rules` must be specified')]
      : []),
    ...(name === undefined ? [] : checkFormat('spec.ingressClassName', textOf(name), dns1123Subdomain)),
    ...validateBackend(record(spec['defaultBackend']), 'spec.defaultBackend', false),
    ...items(spec['tls']).flatMap((tls, index) => validateTls(tls, at('spec.tls', index))),
    ...rules.flatMap((rule, index) => validateIngressRule(rule, at('spec.rules', index))),
  ];
}

function validateHost(host: string, field: string): Cause[] {
  return checkFormat(field, host, host.includes('*') ? wildcardSubdomain : dns1123Subdomain);
}

function validateTls(tls: JsonObject, field: string): Cause[] {
  const secret = textOf(tls['secretName'] ?? '');
  return [
    ...texts(tls['hosts']).flatMap((host, index) => validateHost(host, at(`${field}.hosts`, index))),
    ...(secret ? checkFormat(`${field}.secretName`, secret, dns1123Subdomain) : []),
  ];
}

function validateIngressRule(rule: JsonObject, field: string): Cause[] {
  const host = textOf(rule['host'] ?? '');
  const http = record(rule['http']);
  const paths = items(http?.['paths']);
  return [
    ...(host ? validateHost(host, `${field}.host`) : []),
    ...(http && paths.length === 0 ? [required(`${field}.http.paths`)] : []),
    ...paths.flatMap((path, index) => validatePath(path, at(`${field}.http.paths`, index))),
  ];
}

function validatePath(path: JsonObject, field: string): Cause[] {
  const type = path['pathType'];
  const text = textOf(path['path'] ?? '');
  const typeCauses =
    type === undefined || type === null
      ? [required(`${field}.pathType`, 'pathType must be specified')]
      : pathTypes.includes(textOf(type))
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
  const service = record(backend?.['service']);
  if (service) return validateBackendService(service, field);
  return record(backend?.['resource']) ? [] : [invalid(field, '', 'resource or service backend is required')];
}

function validateBackendService(service: JsonObject, field: string): Cause[] {
  const name = optionalText(service['name']);
  const port = fieldsIn(service['port']);
  const number = Number(port['number'] ?? 0);
  return [
    ...(name ? checkFormat(`${field}.service.name`, name, dns1123Label) : [required(`${field}.service.name`)]),
    ...(number === 0 && !port['name'] ? [required(field, 'port name or number is required')] : []),
    ...(number === 0
      ? []
      : portNumber(number).map((problem) => invalid(`${field}.service.port.number`, number, problem))),
  ];
}

export function validateNetworkPolicy(object: ClusterObject): Cause[] {
  const spec = record(object['spec']) ?? {};
  const rules = (name: string, peers: string): Cause[] =>
    items(spec[name]).flatMap((rule, index) => {
      const path = at(`spec.${name}`, index);
      return [
        ...items(rule['ports']).flatMap((port, i) => validatePolicyPort(port, at(`${path}.ports`, i))),
        ...items(rule[peers]).flatMap((peer, i) => validatePeer(peer, at(`${path}.${peers}`, i))),
      ];
    });
  return [
    ...validateSelector(spec['podSelector'], 'spec.podSelector'),
    ...rules('ingress', 'from'),
    ...rules('egress', 'to'),
  ];
}

const policyProtocols = ['TCP', 'UDP', 'SCTP'];

function validatePolicyPort({ protocol, port }: JsonObject, field: string): Cause[] {
  const known = protocol === undefined || policyProtocols.includes(textOf(protocol));
  return [
    ...(known ? [] : [notSupported(`${field}.protocol`, protocol, policyProtocols)]),
    ...(port === undefined ? [] : validatePort(port, `${field}.port`)),
  ];
}

function validatePeer(peer: JsonObject, field: string): Cause[] {
  const block = record(peer['ipBlock']);
  if (!block && !record(peer['podSelector']) && !record(peer['namespaceSelector']))
    return [required(field, 'must specify a peer')];
  const causes = ['podSelector', 'namespaceSelector'].flatMap((name) =>
    validateSelector(peer[name], `${field}.${name}`),
  );
  if (!block) return causes;
  const cidr = textOf(block['cidr'] ?? '');
  if (!cidr) return [...causes, required(`${field}.ipBlock.cidr`)];
  if (!isCidr(cidr)) return [...causes, invalid(`${field}.ipBlock.cidr`, cidr, cidrNote)];
  const except = texts(block['except']).flatMap((text, index) =>
    isCidr(text) ? [] : [invalid(at(`${field}.ipBlock.except`, index), text, cidrNote)],
  );
  return [...causes, ...except];
}

export function validateIngressClass(object: ClusterObject): Cause[] {
  const controller = textOf(record(object['spec'])?.['controller'] ?? '');
  if (!controller) return [required('spec.controller')];
  const [domain = '', ...path] = controller.split('/');
  const good = path.length > 0 && path.every((part) => part !== '') && dns1123Subdomain(domain).length === 0;
  return good ? [] : [invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
}

import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { addressProblem, validateAddress, validateCidr } from './address.ts';
import { at, duplicate, eachItem, eachText, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateReachable } from './endpoints.ts';
import { dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from './format.ts';
import { validatePort } from './handler.ts';
import { checkFormat, validateLabels } from './object-meta.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateService(service: ClusterObject): Cause[] {
  const spec = fieldsIn(service['spec']);
  const type = optionalText(spec['type']);
  const ports = items(spec['ports']);
  const needsPorts = type !== 'ExternalName' && spec['clusterIP'] !== 'None';
  return [
    ...(ports.length === 0 && needsPorts ? [required('spec.ports')] : []),
    ...(type === 'ExternalName' ? validateExternalName(spec) : []),
    ...eachItem(ports, 'spec.ports', (port, path) => validateServicePort(port, path, ports.length > 1)),
    ...validateLabels(record(spec['selector']) as Record<string, string> | undefined, 'spec.selector'), // texts by schema
    ...validateAffinity(spec),
    ...validateClusterIps(spec),
    ...eachText(spec['externalIPs'], 'spec.externalIPs', (ip, path) =>
      addressProblem(ip) ? validateAddress(ip, path) : validateReachable(ip, path),
    ),
    ...(types.includes(type) ? [] : [notSupported('spec.type', type, types)]),
    ...validateNodePorts(ports, type),
    ...validateUniquePorts(ports),
    ...validateLoadBalancer(spec, type),
    ...validateTraffic(spec, type),
  ];
}

/** Cluster IPs and families: wrong ones are refused before any address is given. */
export function validateClusterIps(spec: JsonObject): Cause[] {
  const families = texts(spec['ipFamilies']);
  const seen = new Set<string>();
  return [
    ...eachText(spec['ipFamilies'], 'spec.ipFamilies', (family, path) => {
      if (family !== 'IPv4' && family !== 'IPv6') return [notSupported(path, family, ['IPv4', 'IPv6'])];
      if (seen.has(family)) return [duplicate(path, family)];
      seen.add(family);
      return [];
    }),
    ...validateChoice(spec, 'ipFamilyPolicy', {
      field: 'spec',
      supported: ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
    }),
    ...validateWanted(spec),
    ...eachText(spec['clusterIPs'], 'spec.clusterIPs', (ip, path) => validateClusterIp(ip, path, families)),
  ];
}

/** What this cluster has not got: it has IPv4 addresses only. */
function validateWanted(spec: JsonObject): Cause[] {
  const [given, type] = [texts(spec['clusterIPs']), optionalText(spec['type'])];
  const first = optionalText(spec['clusterIP']);
  const field = 'spec.clusterIPs';
  if (type === 'ExternalName') {
    return first || given.length > 0 ? [forbidden(field, 'may not be set for ExternalName services')] : [];
  }
  if (given.length > 0 && !first) return [invalid(field, given, 'must be empty when `clusterIP` is not specified')];
  if (given.length > 0 && given[0] !== first) return [invalid(field, given, 'first value must match `clusterIP`')];
  if (first === 'None')
    return type === 'ClusterIP' ? [] : [invalid(at(field, 0), 'None', `may not be set to 'None' for ${type} services`)];
  return validateStack(spec);
}

function validateStack(spec: JsonObject): Cause[] {
  const causes = eachText(spec['ipFamilies'], 'spec.ipFamilies', (family, path) =>
    family === 'IPv6' ? [invalid(path, family, 'not configured on this cluster')] : [],
  );
  if (spec['ipFamilyPolicy'] !== 'RequireDualStack') return causes;
  const note = 'this cluster is not configured for dual-stack services';
  return [...causes, invalid('spec.ipFamilyPolicy', 'RequireDualStack', note)];
}

function validateClusterIp(ip: string, field: string, families: readonly string[]): Cause[] {
  if (ip === 'None' && field.endsWith('[0]')) return [];
  const causes = validateAddress(ip, field);
  if (causes.length > 0) return causes;
  const family = families[Number(/\[(\d+)\]$/.exec(field)?.[1] ?? 0)] ?? '';
  const other = isIP(ip) === 6 ? 'IPv4' : 'IPv6';
  if (family !== other) return [];
  const place = field.replace('clusterIPs', 'ipFamilies');
  return [invalid(field, ip, `expected an ${family} value as indicated by \`${place}\``)];
}

function validateExternalName(spec: JsonObject): Cause[] {
  const name = optionalText(spec['externalName']).replace(/\.$/, '');
  return name ? checkFormat('spec.externalName', name, dns1123Subdomain) : [required('spec.externalName')];
}

function validateServicePort(port: JsonObject, field: string, several: boolean): Cause[] {
  const [name, protocol] = [optionalText(port['name']), port['appProtocol']];
  const number = Number(port['port'] ?? 0);
  return [
    ...(name ? checkFormat(`${field}.name`, name, dns1123Label) : several ? [required(`${field}.name`)] : []),
    ...portNumber(number).map((problem) => invalid(`${field}.port`, number, problem)),
    ...(protocols.includes(optionalText(port['protocol']))
      ? []
      : [notSupported(`${field}.protocol`, port['protocol'] ?? '', protocols)]),
    ...validatePort(port['targetPort'] ?? 0, `${field}.targetPort`),
    ...(protocol === undefined ? [] : checkFormat(`${field}.appProtocol`, optionalText(protocol), qualifiedName)),
  ];
}

const longestAffinitySeconds = 86_400;

function validateAffinity(spec: JsonObject): Cause[] {
  const config = record(spec['sessionAffinityConfig']);
  const field = 'spec.sessionAffinityConfig';
  const causes = validateChoice(spec, 'sessionAffinity', { field: 'spec', supported: ['ClientIP', 'None'] });
  if (spec['sessionAffinity'] === 'None' && config)
    return [...causes, forbidden(field, `must not be set when session affinity is None`)];
  const seconds = fieldsIn(config?.['clientIP'])['timeoutSeconds'];
  if (typeof seconds !== 'number' || (seconds > 0 && seconds <= longestAffinitySeconds)) return causes;
  const note = `must be greater than 0 and less than ${longestAffinitySeconds}`;
  return [...causes, invalid(`${field}.clientIP.timeoutSeconds`, seconds, note)];
}

function validateNodePorts(ports: readonly JsonObject[], type: string): Cause[] {
  if (type !== 'ClusterIP' && type !== 'ExternalName') return [];
  return eachItem(ports, 'spec.ports', (port, path) =>
    port['nodePort'] ? [forbidden(`${path}.nodePort`, `may not be used when \`type\` is '${type}'`)] : [],
  );
}

/** Of each list of keys those that come again, in the places of their ports. */
function again(keys: readonly (string | undefined)[], say: (index: number) => Cause): Cause[] {
  return keys.flatMap((key, index) => (key !== undefined && keys.indexOf(key) < index ? [say(index)] : []));
}

/** Names are unique; so are protocol and port together, and protocol and node port. */
function validateUniquePorts(ports: readonly JsonObject[]): Cause[] {
  const path = (index: number): string => at('spec.ports', index);
  const names = ports.map(({ name }) => optionalText(name) || undefined);
  const nodePorts = ports.map(({ protocol, nodePort }) =>
    nodePort ? `${optionalText(protocol)}/${optionalText(nodePort)}` : undefined,
  );
  const numbers = ports.map(({ protocol, port }) => `${optionalText(protocol)}/${optionalText(port)}`);
  return [
    ...again(names, (index) => duplicate(`${path(index)}.name`, names[index])),
    ...again(nodePorts, (index) => duplicate(`${path(index)}.nodePort`, ports[index]?.['nodePort'])),
    ...again(numbers, (index) => duplicate(path(index), goServicePort(ports[index] ?? {}))),
  ];
}

/** The real server shows the struct it compares by. */
function goServicePort({ protocol, port = 0 }: JsonObject): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

function validateLoadBalancer(spec: JsonObject, type: string): Cause[] {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const [ranges, class_] = [spec['loadBalancerSourceRanges'], spec['loadBalancerClass']];
  const field = 'spec.LoadBalancerSourceRanges';
  if (type !== 'LoadBalancer') {
    return [
      ...(texts(ranges).length > 0 ? [forbidden(field, only)] : []),
      ...(spec['allocateLoadBalancerNodePorts'] === undefined
        ? []
        : [forbidden('spec.allocateLoadBalancerNodePorts', only)]),
      ...(class_ === undefined ? [] : [forbidden('spec.loadBalancerClass', only)]),
    ];
  }
  return [
    ...eachText(ranges, field, (range, path) => validateCidr(range.trim(), path)),
    ...(class_ === undefined ? [] : checkFormat('spec.loadBalancerClass', optionalText(class_), qualifiedName)),
  ];
}

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

function validateTraffic(spec: JsonObject, type: string): Cause[] {
  const distribution = spec['trafficDistribution'];
  const known = distribution === undefined || distributions.includes(optionalText(distribution));
  return [
    ...validateOutsideTraffic(spec, type),
    ...validateHealthPort(spec, type),
    ...validateChoice(spec, 'internalTrafficPolicy', { field: 'spec', supported: ['Cluster', 'Local'] }),
    ...(known ? [] : [notSupported('spec.trafficDistribution', distribution, distributions)]),
  ];
}

/** True for a service that can be reached from outside the cluster. */
function isOutside(spec: JsonObject, type: string): boolean {
  if (type === 'NodePort' || type === 'LoadBalancer') return true;
  return type === 'ClusterIP' && texts(spec['externalIPs']).length > 0;
}

function validateOutsideTraffic(spec: JsonObject, type: string): Cause[] {
  const name = 'externalTrafficPolicy';
  if (isOutside(spec, type)) return validateChoice(spec, name, { field: 'spec', supported: ['Cluster', 'Local'] });
  if (spec[name] === undefined) return [];
  return [invalid(`spec.${name}`, spec[name], 'may only be set for externally-accessible services')];
}

function validateHealthPort(spec: JsonObject, type: string): Cause[] {
  const field = 'spec.healthCheckNodePort';
  const port = Number(spec['healthCheckNodePort'] ?? 0);
  if (port === 0) return [];
  if (type === 'LoadBalancer' && spec['externalTrafficPolicy'] === 'Local')
    return portNumber(port).map((problem) => invalid(field, port, problem));
  const note = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [invalid(field, port, note)];
}

/** Addresses are given once, and so are the port and the class of what is outside. */
export function validateServiceUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [fieldsIn(next['spec']), fieldsIn(old['spec'])];
  const keeps = before['type'] !== 'ExternalName' && after['type'] !== 'ExternalName' && before['clusterIP'];
  const moved = keeps && after['clusterIP'] !== before['clusterIP'];
  const balances = after['type'] === 'LoadBalancer' && before['type'] === 'LoadBalancer';
  return [
    ...(moved ? [invalid(at('spec.clusterIPs', 0), texts(after['clusterIPs']), 'may not change once set')] : []),
    ...(balances ? validateBalancerUpdate(after, before) : []),
  ];
}

function validateBalancerUpdate(after: JsonObject, before: JsonObject): Cause[] {
  const changed = (name: string): boolean => before[name] !== undefined && after[name] !== before[name];
  const [port, class_] = ['healthCheckNodePort', 'loadBalancerClass'];
  return [
    ...(changed(class_) ? [invalid(`spec.${class_}`, after[class_] ?? null, 'may not change once set')] : []),
    ...(changed(port) && after['externalTrafficPolicy'] === 'Local'
      ? [forbidden(`spec.${port}`, 'field is immutable')]
      : []),
  ];
}

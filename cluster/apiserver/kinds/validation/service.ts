import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, duplicate, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateChoice, validatePort } from './container.ts';
import { dns1123Label, dns1123Subdomain, portNumber } from './format.ts';
import { checkFormat, validateLabels } from './object-meta.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
export const addressNote = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

export function validateService(service: ClusterObject): Cause[] {
  const spec = record(service['spec']) ?? {};
  const type = textOf(spec['type'] ?? '');
  const ports = items(spec['ports']);
  const needsPorts = type !== 'ExternalName' && spec['clusterIP'] !== 'None';
  return [
    ...(ports.length === 0 && needsPorts ? [required('spec.ports')] : []),
    ...(type === 'ExternalName' ? validateExternalName(spec) : []),
    ...ports.flatMap((port, index) => validateServicePort(port, at('spec.ports', index), ports.length > 1)),
    ...validateUniquePorts(ports),
    ...validateLabels(record(spec['selector']) as Record<string, string> | undefined, 'spec.selector'), // texts by schema
    ...validateChoice(spec, 'sessionAffinity', { field: 'spec', supported: ['ClientIP', 'None'] }),
    ...texts(spec['clusterIPs']).flatMap((ip, index) => validateClusterIp(ip, index)),
    ...(types.includes(type) ? [] : [notSupported('spec.type', type, types)]),
    ...(type === 'ClusterIP' || type === 'ExternalName'
      ? ports.flatMap((port, index) => noNodePort(port, { index, type }))
      : []),
    ...validateChoice(spec, 'externalTrafficPolicy', { field: 'spec', supported: ['Cluster', 'Local'] }),
    ...validateChoice(spec, 'internalTrafficPolicy', { field: 'spec', supported: ['Cluster', 'Local'] }),
  ];
}

function validateClusterIp(ip: string, index: number): Cause[] {
  if (ip === 'None' && index === 0) return [];
  return isIP(ip) ? [] : [invalid(at('spec.clusterIPs', index), ip, addressNote)];
}

function noNodePort(port: JsonObject, { index, type }: { index: number; type: string }): Cause[] {
  return port['nodePort']
    ? [forbidden(`${at('spec.ports', index)}.nodePort`, `may not be used when \`type\` is '${type}'`)]
    : [];
}

function validateExternalName(spec: JsonObject): Cause[] {
  const name = textOf(spec['externalName'] ?? '').replace(/\.$/, '');
  return name ? checkFormat('spec.externalName', name, dns1123Subdomain) : [required('spec.externalName')];
}

function validateServicePort(port: JsonObject, field: string, several: boolean): Cause[] {
  const name = textOf(port['name'] ?? '');
  const number = Number(port['port'] ?? 0);
  return [
    ...(name ? checkFormat(`${field}.name`, name, dns1123Label) : several ? [required(`${field}.name`)] : []),
    ...portNumber(number).map((problem) => invalid(`${field}.port`, number, problem)),
    ...(protocols.includes(textOf(port['protocol']))
      ? []
      : [notSupported(`${field}.protocol`, port['protocol'] ?? '', protocols)]),
    ...validatePort(port['targetPort'] ?? 0, `${field}.targetPort`),
  ];
}

/** Names are unique; so are protocol and port together, and protocol and node port. */
function validateUniquePorts(ports: readonly JsonObject[]): Cause[] {
  const [names, numbers, nodePorts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  return ports.flatMap((port, index) => {
    const path = at('spec.ports', index);
    const causes: Cause[] = [];
    const isNew = (seen: Set<string>, key: string): boolean => {
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    };
    const name = textOf(port['name'] ?? '');
    if (name && !isNew(names, name)) causes.push(duplicate(`${path}.name`, name));
    const protocol = textOf(port['protocol']);
    if (!isNew(numbers, `${protocol}/${textOf(port['port'])}`))
      causes.push(duplicate(path, goServicePort(protocol, port['port'])));
    if (port['nodePort'] && !isNew(nodePorts, `${protocol}/${textOf(port['nodePort'])}`)) {
      causes.push(duplicate(`${path}.nodePort`, port['nodePort']));
    }
    return causes;
  });
}

/** The real server shows the struct it compares by. */
function goServicePort(protocol: string, port: unknown): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

export function validateServiceUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [record(next['spec']) ?? {}, record(old['spec']) ?? {}];
  const fixed = before['type'] !== 'ExternalName' && after['type'] !== 'ExternalName' && before['clusterIP'];
  if (!fixed || after['clusterIP'] === before['clusterIP']) return [];
  return [invalid('spec.clusterIPs[0]', texts(after['clusterIPs']), 'may not change once set')];
}

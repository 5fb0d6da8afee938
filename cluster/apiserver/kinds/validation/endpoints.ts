import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, texts } from '../rules/set-default.ts';
import { addressProblem, isReadable, validateAddress } from './address.ts';
import { duplicate, eachItem, eachText, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1123Label, dns1123Subdomain, labelValue, portNumber, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateEndpoints(object: ClusterObject): Cause[] {
  return eachItem(object['subsets'], 'subsets', (subset, path) => {
    const several = items(subset['ports']).length > 1;
    const none = items(subset['addresses']).length + items(subset['notReadyAddresses']).length === 0;
    return [
      ...(none ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...eachItem(subset['addresses'], `${path}.addresses`, validateEndpointAddress),
      ...eachItem(subset['notReadyAddresses'], `${path}.notReadyAddresses`, validateEndpointAddress),
      ...eachItem(subset['ports'], `${path}.ports`, (port, at_) => validateEndpointPort(port, at_, several)),
    ];
  });
}

function optional(
  object: JsonObject,
  name: string,
  { field, format }: { field: string; format: typeof labelValue },
): Cause[] {
  return object[name] ? checkFormat(`${field}.${name}`, optionalText(object[name]), format) : [];
}

function validateEndpointAddress(address: JsonObject, field: string): Cause[] {
  const ip = optionalText(address['ip']);
  const path = `${field}.ip`;
  return [
    ...(addressProblem(ip) ? validateAddress(ip, path) : validateReachable(ip, path)),
    ...optional(address, 'hostname', { field, format: dns1123Label }),
    ...given(address, 'nodeName', { field, format: dns1123Subdomain }),
    // zeros that lead are read, but by nobody in the same way
    ...(isReadable(ip) ? [] : [invalid(path, ip, 'must be a valid IP address')]),
  ];
}

const unreachable: readonly (readonly [range: RegExp, note: string])[] = [
  [/^(0\.0\.0\.0|::)$/, 'may not be unspecified (0.0.0.0 or ::)'],
  [/^(127\.|::1$)/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab][0-9a-f]:)/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^(224\.0\.0\.|ff02:)/i, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** Addresses that mean something else on every node cannot be those of an endpoint. */
export function validateReachable(ip: string, field: string): Cause[] {
  return unreachable.filter(([range]) => range.test(ip)).map(([, note]) => invalid(field, ip, note));
}

function validateEndpointPort(port: JsonObject, field: string, several: boolean): Cause[] {
  const number = Number(port['port'] ?? 0);
  const name = optionalText(port['name']);
  return [
    ...(name ? checkFormat(`${field}.name`, name, dns1123Label) : several ? [required(`${field}.name`)] : []),
    ...portNumber(number).map((problem) => invalid(`${field}.port`, number, problem)),
    ...validateChoice(port, 'protocol', { field, supported: protocols }),
    ...given(port, 'appProtocol', { field, format: qualifiedName }),
  ];
}

/** Where an empty text is one that was given. */
function given(
  object: JsonObject,
  name: string,
  { field, format }: { field: string; format: typeof labelValue },
): Cause[] {
  const value = object[name];
  return value === undefined || value === null ? [] : checkFormat(`${field}.${name}`, optionalText(value), format);
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

export function validateEndpointSlice(object: ClusterObject): Cause[] {
  const type = optionalText(object['addressType']);
  const known = addressTypes.includes(type);
  const typeCauses = known ? [] : [type ? notSupported('addressType', type, addressTypes) : required('addressType')];
  const names = new Set<unknown>();
  return [
    ...typeCauses,
    ...eachItem(object['endpoints'], 'endpoints', (endpoint, path) => validateEndpoint(endpoint, type, path)),
    ...eachItem(object['ports'], 'ports', (port, path) => {
      const name = optionalText(port['name']);
      const causes = names.has(name) ? [duplicate(`${path}.name`, name)] : [];
      names.add(name);
      return [...causes, ...validateSlicePort(port, name, path)];
    }),
  ];
}

const mostAddresses = 100;

function validateEndpoint(endpoint: JsonObject, type: string, field: string): Cause[] {
  const path = `${field}.addresses`;
  const list = texts(endpoint['addresses']);
  return [
    ...(list.length === 0 ? [required(path, 'must contain at least 1 address')] : []),
    ...(list.length > mostAddresses
      ? [
          {
            field: path,
            message: `Too many: ${list.length}: must have at most ${mostAddresses} items`,
            reason: 'FieldValueTooMany',
          },
        ]
      : []),
    ...eachText(list, path, (address, at_) => validateSliceAddress(address, type, at_)),
    ...given(endpoint, 'nodeName', { field, format: dns1123Subdomain }),
    ...validateTopology(fieldsIn(endpoint['deprecatedTopology']), `${field}.deprecatedTopology`),
    ...given(endpoint, 'hostname', { field, format: dns1123Label }),
    ...validateHints(fieldsIn(endpoint['hints']), `${field}.hints`),
  ];
}

function validateSliceAddress(address: string, type: string, field: string): Cause[] {
  if (type === 'FQDN') return address ? validateDomain(address, field) : [required(field)];
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const problems = validateAddress(address, field);
  if (problems.length > 0) return problems;
  const version = isIP(address);
  const wanted = type === 'IPv4' ? 4 : 6;
  const list = field.replace(/\[\d+\]$/, '');
  const causes = version === wanted ? [] : [invalid(list, address, `must be an ${type} address`)];
  return [...causes, ...validateReachable(address, field)];
}

function validateDomain(name: string, field: string): Cause[] {
  const causes = checkFormat(field, name, dns1123Subdomain);
  if (causes.length > 0 || name.includes('.')) return causes;
  return [invalid(field, name, 'should be a domain with at least two segments separated by dots')];
}

function validateTopology(topology: JsonObject, field: string): Cause[] {
  return Object.entries(topology).flatMap(([key, value]) => [
    ...checkFormat(field, key, qualifiedName),
    ...checkFormat(field, optionalText(value), labelValue),
  ]);
}

function validateHints(hints: JsonObject, field: string): Cause[] {
  const zones = new Set<string>();
  return eachItem(hints['forZones'], `${field}.forZones`, ({ name }, path) => {
    const zone = optionalText(name);
    const causes = zones.has(zone) ? [duplicate(`${path}.name`, zone)] : [];
    zones.add(zone);
    return [...causes, ...checkFormat(`${path}.name`, zone, labelValue)];
  });
}

function validateSlicePort(port: JsonObject, name: string, field: string): Cause[] {
  return [
    ...(name ? checkFormat(`${field}.name`, name, dns1123Label) : []),
    ...(port['protocol'] === undefined
      ? [required(`${field}.protocol`)]
      : validateChoice(port, 'protocol', { field, supported: protocols })),
    ...given(port, 'appProtocol', { field, format: qualifiedName }),
  ];
}

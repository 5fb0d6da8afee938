import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { parseJson } from '../../codec/parse-json.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, duplicate, forbidden, invalid, notSupported, required, tooLong } from './cause.ts';
import { validateChoice } from './container.ts';
import { configMapKey, portNumber, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { taintEffects } from './pod-spec.ts';
import { addressNote } from './service.ts';

const maxBytes = 1024 * 1024;

function validateKeys(object: ClusterObject, field: string): Cause[] {
  return Object.keys(record(object[field]) ?? {}).flatMap((key) => checkFormat(at(field, key), key, configMapKey));
}

function sizeOf(value: unknown): number {
  return Object.values(record(value) ?? {}).reduce<number>((sum, item) => sum + Buffer.byteLength(textOf(item)), 0);
}

export function validateConfigMap(object: ClusterObject): Cause[] {
  const data = record(object['data']) ?? {};
  const both = Object.keys(record(object['binaryData']) ?? {}).filter((key) => data[key] !== undefined);
  return [
    ...validateKeys(object, 'data'),
    ...both.map((key) => invalid(at('data', key), key, 'duplicate of key present in binaryData')),
    ...validateKeys(object, 'binaryData'),
    ...(sizeOf(data) + sizeOf(object['binaryData']) > maxBytes ? [tooLong('', maxBytes)] : []),
  ];
}

/** Keys a secret of a type must have. */
const secretNeeds: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export function validateSecret(object: ClusterObject): Cause[] {
  const data = record(object['data']) ?? {};
  const type = textOf(object['type'] ?? '');
  const missing = (secretNeeds[type] ?? []).filter((key) => data[key] === undefined);
  return [
    ...validateKeys(object, 'data'),
    ...(sizeOf(data) > (maxBytes * 4) / 3 ? [tooLong('data', maxBytes)] : []),
    ...missing.map((key) => required(at('data', key))),
    ...(type.startsWith('kubernetes.io/dockerc') && missing.length === 0
      ? validateSecretJson(data, secretNeeds[type]?.[0] ?? '')
      : []),
  ];
}

function validateSecretJson(data: JsonObject, key: string): Cause[] {
  try {
    parseJson(Buffer.from(textOf(data[key]), 'base64').toString());
    return [];
  } catch (error) {
    return [invalid(at('data', key), '<secret contents redacted>', (error as Error).message)]; // `parseJson` throws errors
  }
}

/** `immutable: true` is for ever, and so is the content from then on. */
export function validateImmutable(next: ClusterObject, old: ClusterObject): Cause[] {
  if (old['immutable'] !== true) return [];
  const causes =
    next['immutable'] === true ? [] : [forbidden('immutable', 'field is immutable when `immutable` is set')];
  for (const field of ['data', 'binaryData']) {
    if (!isDeepStrictEqual(next[field], old[field]))
      causes.push(forbidden(field, 'field is immutable when `immutable` is set'));
  }
  return causes;
}

export function validateSecretUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const type = next['type'] === old['type'] ? [] : [invalid('type', next['type'], 'field is immutable')];
  return [...type, ...validateImmutable(next, old)];
}

export function validateEndpoints(object: ClusterObject): Cause[] {
  return items(object['subsets']).flatMap((subset, index) => {
    const path = at('subsets', index);
    const ready = items(subset['addresses']);
    const ports = items(subset['ports']);
    return [
      ...(ready.length + items(subset['notReadyAddresses']).length === 0
        ? [required(path, 'must specify `addresses` or `notReadyAddresses`')]
        : []),
      ...ready.flatMap(({ ip }, i) => validateEndpointAddress(textOf(ip ?? ''), `${at(`${path}.addresses`, i)}.ip`)),
      ...ports.flatMap((port, i) => validateEndpointPort(port, at(`${path}.ports`, i), ports.length > 1)),
    ];
  });
}

function validateEndpointAddress(ip: string, field: string): Cause[] {
  return isIP(ip) ? [] : [invalid(field, ip, addressNote), invalid(field, ip, 'must be a valid IP address')];
}

function validateEndpointPort(port: JsonObject, field: string, several: boolean): Cause[] {
  const number = Number(port['port'] ?? 0);
  return [
    ...(several && !port['name'] ? [required(`${field}.name`)] : []),
    ...portNumber(number).map((problem) => invalid(`${field}.port`, number, problem)),
    ...validateChoice(port, 'protocol', { field, supported: ['SCTP', 'TCP', 'UDP'] }),
  ];
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

export function validateEndpointSlice(object: ClusterObject): Cause[] {
  const type = textOf(object['addressType'] ?? '');
  const typeCauses =
    type === ''
      ? [required('addressType')]
      : addressTypes.includes(type)
        ? []
        : [notSupported('addressType', type, addressTypes)];
  const names = new Set<unknown>();
  return [
    ...typeCauses,
    ...items(object['endpoints']).flatMap((endpoint, index) => {
      const path = `${at('endpoints', index)}.addresses`;
      const list = texts(endpoint['addresses']);
      if (list.length === 0) return [required(path, 'must contain at least 1 address')];
      if (type !== 'IPv4' && type !== 'IPv6') return [];
      return list.flatMap((ip, i) => (isIP(ip) ? [] : [invalid(at(path, i), ip, addressNote)]));
    }),
    ...items(object['ports']).flatMap(({ name }, index) => {
      if (names.has(name)) return [duplicate(`${at('ports', index)}.name`, name)];
      names.add(name);
      return [];
    }),
  ];
}

export function validateNode(object: ClusterObject): Cause[] {
  const seen = new Set<string>();
  return items(record(object['spec'])?.['taints']).flatMap((taint, index) => {
    const path = at('metadata.taints', index);
    const [key, effect] = [textOf(taint['key'] ?? ''), textOf(taint['effect'] ?? '')];
    const causes = checkFormat(`${path}.key`, key, qualifiedName);
    if (!effect) causes.push(required(`${path}.effect`));
    else if (!taintEffects.includes(effect)) causes.push(notSupported(`${path}.effect`, effect, taintEffects));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const shown = { Key: key, Value: taint['value'] ?? '', Effect: effect, TimeAdded: taint['timeAdded'] ?? null };
      const { field, message, reason } = duplicate(path, shown);
      causes.push({
        ...(field && { field }),
        message: `${message}: taints must be unique by key and effect pair`,
        ...(reason && { reason }),
      });
    }
    seen.add(pair);
    return causes;
  });
}

export function validateEvent(object: ClusterObject): Cause[] {
  const namespace = textOf(record(object['involvedObject'])?.['namespace'] ?? '');
  const expected = namespace === '' ? 'default' : namespace;
  if (object.metadata.namespace === undefined || expected === object.metadata.namespace) return [];
  return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

const quotaResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'storage',
]);

function validateQuotaResource(name: string, field: string): Cause[] {
  const causes = checkFormat(field, name, qualifiedName);
  const known = name.includes('/') || quotaResources.has(name) || /^(requests\.)?hugepages-/.test(name);
  if (causes.length > 0 || known) return causes;
  return [
    invalid(field, name, 'must be a standard resource type or fully qualified'),
    invalid(field, name, 'must be a standard resource for quota'),
  ];
}

export function validateResourceQuota(object: ClusterObject): Cause[] {
  return Object.entries(record(record(object['spec'])?.['hard']) ?? {}).flatMap(([name, amount]) => {
    const path = at('spec.hard', name);
    const negative =
      quantityValue(textOf(amount)) < 0 ? [invalid(path, amount, 'must be greater than or equal to 0')] : [];
    return [...validateQuotaResource(name, path), ...negative];
  });
}

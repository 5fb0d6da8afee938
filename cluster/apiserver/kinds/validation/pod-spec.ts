import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, record, textOf, texts } from '../rules/set-default.ts';
import { validateAffinity } from './affinity.ts';
import { at, duplicate, invalid, notSupported, required } from './cause.ts';
import { validateChoice, validateContainers, validateIds } from './container.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName } from './format.ts';
import { nonNegative } from './number.ts';
import { checkFormat, validateAnnotations, validateLabels } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const addressNote = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const restartPolicies = ['Always', 'OnFailure', 'Never'];

/** What is wrong with the spec of a pod, in a pod or in a template. */
export function validatePodSpec(spec: JsonObject, field: string): Cause[] {
  const volumes = items(spec['volumes']);
  const names = new Set(
    volumes.map(({ name }) => textOf(name ?? '')).filter((name) => dns1123Label(name).length === 0),
  );
  const containers = items(spec['containers']);
  const { restartPolicy } = spec;
  return [
    ...validateVolumes(volumes, `${field}.volumes`),
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...validateContainers(containers, `${field}.containers`, names),
    ...validateContainers(items(spec['initContainers']), `${field}.initContainers`, names),
    ...(restartPolicies.includes(textOf(restartPolicy))
      ? []
      : [notSupported(`${field}.restartPolicy`, restartPolicy, restartPolicies)]),
    ...validateChoice(spec, 'dnsPolicy', {
      field,
      supported: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
    }),
    ...validateLabels(record(spec['nodeSelector']) as Record<string, string> | undefined, `${field}.nodeSelector`), // texts by schema
    ...validateIds(record(spec['securityContext']), `${field}.securityContext`),
    ...(spec['serviceAccountName']
      ? checkFormat(`${field}.serviceAccountName`, textOf(spec['serviceAccountName']), dns1123Subdomain)
      : []),
    ...(spec['nodeName'] ? checkFormat(`${field}.nodeName`, textOf(spec['nodeName']), dns1123Subdomain) : []),
    ...validateAffinity(record(spec['affinity']), `${field}.affinity`),
    ...addresses(texts(record(spec['dnsConfig'])?.['nameservers']), `${field}.dnsConfig.nameservers`),
    ...items(spec['hostAliases']).flatMap((alias, index) =>
      validateHostAlias(alias, at(`${field}.hostAliases`, index)),
    ),
    ...(spec['hostname'] ? checkFormat(`${field}.hostname`, textOf(spec['hostname']), dns1123Label) : []),
    ...items(spec['tolerations']).flatMap((toleration, index) =>
      validateToleration(toleration, at(`${field}.tolerations`, index)),
    ),
    ...validateSpread(items(spec['topologySpreadConstraints']), `${field}.topologySpreadConstraints`),
    ...nonNegative(`${field}.terminationGracePeriodSeconds`, spec['terminationGracePeriodSeconds']),
  ];
}

/** What is wrong with `{metadata, spec}` as controllers hold it. */
export function validatePodTemplate(value: unknown, field: string): Cause[] {
  const template = record(value) ?? {};
  const metadata = record(template['metadata']) ?? {};
  return [
    ...validateLabels(metadata['labels'] as Record<string, string> | undefined, `${field}.labels`), // texts by schema
    ...validateAnnotations(metadata['annotations'] as Record<string, string> | undefined, `${field}.annotations`), // as above
    ...validatePodSpec(record(template['spec']) ?? {}, `${field}.spec`),
  ];
}

/** Fields a volume of a kind cannot do without. */
const volumeNeeds: Readonly<Record<string, string>> = {
  configMap: 'name',
  secret: 'secretName',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  nfs: 'server',
  csi: 'driver',
};

function validateVolumes(volumes: readonly JsonObject[], field: string): Cause[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const path = at(field, index);
    const name = textOf(volume['name'] ?? '');
    const causes = name ? checkFormat(`${path}.name`, name, dns1123Label) : [required(`${path}.name`)];
    if (name && names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...causes, ...validateVolumeSource(volume, path)];
  });
}

function validateVolumeSource(volume: JsonObject, path: string): Cause[] {
  const causes = Object.entries(volumeNeeds).flatMap(([kind, need]) => {
    const source = record(volume[kind]);
    return source && !source[need] ? [required(`${path}.${kind}.${need}`)] : [];
  });
  for (const source of items(fieldsIn(volume['projected'])['sources'])) {
    const token = record(source['serviceAccountToken']);
    if (token && !token['path']) causes.push(required(`${path}.projected.path`));
  }
  return causes;
}

function addresses(list: readonly string[], field: string): Cause[] {
  return list.flatMap((address, index) => (isIP(address) ? [] : [invalid(at(field, index), address, addressNote)]));
}

function validateHostAlias(alias: JsonObject, field: string): Cause[] {
  const ip = textOf(alias['ip'] ?? '');
  return [
    ...(isIP(ip) ? [] : [invalid(`${field}.ip`, ip, addressNote)]),
    ...texts(alias['hostnames']).flatMap((name, index) =>
      checkFormat(at(`${field}.hostnames`, index), name, dns1123Subdomain),
    ),
  ];
}

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateToleration(toleration: JsonObject, field: string): Cause[] {
  const { key, effect } = toleration;
  const known = !effect || taintEffects.includes(textOf(effect));
  return [
    ...(key ? checkFormat(`${field}.key`, textOf(key), qualifiedName) : []),
    ...validateTolerationOperator(toleration, `${field}.operator`),
    ...(known ? [] : [notSupported(`${field}.effect`, effect, taintEffects)]),
  ];
}

const tolerationOperators = ['Equal', 'Exists'];

function validateTolerationOperator({ key, operator, value }: JsonObject, field: string): Cause[] {
  const exists = operator === 'Exists';
  const causes: Cause[] = [];
  if (!key && !exists) {
    const note = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalid(field, operator ?? '', note));
  }
  if (exists && value) causes.push(invalid(field, value, "value must be empty when `operator` is 'Exists'"));
  if (operator && !tolerationOperators.includes(textOf(operator)))
    causes.push(notSupported(field, operator, tolerationOperators));
  return causes;
}

const whenUnsatisfiable = ['DoNotSchedule', 'ScheduleAnyway'];

function validateSpread(constraints: readonly JsonObject[], field: string): Cause[] {
  return constraints.flatMap((constraint, index) => {
    const path = at(field, index);
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable: when = '' } = constraint;
    const same = constraints
      .slice(index + 1)
      .some((other) => other['topologyKey'] === topologyKey && other['whenUnsatisfiable'] === when);
    return [
      ...(Number(maxSkew) > 0 ? [] : [invalid(`${path}.maxSkew`, maxSkew, 'must be greater than zero')]),
      ...(topologyKey
        ? checkFormat(`${path}.topologyKey`, textOf(topologyKey), qualifiedName)
        : [required(`${path}.topologyKey`, 'can not be empty')]),
      ...(whenUnsatisfiable.includes(textOf(when))
        ? []
        : [notSupported(`${path}.whenUnsatisfiable`, when, whenUnsatisfiable)]),
      ...(same
        ? [duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, `{${textOf(topologyKey)}, ${textOf(when)}}`)]
        : []),
      ...validateSelector(constraint['labelSelector'], `${path}.labelSelector`),
    ];
  });
}

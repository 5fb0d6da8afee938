import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { duplicate, eachItem, forbidden, invalid, notSupported, repeated, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1123Subdomain, qualifiedName } from './format.ts';
import { validateMountAnnotation } from './mount-annotation.ts';
import { nonNegative } from './number.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { validateVolumeSpec } from './storage.ts';
import { validateDriverName } from './volume-source.ts';

export function validateClaim(claim: ClusterObject): Cause[] {
  return validateClaimSpec(fieldsIn(claim['spec']), 'spec');
}

export function validateVolume(volume: ClusterObject): Cause[] {
  return [...validateVolumeSpec(fieldsIn(volume['spec'])), ...validateMountAnnotation(volume)];
}

export function validateStorageClass(object: ClusterObject): Cause[] {
  const provisioner = optionalText(object['provisioner']);
  return [
    ...(provisioner ? checkFormat('provisioner', provisioner.toLowerCase(), qualifiedName) : [required('provisioner')]),
    ...(object['reclaimPolicy'] === '' ? [] : validateRootChoice(object, 'reclaimPolicy', ['Delete', 'Retain'])),
    ...validateRootChoice(object, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']),
    ...validateTopologies(object['allowedTopologies']),
  ];
}

/** A choice among a few, of a field of the object itself. */
export function validateRootChoice(object: ClusterObject, field: string, supported: readonly string[]): Cause[] {
  const value: unknown = object[field];
  return value === undefined || supported.includes(optionalText(value)) ? [] : [notSupported(field, value, supported)];
}

function validateTopologies(terms: unknown): Cause[] {
  const seen: string[] = [];
  return eachItem(terms, 'allowedTopologies', (term, field) => {
    const path = `${field}.matchLabelExpressions`;
    const causes = validateTopologyTerm(term, path);
    const shape = JSON.stringify(
      items(term['matchLabelExpressions']).map(({ key, values }) => ({ key, values: [...texts(values)].sort() })),
    );
    if (seen.includes(shape) || items(term['matchLabelExpressions']).length === 0) causes.push(duplicate(path, ''));
    seen.push(shape);
    return causes;
  });
}

function validateTopologyTerm(term: JsonObject, field: string): Cause[] {
  const keys = new Set<string>();
  return eachItem(term['matchLabelExpressions'], field, (requirement, path) => {
    const key = optionalText(requirement['key']);
    const causes = texts(requirement['values']).length === 0 ? [required(`${path}.values`)] : [];
    causes.push(
      ...repeated(requirement['values'], `${path}.values`),
      ...checkFormat(`${path}.key`, key, qualifiedName),
    );
    if (keys.has(key)) causes.push(duplicate(`${path}.key`, key));
    keys.add(key);
    return causes;
  });
}

const longestAttacherName = 63;

export function validateVolumeAttachment(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const attacher = optionalText(spec['attacher']);
  const tooLong = {
    field: 'spec.attacher',
    message: `Too long: may not be more than ${longestAttacherName} bytes`,
    reason: 'FieldValueTooLong',
  };
  return [
    ...(attacher ? [] : [required('spec.attacher')]),
    ...(attacher.length > longestAttacherName ? [tooLong] : []),
    ...(attacher ? checkFormat('spec.attacher', attacher, (name) => dns1123Subdomain(name.toLowerCase())) : []),
    ...validateAttachmentSource(fieldsIn(spec['source']), 'spec.source'),
    ...checkFormat('spec.nodeName', optionalText(spec['nodeName']), dns1123Subdomain),
  ];
}

function validateAttachmentSource(source: JsonObject, field: string): Cause[] {
  const { persistentVolumeName: name } = source;
  const path = `${field}.persistentVolumeName`;
  const inline = record(source['inlineVolumeSpec']);
  if (name === undefined && !inline)
    return [required(field, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName')];
  if (name !== undefined && inline)
    return [forbidden(field, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName')];
  if (inline) return [];
  const text = optionalText(name);
  return [
    ...(text ? [] : [required(path, 'must specify non empty persistentVolumeName')]),
    ...checkFormat(path, text, dns1123Subdomain),
  ];
}

const shortestTokenSeconds = 600;

export function validateCsiDriver(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const audiences = new Set<string>();
  const modes = ['Persistent', 'Ephemeral'];
  return [
    ...['attachRequired', 'podInfoOnMount', 'storageCapacity'].flatMap((name) =>
      typeof spec[name] === 'boolean' ? [] : [required(`spec.${name}`)],
    ),
    ...texts(spec['volumeLifecycleModes'])
      .filter((mode) => !modes.includes(mode))
      .map((mode) => notSupported('spec.volumeLifecycleModes', mode, modes)),
    ...validateChoice(spec, 'fsGroupPolicy', { field: 'spec', supported: ['File', 'None', 'ReadWriteOnceWithFSType'] }),
    ...eachItem(spec['tokenRequests'], 'spec.tokenRequests', ({ audience, expirationSeconds: seconds }, path) => {
      const name = optionalText(audience);
      const causes = audiences.has(name) ? [duplicate(`${path}.audience`, name)] : [];
      audiences.add(name);
      if (typeof seconds === 'number' && seconds < shortestTokenSeconds)
        causes.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'));
      return causes;
    }),
  ];
}

export function validateCsiNode(object: ClusterObject): Cause[] {
  const names = new Set<string>();
  return eachItem(fieldsIn(object['spec'])['drivers'], 'spec.drivers', (driver, field) => {
    const name = optionalText(driver['name']);
    const causes = validateDriverName(name, `${field}.name`);
    if (!driver['nodeID']) causes.push(required(`${field}.nodeID`));
    causes.push(...nonNegative(`${field}.allocatable.count`, fieldsIn(driver['allocatable'])['count']));
    const keys = new Set<string>();
    for (const key of texts(driver['topologyKeys'])) {
      if (!key) causes.push(required(field));
      else if (keys.has(key)) causes.push(duplicate(field, key));
      keys.add(key);
      causes.push(...checkFormat(field, key, qualifiedName));
    }
    if (names.has(name)) causes.push(duplicate(`${field}.name`, name));
    names.add(name);
    return causes;
  });
}

export function validateStorageCapacity(object: ClusterObject): Cause[] {
  return [
    ...validateSelector(object['nodeTopology'], 'nodeTopology'),
    ...checkFormat('storageClassName', optionalText(object['storageClassName']), dns1123Subdomain),
  ];
}

const mostParameters = 512;

export function validateAttributesClass(object: ClusterObject): Cause[] {
  const driver = optionalText(object['driverName']).toLowerCase();
  const count = Object.keys(fieldsIn(object['parameters'])).length;
  const causes = driver ? checkFormat('driverName', driver, qualifiedName) : [required('driverName')];
  if (count === 0) causes.push(required('parameters', 'must contain at least one key/value pair'));
  if (count > mostParameters)
    causes.push({
      field: 'parameters',
      message: `Too long: may not be more than ${mostParameters} bytes`,
      reason: 'FieldValueTooLong',
    });
  return causes;
}

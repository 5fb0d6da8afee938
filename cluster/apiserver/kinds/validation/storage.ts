import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { record, texts } from '../rules/set-default.ts';
import { at, notSupported, required } from './cause.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function validateModes(modes: readonly string[], field: string): Cause[] {
  return modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(field, mode, accessModes));
}

/** What is wrong with the spec of a claim, in a claim or in a template of one. */
export function validateClaimSpec(spec: JsonObject, field: string): Cause[] {
  const modes = texts(spec['accessModes']);
  const storage = record(record(spec['resources'])?.['requests'])?.['storage'];
  return [
    ...(modes.length === 0 ? [required(`${field}.accessModes`, 'at least 1 access mode is required')] : []),
    ...validateModes(modes, `${field}.accessModes`),
    ...(storage === undefined ? [required(at(`${field}.resources`, 'storage'))] : []),
  ];
}

const ownFields = new Set([
  'capacity',
  'accessModes',
  'claimRef',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'mountOptions',
  'volumeMode',
  'nodeAffinity',
  'volumeAttributesClassName',
]);

function validateCapacity(capacity: JsonObject | undefined): Cause[] {
  const amounts = Object.keys(capacity ?? {});
  const onlyStorage = amounts.length === 1 && amounts[0] === 'storage';
  return [
    ...(amounts.length > 0 ? [] : [required('spec.capacity')]),
    ...(onlyStorage ? [] : [notSupported('spec.capacity', capacity ?? null, ['storage'])]),
  ];
}

/** What is wrong with the spec of a persistent volume. */
export function validateVolumeSpec(spec: JsonObject): Cause[] {
  const modes = texts(spec['accessModes']);
  const hostPath = record(spec['hostPath']);
  return [
    ...(modes.length === 0 ? [required('spec.accessModes')] : []),
    ...validateModes(modes, 'spec.accessModes'),
    ...validateCapacity(record(spec['capacity'])),
    ...(hostPath && !hostPath['path'] ? [required('spec.hostPath.path')] : []),
    ...(Object.keys(spec).every((field) => ownFields.has(field))
      ? [required('spec', 'must specify a volume type')]
      : []),
  ];
}

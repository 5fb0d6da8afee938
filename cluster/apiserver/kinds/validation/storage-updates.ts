import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { quantityValue } from '../../schema/quantity.ts';
import { fieldsIn, items, optionalText } from '../rules/set-default.ts';
import { forbidden, invalid } from './cause.ts';
import { fieldsOfVolume } from './volume-fields.ts';
import { all, calling, closed, fixed, type UpdateCheck } from './fixed-fields.ts';

const claimNote =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** What may change in a claim: how much it asks for, and what kind of volume, once it has one. */
function changeable(spec: JsonObject, bound: boolean): JsonObject {
  const { volumeName, volumeAttributesClassName, resources, ...rest } = spec;
  const { requests: _requests, ...others } = fieldsIn(resources);
  const kept: JsonObject = { ...rest, resources: bound ? others : fieldsIn(resources) };
  if (!bound) return { ...kept, ...(volumeAttributesClassName !== undefined && { volumeAttributesClassName }) };
  return { ...kept, ...(volumeName !== undefined && { volumeName }) };
}

const modeUnchanged = calling({ 'spec.volumeMode': 'volumeMode' }, fixed('spec.volumeMode'));

/** True when a claim asks for less than before, and for no more than it has. */
function shrinks(next: ClusterObject, old: ClusterObject): boolean {
  const asked = (object: ClusterObject): Json | undefined =>
    fieldsIn(fieldsIn(fieldsIn(object['spec'])['resources'])['requests'])['storage'];
  const size = (value: Json | undefined): number => quantityValue(optionalText(value) || '0');
  const given = fieldsIn(fieldsIn(old['status'])['capacity'])['storage'];
  return size(asked(next)) < size(asked(old)) && size(asked(next)) <= size(given);
}

/** What of the spec may not change has changed. */
function isMoved(next: ClusterObject, old: ClusterObject): boolean {
  const [after, before] = [fieldsIn(next['spec']), fieldsIn(old['spec'])];
  const bound = fieldsIn(old['status'])['phase'] === 'Bound';
  const binds = !before['volumeName'] && after['volumeName'] !== undefined;
  const base = binds ? { ...before, volumeName: after['volumeName'] ?? null } : before;
  if (!isDeepStrictEqual(changeable(after, bound), changeable(base, bound))) return true;
  return !bound && !binds && optionalText(after['volumeName']) !== optionalText(before['volumeName']);
}

export const validateClaimUpdate: UpdateCheck = (next, old) => {
  const causes = isMoved(next, old) ? [forbidden('spec', claimNote)] : [];
  if (shrinks(next, old))
    causes.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  return [...causes, ...modeUnchanged(next, old)];
};

function sourceOf(volume: ClusterObject): unknown {
  return Object.fromEntries(Object.entries(fieldsIn(volume['spec'])).filter(([field]) => !fieldsOfVolume.has(field)));
}

function validateSource(next: ClusterObject, old: ClusterObject): Cause[] {
  const same = isDeepStrictEqual(sourceOf(next), sourceOf(old));
  const field = 'spec.persistentvolumesource';
  return same ? [] : [forbidden(field, `${field} is immutable after creation`)];
}

function validateAffinity(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [fieldsIn(next['spec'])['nodeAffinity'], fieldsIn(old['spec'])['nodeAffinity']];
  if (before === undefined || isDeepStrictEqual(after, before)) return [];
  return [invalid('nodeAffinity', after ?? null, 'field is immutable, except for updating from beta label to GA')];
}

export const validateVolumeUpdate: UpdateCheck = all(validateSource, modeUnchanged, validateAffinity);

export const validateStorageClassUpdate: UpdateCheck = fixed(
  'parameters',
  'provisioner',
  'reclaimPolicy',
  'volumeBindingMode',
);

export const validateCsiDriverUpdate: UpdateCheck = calling(
  { 'spec.attachRequired': 'spec.attachedRequired' },
  fixed('spec.attachRequired', 'spec.volumeLifecycleModes'),
);

/** A driver of a node may come and go, but not change while it is there. */
export const validateCsiNodeUpdate: UpdateCheck = (next, old) => {
  const before = new Map(items(fieldsIn(old['spec'])['drivers']).map((driver) => [driver['name'], driver]));
  return items(fieldsIn(next['spec'])['drivers']).flatMap((driver) => {
    const known = before.get(driver['name'] ?? '');
    const { allocatable: _now, ...rest } = driver;
    const { allocatable: _then, ...other } = known ?? rest;
    return isDeepStrictEqual(rest, other) ? [] : [invalid('spec.drivers', goDriver(driver), 'field is immutable')];
  });
};

/** The real server shows the struct. */
function goDriver({ name = '', nodeID = '', topologyKeys = null }: JsonObject): object {
  return { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys, Allocatable: null };
}

export const validateAttachmentUpdate: UpdateCheck = fixed('spec');
export const validateCapacityUpdate: UpdateCheck = fixed('nodeTopology', 'storageClassName');
export const validateAttributesUpdate: UpdateCheck = all(
  closed('updates to driverName are forbidden.', 'driverName'),
  closed('updates to parameters are forbidden.', 'parameters'),
);

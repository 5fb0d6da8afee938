import { randomBytes, randomUUID } from 'node:crypto';
import { ApiError } from '@kit/base';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { badRequest, conflict } from './api-errors.ts';
import type { Target } from './write-request.ts';

// No vowels and nothing that looks like another character; the alphabet of the real server.
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const longestPrefix = 58;

/** `prefix` and five characters by chance. */
export function generateName(prefix: string): string {
  const suffix = [...randomBytes(5)].map((byte) => suffixAlphabet[byte % suffixAlphabet.length]).join('');
  return prefix.slice(0, longestPrefix) + suffix;
}

/** The body and the URL must speak of the same object. */
export function checkPlace(object: ClusterObject, target: Target): void {
  const { namespace, name } = object.metadata;
  if (namespace && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (target.name && name !== target.name) {
    if (!name) throw badRequest('name must be provided');
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
}

const isEmpty = (value: object | undefined | null): boolean =>
  value === null || (value !== undefined && Object.keys(value).length === 0);

function clean(metadata: ClusterObject['metadata'] & { selfLink?: string }): void {
  delete metadata.selfLink;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.managedFields;
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) {
    if (isEmpty(metadata[field])) Reflect.deleteProperty(metadata, field);
  }
}

/** Takes from a sent object what no client sets. */
export function cleanMetadata({ metadata }: ClusterObject, target: Target): void {
  if (metadata.resourceVersion && metadata.resourceVersion !== '0') {
    throw new ApiError('InternalError', 'resourceVersion should not be set on objects to be created');
  }
  clean(metadata);
  delete metadata.resourceVersion;
  delete metadata.uid;
  delete metadata.creationTimestamp;
  if (target.namespace) metadata.namespace = target.namespace;
  else delete metadata.namespace;
}

/** Sets what only the server sets on a new object. */
export function startMetadata({ metadata }: ClusterObject, target: Target, now: string): void {
  metadata.uid = randomUUID();
  metadata.creationTimestamp = now;
  if (target.namespace) metadata.namespace = target.namespace;
  if (target.kind.strategy.hasGeneration) metadata.generation = 1;
}

const serverOwned = ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const;

/** Puts back what an update may not change. */
export function keepMetadata(next: ClusterObject, old: ClusterObject): void {
  for (const field of serverOwned) {
    const value = old.metadata[field];
    if (value === undefined) delete next.metadata[field];
    else Object.assign(next.metadata, { [field]: value });
  }
  next.metadata.uid = old.metadata.uid;
  next.metadata.name = old.metadata.name;
  if (old.metadata.namespace) next.metadata.namespace = old.metadata.namespace;
  else delete next.metadata.namespace;
  delete (next.metadata as { selfLink?: unknown }).selfLink; // not part of the type: no server sets it any more
  const { finalizers, ownerReferences } = next.metadata;
  if (finalizers?.length === 0) delete next.metadata.finalizers;
  if (ownerReferences?.length === 0) delete next.metadata.ownerReferences;
}

const folders: Readonly<Record<string, string>> = {
  services: 'services/specs',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  ingresses: 'ingress',
};

/** Where the real server keeps objects of a kind. */
function storedUnder({ group, resource }: KindInfo): string {
  if (group.startsWith('api')) return `${group}/${resource}`;
  return folders[resource] ?? resource;
}

type Written = Target & { readonly dryRun?: boolean };

/** Throws `Conflict` when the writer meant another state, or another object, than the stored one. */
export function checkPreconditions(next: ClusterObject, old: ClusterObject, target: Written): void {
  const { uid, resourceVersion } = next.metadata;
  if (uid && uid !== old.metadata.uid) throw anotherObject(uid, old, target);
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw new ApiError('InternalError', `strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`);
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(target.kind, target.name);
  }
}

function anotherObject(uid: string, old: ClusterObject, { kind, namespace, name, dryRun }: Written): ApiError {
  // A dry run asks the store above its folder of keys.
  const path = `${dryRun ? '' : '/registry'}/${storedUnder(kind)}/${namespace ? `${namespace}/` : ''}${name}`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(kind, name, error);
}

/** An object on its way out takes no new finalizers: whoever waits for its end would wait for ever. */
export function finalizerCauses(next: ClusterObject, old: ClusterObject): Cause[] {
  if (!old.metadata.deletionTimestamp) return [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !old.metadata.finalizers?.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ field: 'metadata.finalizers', message, reason: 'FieldValueForbidden' }];
}

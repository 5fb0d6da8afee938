import type { ClusterObject } from '../client.ts';

export type OwnerReference = NonNullable<ClusterObject['metadata']['ownerReferences']>[number];

/** The one owner that controls the object, if it has one. */
export function controllerOf(object: ClusterObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** The reference by which `owner` controls an object. */
export function controllerReference(owner: ClusterObject): OwnerReference {
  const { apiVersion, kind } = owner;
  const { name, uid = '' } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** For an index of objects by the uid of their controller. */
export function controllerUids(object: ClusterObject): string[] {
  const owner = controllerOf(object);
  return owner ? [owner.uid] : [];
}

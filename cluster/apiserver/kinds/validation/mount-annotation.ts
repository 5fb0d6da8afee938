import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { fieldsIn } from '../rules/set-default.ts';
import { forbidden } from './cause.ts';

export const mountAnnotation = 'volume.beta.kubernetes.io/mount-options';

/** Volumes that a node mounts by itself, with options. */
const mounted = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'gcePersistentDisk',
  'glusterfs',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'quobyte',
  'rbd',
  'vsphereVolume',
];

/** Options in the annotation are for some volumes; those in `spec.mountOptions` are for all, and mean nothing to some. */
export function validateMountAnnotation(volume: ClusterObject): Cause[] {
  if (volume.metadata.annotations?.[mountAnnotation] === undefined) return [];
  const spec = fieldsIn(volume['spec']);
  if (mounted.some((source) => spec[source])) return [];
  return [forbidden(`metadata.annotations.${mountAnnotation}`, 'may not specify mount options for this volume type')];
}

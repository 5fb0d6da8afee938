import { annotations, type Claim, refersTo, type Volume } from './storage-kinds.ts';
import { annotated, type VolumeStore } from './volume-store.ts';

function reservedFor(volume: Volume, { metadata }: Claim): Volume {
  const { name, namespace, uid, resourceVersion } = metadata;
  if (volume.spec.claimRef?.uid === uid) return volume;
  const isOwn = volume.spec.claimRef === undefined;
  const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
  const reserved = { ...volume, spec: { ...volume.spec, claimRef } };
  return isOwn ? annotated(reserved, { [annotations.boundByController]: 'yes' }) : reserved;
}

function namingVolume(claim: Claim, name: string): Claim {
  const isOwn = !claim.spec.volumeName;
  return annotated(
    { ...claim, spec: { ...claim.spec, volumeName: name } },
    { [annotations.bindCompleted]: 'yes', ...(isOwn && { [annotations.boundByController]: 'yes' }) },
  );
}

/** Binds claim and volume to each other, in the four writes after each of which it can be taken up again. */
export async function bindClaim(store: VolumeStore, claim: Claim, volume: Volume): Promise<void> {
  const reserved = await store.setVolume(volume, reservedFor(volume, claim));
  await store.setPhase(reserved, 'Bound');
  const naming = await store.setClaim(claim, namingVolume(claim, volume.metadata.name));
  const { capacity, accessModes, volumeAttributesClassName } = volume.spec;
  // What a bound claim has been given grows only when its volume has been made larger for it.
  const given = claim.status?.phase === 'Bound' ? claim.status.capacity : undefined;
  await store.setClaimStatus(naming, {
    phase: 'Bound',
    accessModes,
    capacity: given ?? capacity,
    ...(volumeAttributesClassName && { currentVolumeAttributesClassName: volumeAttributesClassName }),
  });
}

/** Undoes a binding of ours that has not come to an end. */
export async function unbindVolume(store: VolumeStore, volume: Volume): Promise<void> {
  const isOwn = volume.metadata.annotations?.[annotations.boundByController] !== undefined;
  const { claimRef, ...spec } = volume.spec;
  const { uid: _uid, ...kept } = claimRef ?? { name: '' };
  const free = isOwn
    ? annotated({ ...volume, spec }, { [annotations.boundByController]: undefined })
    : { ...volume, spec: { ...spec, claimRef: kept } };
  await store.setPhase(await store.setVolume(volume, free), 'Available');
}

/** Does the volume belong to this very claim, rather than to one that had its name? */
export function isOf(volume: Volume, claim: Claim): boolean {
  return refersTo(volume, claim) && volume.spec.claimRef?.uid === claim.metadata.uid;
}

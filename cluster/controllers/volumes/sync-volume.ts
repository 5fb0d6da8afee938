import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import { unbindVolume } from './bind-claim.ts';
import { volumeModeOf } from './match-volume.ts';
import { annotations, type Claim, type Volume } from './storage-kinds.ts';
import type { VolumeStore } from './volume-store.ts';

export interface VolumeDeps {
  readonly store: VolumeStore;
  readonly events: EventRecorder;
  /** Looks at the claim again, soon. */
  readonly queueClaim: (claim: Claim) => void;
}

/** Brings a volume into the phase that its claim puts it in. */
export async function syncVolume(deps: VolumeDeps, volume: Volume): Promise<void> {
  const { store, queueClaim } = deps;
  const { claimRef } = volume.spec;
  // A volume reserved by name only is free until its claim comes and is bound.
  if (!claimRef?.uid) {
    if (claimRef) wake(deps, volume);
    return void (await store.setPhase(volume, 'Available'));
  }
  const claim = claimOf(deps, volume);
  if (!claim) return release(deps, volume);
  if (claim.spec.volumeName === volume.metadata.name) return void (await store.setPhase(volume, 'Bound'));
  if (claim.spec.volumeName) return misbound(deps, volume);
  if (volumeModeOf(claim) !== volumeModeOf(volume)) tellMode(deps, volume, claim);
  return queueClaim(claim);
}

function claimOf({ store }: VolumeDeps, { spec }: Volume): Claim | undefined {
  const claim = store.claims.get(spec.claimRef?.namespace, spec.claimRef?.name ?? '');
  return claim?.metadata.uid === spec.claimRef?.uid ? claim : undefined;
}

function wake({ store, queueClaim }: VolumeDeps, { spec }: Volume): void {
  const claim = store.claims.get(spec.claimRef?.namespace, spec.claimRef?.name ?? '');
  if (claim) queueClaim(claim);
}

async function release({ store, events }: VolumeDeps, volume: Volume): Promise<void> {
  const { phase } = volume.status ?? {};
  if (phase !== 'Released' && phase !== 'Failed') await store.setPhase(volume, 'Released');
  if (volume.spec.persistentVolumeReclaimPolicy === 'Recycle') return failRecycling(store, events, volume);
  const isMade = volume.metadata.annotations?.[annotations.provisionedBy] !== undefined;
  if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete' || isMade || volume.spec.csi) return;
  const message = undeletable(volume);
  if (message) return fail(store, events, { volume, reason: 'VolumeFailedDelete', message });
  await store.deleteVolume(volume);
}

// Of volumes made by hand only folders for tests are deleted with their claim, and their owner keeps what is in them.
function undeletable({ metadata, spec }: Volume): string | undefined {
  if (!spec.hostPath)
    return `error getting deleter volume plugin for volume "${metadata.name}": no volume plugin matched`;
  if (/^\/tmp\/.+/.test(spec.hostPath.path)) return undefined;
  return `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}`;
}

// Recycling needs a pod that empties the volume, which no node of this cluster could run.
function failRecycling(store: VolumeStore, events: EventRecorder, volume: Volume): Promise<void> {
  return fail(store, events, {
    volume,
    reason: 'VolumeFailedRecycle',
    message: 'No recycler plugin found for the volume!',
  });
}

async function fail(
  store: VolumeStore,
  events: EventRecorder,
  { volume, reason, message }: { volume: Volume; reason: string; message: string },
): Promise<void> {
  const newest = store.volumes.get(undefined, volume.metadata.name) ?? volume;
  if (await store.setPhase(newest, 'Failed', message)) events.record(volume, { type: 'Warning', reason, message });
}

/** The claim has another volume: this one was made for it in vain, or was promised to it in vain. */
async function misbound({ store }: VolumeDeps, volume: Volume): Promise<void> {
  const isMade = volume.metadata.annotations?.[annotations.provisionedBy] !== undefined;
  if (isMade && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
    return void (await store.setPhase(volume, 'Released'));
  return unbindVolume(store, volume);
}

function tellMode({ events }: VolumeDeps, volume: Volume, claim: Claim): void {
  const [of, to] = [volume.metadata.name, claim.metadata.name];
  const type = 'Warning';
  const reason = 'VolumeMismatch';
  const forVolume = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${to}" due to incompatible volumeMode.`;
  const forClaim = `Cannot bind PersistentVolume "${of}" to requested PersistentVolumeClaim due to incompatible volumeMode.`;
  events.record(volume, { type, reason, message: forVolume });
  events.record(claim, { type, reason, message: forClaim });
}

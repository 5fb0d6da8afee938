import { isApiError } from '@kit/base';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { volumeModeOf } from './match-volume.ts';
import type { StorageDriver } from './storage-driver.ts';
import { annotations, type Claim, isDelayed, type StorageClass, storageRefs, type Volume } from './storage-kinds.ts';
import { isForeign, originOf } from './volume-origin.ts';
import { VolumeStore } from './volume-store.ts';

const finalizer = 'external-provisioner.volume.kubernetes.io/finalizer';
const [claimPrefix, volumePrefix] = ['claim:', 'volume:'];
const retryMs = 5_000;

interface Deps {
  readonly context: ControllerContext;
  readonly store: VolumeStore;
  readonly driver: StorageDriver;
  readonly events: EventRecorder;
}

function volumeFor(
  claim: Claim,
  storageClass: StorageClass,
  { name, source, driver }: { name: string; source: object; driver: string },
): Volume {
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
  const { reclaimPolicy = 'Delete', mountOptions } = storageClass;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [annotations.provisionedBy]: driver }, finalizers: [finalizer] },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.storage },
      accessModes: claim.spec.accessModes,
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name: claimName, uid, resourceVersion },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      volumeMode: volumeModeOf(claim),
      ...(mountOptions?.length && { mountOptions }),
      ...source,
    },
  };
}

function isOpen({ metadata, spec }: Claim, { store, driver }: Deps): boolean {
  if (spec.volumeName || metadata.deletionTimestamp) return false;
  return (metadata.annotations?.[annotations.provisioner] ?? '') === driver.name && Boolean(store.classes.size);
}

async function make(deps: Deps, claim: Claim, storageClass: StorageClass): Promise<void> {
  const { context, store, driver, events } = deps;
  const { namespace = '', name: claimName, uid = '' } = claim.metadata;
  const name = `pvc-${uid}`;
  if (store.volumes.get(undefined, name)) return;
  const message = `External provisioner is provisioning volume for claim "${namespace}/${claimName}"`;
  events.record(claim, { type: 'Normal', reason: 'Provisioning', message });
  const origin = await originOf(claim, storageClass, { store, client: context.client });
  const node = claim.metadata.annotations?.[annotations.selectedNode];
  const source = await driver.create({ name, claim, storageClass, node, origin });
  const volume = volumeFor(claim, storageClass, { name, source, driver: driver.name });
  store.volumes.observe(await context.client.create(storageRefs.volumes, volume));
  events.record(claim, {
    type: 'Normal',
    reason: 'ProvisioningSucceeded',
    message: `Successfully provisioned volume ${name}`,
  });
}

/** True when it is to be tried again. */
async function provision(deps: Deps, claim: Claim): Promise<boolean> {
  const { store, driver, events } = deps;
  const storageClass = store.classOf(claim);
  if (!storageClass || storageClass.provisioner !== driver.name || isForeign(claim)) return false;
  if (isDelayed(storageClass) && !claim.metadata.annotations?.[annotations.selectedNode]) return false;
  try {
    await make(deps, claim, storageClass);
    return false;
  } catch (error) {
    if (isApiError(error, 'AlreadyExists')) return false;
    const why = error instanceof Error ? error.message : String(error);
    const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${why}`;
    events.record(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
    return true;
  }
}

function isOurs({ metadata }: Volume, { driver }: Deps): boolean {
  return metadata.annotations?.[annotations.provisionedBy] === driver.name;
}

/** Does nobody need what is behind the volume any more? */
function isDone({ metadata, spec, status }: Volume): boolean {
  if (spec.persistentVolumeReclaimPolicy !== 'Delete') return false;
  return status?.phase === 'Released' || (status?.phase === 'Failed' && Boolean(metadata.deletionTimestamp));
}

/** Removes what is behind a volume that nobody needs any more, and then the volume. */
async function reclaim(deps: Deps, volume: Volume): Promise<void> {
  const { client } = deps.context;
  const { name, deletionTimestamp } = volume.metadata;
  const isKept = volume.spec.persistentVolumeReclaimPolicy !== 'Delete';
  if (isKept && deletionTimestamp) return letGo(deps, volume);
  if (!isDone(volume)) return;
  await removeContent(deps, volume);
  if (!deletionTimestamp) await client.delete(storageRefs.volumes, undefined, name).catch(ignoreGone);
  const newest = await client.get(storageRefs.volumes, undefined, name).catch(ignoreGone);
  if (newest) await letGo(deps, newest as Volume); // it is one
}

async function removeContent({ driver, events }: Deps, volume: Volume): Promise<void> {
  try {
    await driver.remove(volume);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events.record(volume, { type: 'Warning', reason: 'VolumeFailedDelete', message });
    throw error;
  }
}

async function letGo({ store }: Deps, volume: Volume): Promise<void> {
  const finalizers = volume.metadata.finalizers?.filter((one) => one !== finalizer);
  await store.setVolume(volume, { ...volume, metadata: { ...volume.metadata, finalizers } }).catch(ignoreGone);
}

function ignoreGone(error: unknown): undefined {
  if (!isApiError(error, 'NotFound')) throw error;
  return undefined;
}

/** Makes volumes for the claims of the driver's classes, and removes those whose claim is gone. */
export function provisionerController(driver: StorageDriver): (context: ControllerContext) => Controller {
  return (context) => {
    const store = new VolumeStore(context);
    const deps: Deps = { context, store, driver, events: context.recorder(driver.name) };

    async function reconcile(key: string): Promise<void> {
      if (key.startsWith(volumePrefix)) {
        const volume = store.volumes.get(undefined, key.slice(volumePrefix.length));
        return volume && isOurs(volume, deps) ? reclaim(deps, volume) : undefined;
      }
      const { namespace, name } = splitKey(key.slice(claimPrefix.length));
      const claim = store.claims.get(namespace, name);
      if (claim && isOpen(claim, deps) && (await provision(deps, claim))) controller.queue.addAfter(key, retryMs);
    }

    const controller = new QueueController(context, { name: `provisioner ${driver.name}`, reconcile })
      .feed(store.claims, (claim) => (isOpen(claim, deps) ? [claimPrefix + keyOf(claim)] : []))
      .feed(store.volumes, (volume) => (isOurs(volume, deps) ? [volumePrefix + volume.metadata.name] : []));
    return controller;
  };
}

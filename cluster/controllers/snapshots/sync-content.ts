import { timestamp, type Clock } from '@kit/base';
import { annotations, type Volume } from '../volumes/storage-kinds.ts';
import type { StorageDriver } from '../volumes/storage-driver.ts';
import { capacityOf } from '../volumes/match-volume.ts';
import { finalizers, type VolumeSnapshotContent } from './snapshot-kinds.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface ContentDeps {
  readonly store: SnapshotStore;
  readonly drivers: ReadonlyMap<string, StorageDriver>;
  readonly clock: Clock;
}

const nanosPerMs = 1_000_000;

/** The volume a content was taken from; drivers call a volume by its handle, or by its name. */
function volumeOf({ store }: ContentDeps, { spec }: VolumeSnapshotContent): Volume | undefined {
  const handle = spec.source.volumeHandle;
  return [...store.volumes.all()].find(({ metadata, spec: { csi } }) => {
    const isOurs = metadata.annotations?.[annotations.provisionedBy] === spec.driver;
    return isOurs && (csi?.volumeHandle ?? metadata.name) === handle;
  });
}

/** Takes the snapshot behind a content, or removes it with the content. */
export async function syncContent(deps: ContentDeps, content: VolumeSnapshotContent): Promise<void> {
  const driver = deps.drivers.get(content.spec.driver);
  if (!driver) return;
  if (content.metadata.deletionTimestamp) return removeContent(deps, content, driver);
  if (content.status?.readyToUse) return;
  const held = await deps.store.hold(content, [finalizers.content]);
  try {
    await take(deps, held, driver);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failure = {
      message: `Failed to check and update snapshot content: ${message}`,
      time: timestamp(deps.clock.now()),
    };
    await deps.store.setStatus(held, { ...held.status, readyToUse: false, error: failure });
    throw error;
  }
}

async function take(deps: ContentDeps, content: VolumeSnapshotContent, driver: StorageDriver): Promise<void> {
  const creationTime = deps.clock.now() * nanosPerMs;
  const { snapshotHandle, volumeHandle } = content.spec.source;
  if (snapshotHandle)
    return deps.store.setStatus(content, { creationTime, readyToUse: true, snapshotHandle, restoreSize: 0 });
  const volume = volumeOf(deps, content);
  if (!volume) throw new Error(`no volume "${volumeHandle ?? ''}" of the driver ${driver.name}`);
  const handle = `snapshot-${content.metadata.uid ?? content.metadata.name}`;
  await driver.snapshot(volume, handle);
  const restoreSize = capacityOf(volume);
  await deps.store.setStatus(content, { creationTime, readyToUse: true, snapshotHandle: handle, restoreSize });
}

async function removeContent(deps: ContentDeps, content: VolumeSnapshotContent, driver: StorageDriver): Promise<void> {
  const { namespace, name, uid } = content.spec.volumeSnapshotRef;
  const snapshot = deps.store.snapshots.get(namespace, name ?? '');
  // While its snapshot stays, the content does too.
  if (snapshot && snapshot.metadata.uid === uid && !snapshot.metadata.deletionTimestamp) return;
  const handle = content.status?.snapshotHandle;
  if (handle && content.spec.deletionPolicy === 'Delete') await driver.removeSnapshot(handle);
  await deps.store.release(content, [finalizers.content]);
}

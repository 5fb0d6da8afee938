import { ApiError, isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import { quantity } from '../../reconcile/quantity.ts';
import { capacityOf, requestedBy } from './match-volume.ts';
import type { Origin } from './storage-driver.ts';
import { type Claim, type DataSource, isFullyBound, type StorageClass } from './storage-kinds.ts';
import type { VolumeStore } from './volume-store.ts';

const snapshotGroup = 'snapshot.storage.k8s.io';

interface Snapshot extends ClusterObject {
  status?: { readyToUse?: boolean; boundVolumeSnapshotContentName?: string; restoreSize?: string };
}

interface SnapshotContent extends ClusterObject {
  spec: { driver: string };
  status?: { snapshotHandle?: string };
}

function refuse(message: string): never {
  throw new ApiError('Invalid', message);
}

/** What the claim asks its volume to start with; fails with what is in the way as long as it cannot be had. */
export async function originOf(
  claim: Claim,
  storageClass: StorageClass,
  { store, client }: { store: VolumeStore; client: ClusterClient },
): Promise<Origin | undefined> {
  const source = claim.spec.dataSourceRef ?? claim.spec.dataSource;
  if (!source) return undefined;
  if (source.kind === 'PersistentVolumeClaim' && !source.apiGroup)
    return volumeOf(claim, source, { store, storageClass });
  if (source.kind === 'VolumeSnapshot' && source.apiGroup === snapshotGroup)
    return snapshotOf(claim, source, { client, storageClass });
  return undefined;
}

/** True for sources that are somebody else's: a populator fills the volume, and it is theirs to make it. */
export function isForeign({ spec }: Claim): boolean {
  const { kind, apiGroup } = spec.dataSourceRef ?? spec.dataSource ?? { kind: '' };
  if (kind === '') return false;
  return !(kind === 'PersistentVolumeClaim' && !apiGroup) && !(kind === 'VolumeSnapshot' && apiGroup === snapshotGroup);
}

function volumeOf(
  claim: Claim,
  { name, namespace = claim.metadata.namespace }: DataSource,
  { store, storageClass }: { store: VolumeStore; storageClass: StorageClass },
): Origin {
  const source = store.claims.get(namespace, name);
  if (!source)
    refuse(
      `error getting PVC ${name} (namespace ${namespace ?? ''}) from api server: persistentvolumeclaim "${name}" not found`,
    );
  const volume = isFullyBound(source) ? store.volumes.get(undefined, source.spec.volumeName ?? '') : undefined;
  if (!volume) refuse(`the PVC DataSource ${name} is not bound`);
  if (store.classOf(source)?.provisioner !== storageClass.provisioner)
    refuse(`the source PVC ${name} was provisioned by another driver than "${storageClass.provisioner}"`);
  if (requestedBy(claim) < capacityOf(volume))
    refuse(`error, new PVC request must be greater than or equal in size to the specified PVC data source`);
  return { kind: 'volume', volume };
}

async function find<T extends ClusterObject>(
  client: ClusterClient,
  resource: string,
  { namespace, name }: { namespace?: string; name: string },
): Promise<T | undefined> {
  try {
    return (await client.get({ group: snapshotGroup, resource }, namespace, name)) as T; // of that resource
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function snapshotOf(
  claim: Claim,
  { name, namespace = claim.metadata.namespace }: DataSource,
  { client, storageClass }: { client: ClusterClient; storageClass: StorageClass },
): Promise<Origin> {
  const snapshot = await find<Snapshot>(client, 'volumesnapshots', { namespace, name });
  if (!snapshot)
    refuse(
      `error getting snapshot ${name} from api server: volumesnapshots.snapshot.storage.k8s.io "${name}" not found`,
    );
  const { boundVolumeSnapshotContentName: contentName, readyToUse, restoreSize } = snapshot.status ?? {};
  if (!contentName || !readyToUse) refuse(`snapshot ${name} is not Ready`);
  if (restoreSize && requestedBy(claim) < quantity(restoreSize)) {
    const sizes = `${requestedBy(claim)} is less than the size ${quantity(restoreSize)}`;
    refuse(`requested volume size ${sizes} for the source snapshot ${name}`);
  }
  const content = await find<SnapshotContent>(client, 'volumesnapshotcontents', { name: contentName });
  return { kind: 'snapshot', handle: handleOf(content, { name, provisioner: storageClass.provisioner }) };
}

function handleOf(
  content: SnapshotContent | undefined,
  { name, provisioner }: { name: string; provisioner: string },
): string {
  const handle = content?.status?.snapshotHandle;
  if (!content || !handle) refuse(`snapshot ${name} is not bound to a content with a handle`);
  const { driver } = content.spec;
  if (driver !== provisioner)
    refuse(`snapshot ${name} was taken by the driver "${driver}", the class has "${provisioner}"`);
  return handle;
}

import { type Clock, timestamp } from '@kit/base';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import { annotations, type Claim, isFullyBound, type Volume } from '../volumes/storage-kinds.ts';
import { volumeModeOf } from '../volumes/match-volume.ts';
import {
  finalizers,
  isDefaultClass,
  snapshotGroup,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
} from './snapshot-kinds.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface SnapshotDeps {
  readonly store: SnapshotStore;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

const nanosPerMs = 1_000_000;
const ownFinalizers = [finalizers.asSource, finalizers.bound];

function nameOf({ metadata }: VolumeSnapshot): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Binds a snapshot to its content, made from its claim or made before, and says how that one is. */
export async function syncSnapshot(deps: SnapshotDeps, snapshot: VolumeSnapshot): Promise<void> {
  if (snapshot.metadata.deletionTimestamp) return removeSnapshot(deps, snapshot);
  const held = await deps.store.hold(snapshot, ownFinalizers);
  try {
    const content = await contentFor(deps, held);
    if (content) await report(deps, held, content);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await fail(deps, held, message);
    throw error;
  }
}

async function fail({ store, events, clock }: SnapshotDeps, snapshot: VolumeSnapshot, why: string): Promise<void> {
  const isPreMade = snapshot.spec.source.volumeSnapshotContentName !== undefined;
  const message = isPreMade ? why : `Failed to create snapshot content with error ${why}`;
  const reason = isPreMade ? 'SnapshotContentMisbound' : 'SnapshotContentCreationFailed';
  events.record(snapshot, { type: 'Warning', reason, message });
  if (snapshot.status?.error?.message === message) return;
  await store.setStatus(snapshot, {
    ...snapshot.status,
    readyToUse: false,
    error: { message, time: timestamp(clock.now()) },
  });
}

async function contentFor(deps: SnapshotDeps, snapshot: VolumeSnapshot): Promise<VolumeSnapshotContent | undefined> {
  const { persistentVolumeClaimName: claimName, volumeSnapshotContentName } = snapshot.spec.source;
  if (volumeSnapshotContentName) return preMade(deps, snapshot, volumeSnapshotContentName);
  const name = `snapcontent-${snapshot.metadata.uid ?? ''}`;
  const known = deps.store.contents.get(undefined, name);
  if (known) return known;
  const { volume } = sourceOf(deps.store, snapshot.metadata.namespace, claimName ?? '');
  const snapshotClass = classFor(deps.store, snapshot, volume);
  await deps.store.createContent(contentOf(snapshot, { name, volume, snapshotClass }));
  const message = `Waiting for a snapshot ${nameOf(snapshot)} to be created by the CSI driver.`;
  deps.events.record(snapshot, { type: 'Normal', reason: 'CreatingSnapshot', message });
  return deps.store.contents.get(undefined, name);
}

function sourceOf(store: SnapshotStore, namespace: string | undefined, name: string): { claim: Claim; volume: Volume } {
  const claim = store.claims.get(namespace, name);
  if (!claim) throw new Error(`cannot find the persistent volume claim "${name}"`);
  const volume = isFullyBound(claim) ? store.volumes.get(undefined, claim.spec.volumeName ?? '') : undefined;
  if (!volume) throw new Error(`the PVC ${name} is not yet bound to a PV, will not attempt to take a snapshot`);
  return { claim, volume };
}

function driverOf({ metadata, spec }: Volume): string {
  return spec.csi?.driver ?? metadata.annotations?.[annotations.provisionedBy] ?? '';
}

function classFor(store: SnapshotStore, { spec }: VolumeSnapshot, volume: Volume): VolumeSnapshotClass {
  const driver = driverOf(volume);
  const name = spec.volumeSnapshotClassName;
  if (name) {
    const found = store.classes.get(undefined, name);
    if (!found) throw new Error(`volumesnapshotclass.snapshot.storage.k8s.io "${name}" not found`);
    if (found.driver !== driver)
      throw new Error(`the class "${name}" is of the driver ${found.driver}, the volume of "${driver}"`);
    return found;
  }
  const defaults = [...store.classes.all()].filter(
    (one) => one.driver === driver && one.metadata.annotations?.[isDefaultClass] === 'true',
  );
  const [only] = defaults;
  if (!only) throw new Error('cannot find default snapshot class');
  if (defaults.length > 1) throw new Error(`${defaults.length} default snapshot classes were found`);
  return only;
}

function contentOf(
  { metadata }: VolumeSnapshot,
  { name, volume, snapshotClass }: { name: string; volume: Volume; snapshotClass: VolumeSnapshotClass },
): VolumeSnapshotContent {
  const { namespace, uid, resourceVersion } = metadata;
  const volumeSnapshotRef = {
    apiVersion: `${snapshotGroup}/v1`,
    kind: 'VolumeSnapshot',
    name: metadata.name,
    namespace,
    uid,
    resourceVersion,
  };
  return {
    apiVersion: `${snapshotGroup}/v1`,
    kind: 'VolumeSnapshotContent',
    metadata: { name, finalizers: [finalizers.content] },
    spec: {
      deletionPolicy: snapshotClass.deletionPolicy,
      driver: snapshotClass.driver,
      source: { volumeHandle: volume.spec.csi?.volumeHandle ?? volume.metadata.name },
      sourceVolumeMode: volumeModeOf(volume),
      volumeSnapshotClassName: snapshotClass.metadata.name,
      volumeSnapshotRef,
    },
  };
}

/** A content made by somebody for this very snapshot. */
async function preMade(deps: SnapshotDeps, snapshot: VolumeSnapshot, name: string): Promise<VolumeSnapshotContent> {
  const content = deps.store.contents.get(undefined, name);
  if (!content) throw new Error('VolumeSnapshotContent is missing');
  const { namespace, name: wanted, uid } = content.spec.volumeSnapshotRef;
  const { metadata } = snapshot;
  if (namespace !== metadata.namespace || wanted !== metadata.name || (uid && uid !== metadata.uid)) {
    throw new Error(`VolumeSnapshotContent [${name}] is bound to a different snapshot`);
  }
  if (uid) return content;
  const volumeSnapshotRef = { ...content.spec.volumeSnapshotRef, uid: metadata.uid };
  return deps.store.setContent({ ...content, spec: { ...content.spec, volumeSnapshotRef } });
}

async function report(deps: SnapshotDeps, snapshot: VolumeSnapshot, content: VolumeSnapshotContent): Promise<void> {
  const before = snapshot.status;
  const status = statusFrom(content);
  await deps.store.setStatus(snapshot, status);
  const tell = (reason: string, message: string): void =>
    deps.events.record(snapshot, { type: 'Normal', reason, message });
  if (status.creationTime && !before?.creationTime)
    tell('SnapshotCreated', `Snapshot ${nameOf(snapshot)} was successfully created by the CSI driver.`);
  if (status.readyToUse && !before?.readyToUse) tell('SnapshotReady', `Snapshot ${nameOf(snapshot)} is ready to use.`);
}

function statusFrom({ metadata, status = {} }: VolumeSnapshotContent): NonNullable<VolumeSnapshot['status']> {
  const { creationTime, readyToUse = false, restoreSize, error } = status;
  return {
    boundVolumeSnapshotContentName: metadata.name,
    readyToUse,
    ...(creationTime !== undefined && { creationTime: timestamp(creationTime / nanosPerMs) }),
    ...(restoreSize !== undefined && { restoreSize: sizeText(restoreSize) }),
    ...(error && !readyToUse && { error }),
  };
}

/** `1Gi` rather than `1073741824`. */
function sizeText(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let unit = 0;
  let amount = bytes;
  while (amount >= 1024 && amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount}${units[unit] ?? ''}`;
}

async function removeSnapshot({ store }: SnapshotDeps, snapshot: VolumeSnapshot): Promise<void> {
  const { uid = '' } = snapshot.metadata;
  const name = snapshot.status?.boundVolumeSnapshotContentName ?? `snapcontent-${uid}`;
  const content = store.contents.get(undefined, name);
  const isMine = content?.spec.volumeSnapshotRef.uid === uid;
  // The content goes first: its going brings the snapshot back here.
  if (isMine && content.spec.deletionPolicy === 'Delete') return store.deleteContent(name);
  await store.release(snapshot, ownFinalizers);
}

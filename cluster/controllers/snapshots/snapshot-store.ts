import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import type { Informer } from '../../reconcile/informer.ts';
import type { InformerSet } from '../../reconcile/informer-set.ts';
import { type Claim, storageRefs, type Volume } from '../volumes/storage-kinds.ts';
import {
  snapshotRefs,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
} from './snapshot-kinds.ts';

type Kept = VolumeSnapshot | VolumeSnapshotContent;

/** Reads snapshots and what belongs to them, and writes them so that what was written is read at once. */
export class SnapshotStore {
  readonly snapshots: Informer<VolumeSnapshot>;
  readonly contents: Informer<VolumeSnapshotContent>;
  readonly classes: Informer<VolumeSnapshotClass>;
  readonly claims: Informer<Claim>;
  readonly volumes: Informer<Volume>;
  readonly client: ClusterClient;

  constructor(informers: InformerSet, client: ClusterClient) {
    this.client = client;
    this.snapshots = informers.of(snapshotRefs.snapshots);
    this.contents = informers.of(snapshotRefs.contents);
    this.classes = informers.of(snapshotRefs.classes);
    this.claims = informers.of(storageRefs.claims);
    this.volumes = informers.of(storageRefs.volumes);
  }

  /** Adds finalizers that are missing. */
  async hold<T extends Kept>(object: T, wanted: readonly string[]): Promise<T> {
    const known = object.metadata.finalizers ?? [];
    const missing = wanted.filter((one) => !known.includes(one));
    if (missing.length === 0) return object;
    return this.#write({ ...object, metadata: { ...object.metadata, finalizers: [...known, ...missing] } });
  }

  /** Takes finalizers away, and with the last of them the object, when it is being deleted. */
  async release(object: Kept, done: readonly string[]): Promise<void> {
    const known = object.metadata.finalizers ?? [];
    const kept = known.filter((one) => !done.includes(one));
    if (kept.length === known.length) return;
    await this.#write({ ...object, metadata: { ...object.metadata, finalizers: kept } }).catch(ignoreGone);
  }

  async setContent(content: VolumeSnapshotContent): Promise<VolumeSnapshotContent> {
    return this.#write(content);
  }

  async setStatus<T extends Kept>(object: T, status: T['status']): Promise<void> {
    if (canonical(status) === canonical(object.status)) return;
    const written = await this.client.update(refOf(object), { ...object, status }, 'status');
    this.#observe(object, written);
  }

  async createContent(content: ClusterObject): Promise<void> {
    this.contents.observe(await this.client.create(snapshotRefs.contents, content));
  }

  async deleteContent(name: string): Promise<void> {
    await this.client.delete(snapshotRefs.contents, undefined, name).catch(ignoreGone);
  }

  async #write<T extends Kept>(object: T): Promise<T> {
    const written = await this.client.update(refOf(object), object);
    this.#observe(object, written);
    return written as T; // what was sent
  }

  #observe(object: Kept, written: ClusterObject): void {
    const informer = object.kind === 'VolumeSnapshot' ? this.snapshots : this.contents;
    const isGone = written.metadata.deletionTimestamp && !written.metadata.finalizers?.length;
    if (!isGone) informer.observe(written);
  }
}

function refOf({ kind }: Kept): ResourceRef {
  return kind === 'VolumeSnapshot' ? snapshotRefs.snapshots : snapshotRefs.contents;
}

function ignoreGone(error: unknown): undefined {
  if (!isApiError(error, 'NotFound')) throw error;
  return undefined;
}

import type { Claim, StorageClass, Volume } from './storage-kinds.ts';

/** What a volume starts with instead of being empty. */
export type Origin =
  { readonly kind: 'volume'; readonly volume: Volume } | { readonly kind: 'snapshot'; readonly handle: string };

export interface VolumeRequest {
  /** Name of the volume to be. */
  readonly name: string;
  readonly claim: Claim;
  readonly storageClass: StorageClass;
  readonly node: string | undefined;
  readonly origin: Origin | undefined;
}

/** Where volumes are really kept. Names and handles are its own; every call may be repeated. */
export interface StorageDriver {
  /** Provisioner of storage classes, and driver of snapshot classes. */
  readonly name: string;
  /** Makes the volume; answers what its PersistentVolume says of where it is. */
  create(request: VolumeRequest): Promise<Pick<Volume['spec'], 'csi' | 'hostPath' | 'nodeAffinity'>>;
  remove(volume: Volume): Promise<void>;
  /** Keeps the content as it is now under the handle. */
  snapshot(volume: Volume, handle: string): Promise<void>;
  removeSnapshot(handle: string): Promise<void>;
}

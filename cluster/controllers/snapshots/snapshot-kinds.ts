import type { ClusterObject, ResourceRef } from '../../client.ts';

export const snapshotGroup = 'snapshot.storage.k8s.io';

export const snapshotRefs = {
  snapshots: { group: snapshotGroup, resource: 'volumesnapshots' },
  contents: { group: snapshotGroup, resource: 'volumesnapshotcontents' },
  classes: { group: snapshotGroup, resource: 'volumesnapshotclasses' },
} as const satisfies Record<string, ResourceRef>;

export const isDefaultClass = 'snapshot.storage.kubernetes.io/is-default-class';

/** Keep snapshot and content from going before what hangs on them is done. */
export const finalizers = {
  asSource: 'snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection',
  bound: 'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
  content: 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection',
};

interface Failure {
  readonly message: string;
  readonly time: string;
}

export interface VolumeSnapshot extends ClusterObject {
  spec: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
    volumeSnapshotClassName?: string;
  };
  status?: {
    boundVolumeSnapshotContentName?: string;
    creationTime?: string;
    readyToUse?: boolean;
    restoreSize?: string;
    error?: Failure;
  };
}

export interface VolumeSnapshotContent extends ClusterObject {
  spec: {
    deletionPolicy: string;
    driver: string;
    source: { volumeHandle?: string; snapshotHandle?: string };
    sourceVolumeMode?: string;
    volumeSnapshotClassName?: string;
    volumeSnapshotRef: { apiVersion?: string; kind?: string; namespace?: string; name?: string; uid?: string };
  };
  status?: {
    /** In nanoseconds since 1970; beyond what a number holds exactly, so that it ends in zeros. */
    creationTime?: number;
    readyToUse?: boolean;
    restoreSize?: number;
    snapshotHandle?: string;
    error?: Failure;
  };
}

export interface VolumeSnapshotClass extends ClusterObject {
  driver: string;
  deletionPolicy: string;
  parameters?: Record<string, string>;
}

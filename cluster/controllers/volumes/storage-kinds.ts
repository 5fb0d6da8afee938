import type { ClusterObject, ResourceRef } from '../../client.ts';
import type { NodeSelectorTerm } from '../../reconcile/pod.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';

/** The resources that storage is made of. */
export const storageRefs = {
  claims: { group: '', resource: 'persistentvolumeclaims' },
  volumes: { group: '', resource: 'persistentvolumes' },
  classes: { group: 'storage.k8s.io', resource: 'storageclasses' },
} as const satisfies Record<string, ResourceRef>;

/** What the system writes beside the fields of claims and volumes. */
export const annotations = {
  /** On a claim whose binding has ended well. */
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  /** On what the binder has bound by itself, rather than its author. */
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  /** On a volume: who made it. */
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** On a claim: who is to make its volume. */
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  /** On a claim: where its first pod is to run. */
  selectedNode: 'volume.kubernetes.io/selected-node',
  /** The older way to name a class. */
  betaClass: 'volume.beta.kubernetes.io/storage-class',
} as const;

export interface DataSource {
  readonly apiGroup?: string | null;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A PersistentVolumeClaim, as far as storage is concerned. */
export interface Claim extends ClusterObject {
  spec: {
    accessModes?: readonly string[];
    selector?: LabelSelector;
    resources?: { requests?: { storage?: string }; limits?: { storage?: string } };
    volumeName?: string;
    storageClassName?: string | null;
    volumeMode?: string;
    volumeAttributesClassName?: string;
    dataSource?: DataSource;
    dataSourceRef?: DataSource;
  };
  status?: {
    phase?: string;
    capacity?: { storage?: string };
    accessModes?: readonly string[];
    conditions?: readonly { type: string; status: string }[];
    allocatedResources?: Record<string, string>;
    allocatedResourceStatuses?: Record<string, string>;
  };
}

/** A PersistentVolume, as far as storage is concerned. */
export interface Volume extends ClusterObject {
  spec: {
    capacity?: { storage?: string };
    accessModes?: readonly string[];
    claimRef?: {
      kind?: string;
      apiVersion?: string;
      namespace?: string;
      name: string;
      uid?: string;
      resourceVersion?: string;
    };
    persistentVolumeReclaimPolicy?: string;
    storageClassName?: string;
    volumeMode?: string;
    volumeAttributesClassName?: string;
    nodeAffinity?: { required?: { nodeSelectorTerms?: readonly NodeSelectorTerm[] } };
    csi?: { driver: string; volumeHandle?: string };
    hostPath?: { path: string; type?: string };
    local?: { path: string };
  };
  status?: { phase?: string; reason?: string; message?: string };
}

export interface StorageClass extends ClusterObject {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  mountOptions?: readonly string[];
  allowVolumeExpansion?: boolean;
  volumeBindingMode?: string;
  allowedTopologies?: readonly {
    matchLabelExpressions?: readonly { key: string; values: readonly string[] }[];
  }[];
}

/** The class the claim asks for; '' = none. */
export function classOfClaim({ metadata, spec }: Claim): string {
  return metadata.annotations?.[annotations.betaClass] ?? spec.storageClassName ?? '';
}

export function classOfVolume({ metadata, spec }: Volume): string {
  return metadata.annotations?.[annotations.betaClass] ?? spec.storageClassName ?? '';
}

/** Does a volume of this class wait for the first pod that needs it? */
export function isDelayed(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** Bound, with nothing left to do. */
export function isFullyBound({ metadata, spec }: Claim): boolean {
  return Boolean(spec.volumeName) && metadata.annotations?.[annotations.bindCompleted] !== undefined;
}

export function refersTo({ spec }: Volume, { metadata }: Claim): boolean {
  const { claimRef } = spec;
  if (!claimRef || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

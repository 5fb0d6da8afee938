import {
  annotations,
  type Claim,
  classOfClaim,
  isDelayed,
  isFullyBound,
  type StorageClass,
  storageRefs,
  type Volume,
} from '../../controllers/volumes/storage-kinds.ts';
import type { ClusterObject } from '../../client.ts';
import type { Informer } from '../../reconcile/informer.ts';
import type { InformerSet } from '../../reconcile/informer-set.ts';

/** A CSINode, as far as it limits how many volumes a node takes. */
export interface StorageNode extends ClusterObject {
  spec: { drivers?: readonly { name: string; allocatable?: { count?: number } }[] };
}

const storageNodes = { group: 'storage.k8s.io', resource: 'csinodes' };

/** What the scheduler has promised while the writes that say so are under way. */
interface Promised<T> {
  readonly object: T;
  readonly revision: string | undefined;
}

/** Claims, volumes and classes as the scheduler sees them: what it has promised counts as done. */
export class VolumeView {
  readonly claims: Informer<Claim>;
  readonly volumes: Informer<Volume>;
  readonly classes: Informer<StorageClass>;
  readonly nodes: Informer<StorageNode>;
  readonly #claims = new Map<string, Promised<Claim>>();
  readonly #volumes = new Map<string, Promised<Volume>>();

  constructor(informers: InformerSet) {
    this.claims = informers.of<Claim>(storageRefs.claims);
    this.volumes = informers.of<Volume>(storageRefs.volumes);
    this.classes = informers.of<StorageClass>(storageRefs.classes);
    this.nodes = informers.of<StorageNode>(storageNodes);
  }

  claim(namespace: string, name: string): Claim | undefined {
    return newest(this.claims.get(namespace, name), this.#claims.get(`${namespace}/${name}`));
  }

  volume(name: string): Volume | undefined {
    return newest(this.volumes.get(undefined, name), this.#volumes.get(name));
  }

  *allVolumes(): Iterable<Volume> {
    for (const volume of this.volumes.all()) yield newest(volume, this.#volumes.get(volume.metadata.name)) ?? volume;
  }

  classOf(claim: Claim): StorageClass | undefined {
    return this.classes.get(undefined, classOfClaim(claim));
  }

  /** Counts the volume as reserved for the claim until the server says more, or the promise is taken back. */
  promiseVolume(volume: Volume, claim: Claim): void {
    const { namespace, name, uid } = claim.metadata;
    const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid };
    const object = { ...volume, spec: { ...volume.spec, claimRef } };
    this.#volumes.set(volume.metadata.name, { object, revision: volume.metadata.resourceVersion });
  }

  promiseNode(claim: Claim, node: string): void {
    const { namespace = '', name, resourceVersion } = claim.metadata;
    const metadata = {
      ...claim.metadata,
      annotations: { ...claim.metadata.annotations, [annotations.selectedNode]: node },
    };
    this.#claims.set(`${namespace}/${name}`, { object: { ...claim, metadata }, revision: resourceVersion });
  }

  takeBack(claim: Claim, volume?: Volume): void {
    this.#claims.delete(`${claim.metadata.namespace ?? ''}/${claim.metadata.name}`);
    if (volume) this.#volumes.delete(volume.metadata.name);
  }
}

function newest<T extends ClusterObject>(known: T | undefined, promised: Promised<T> | undefined): T | undefined {
  return known && promised?.revision === known.metadata.resourceVersion ? promised?.object : known;
}

export type ClaimState = 'bound' | 'immediate' | 'delayed';

/** How far a claim is: bound, to be bound by itself, or waiting for the node of its first pod. */
export function stateOf(claim: Claim, view: VolumeView): ClaimState {
  if (isFullyBound(claim)) return 'bound';
  return isDelayed(view.classOf(claim)) && !claim.spec.volumeName ? 'delayed' : 'immediate';
}

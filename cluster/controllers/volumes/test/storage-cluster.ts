import { expect, vi } from 'vitest';
import type { ClusterObject, ResourceRef } from '../../../client.ts';
import { refs } from '../../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../../start-cluster.ts';
import { snapshotGroup, snapshotRefs } from '../../snapshots/snapshot-kinds.ts';
import { eventually } from '../../test/running-cluster.ts';
import { storageRefs } from '../storage-kinds.ts';

export interface ClaimOptions {
  readonly storageClassName?: string;
  readonly storage?: string;
  readonly from?: { readonly kind: 'PersistentVolumeClaim' | 'VolumeSnapshot'; readonly name: string };
  readonly spec?: object;
}

/** A cluster with storage classes, and the words to use them. */
export class StorageCluster {
  readonly #cluster: Cluster;
  readonly namespace = 'shop';

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  static async start(dataDir?: string): Promise<StorageCluster> {
    const made = new StorageCluster(
      await startCluster({ podDelayScale: 0, nodes: 2, storage: true, ...(dataDir && { dataDir }) }),
    );
    const { client, namespace } = made;
    await client.create(refs.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await vi.waitFor(
      async () => {
        await client.get(refs.serviceAccounts, namespace, 'default');
        expect((await client.list(snapshotRefs.classes)).items).toHaveLength(2);
      },
      { timeout: 15_000 },
    );
    return made;
  }

  get client(): Cluster['client'] {
    return this.#cluster.client;
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }

  async find(ref: ResourceRef, name: string): Promise<ClusterObject | undefined> {
    const { items } = await this.client.list(ref);
    return items.find(({ metadata }) => metadata.name === name);
  }

  claim(name: string, { storageClassName, storage = '1Gi', from, spec }: ClaimOptions = {}): Promise<ClusterObject> {
    const dataSource = from && { ...from, ...(from.kind === 'VolumeSnapshot' && { apiGroup: snapshotGroup }) };
    return this.client.create(storageRefs.claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: this.namespace },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage } },
        ...(storageClassName !== undefined && { storageClassName }),
        ...(dataSource && { dataSource }),
        ...spec,
      },
    });
  }

  volume(name: string, spec: object = {}): Promise<ClusterObject> {
    return this.client.create(storageRefs.volumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'manual',
        hostPath: { path: '/tmp/none' },
        ...spec,
      },
    });
  }

  pod(name: string, claims: readonly string[], spec: object = {}): Promise<ClusterObject> {
    const volumes = claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
    return this.client.create(refs.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: this.namespace },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'web:1' }], volumes, ...spec },
    });
  }

  snapshot(name: string, source: object, volumeSnapshotClassName?: string): Promise<ClusterObject> {
    return this.client.create(snapshotRefs.snapshots, {
      apiVersion: `${snapshotGroup}/v1`,
      kind: 'VolumeSnapshot',
      metadata: { name, namespace: this.namespace },
      spec: { source, ...(volumeSnapshotClassName && { volumeSnapshotClassName }) },
    });
  }

  delete(ref: ResourceRef, name: string): Promise<void> {
    const isClusterWide = ref.resource === 'persistentvolumes' || ref.resource === 'volumesnapshotcontents';
    return this.client.delete(ref, isClusterWide ? undefined : this.namespace, name);
  }

  async phase(ref: ResourceRef, name: string): Promise<string> {
    const object = await this.find(ref, name);
    return object ? String((object.status as { phase?: string } | undefined)?.phase) : 'gone';
  }

  /** Resolves with the claim's volume once both are bound. */
  async bound(claim: string): Promise<ClusterObject & { spec: { hostPath?: { path: string } } }> {
    await eventually(() => this.phase(storageRefs.claims, claim)).toBe('Bound');
    const { spec } = await this.client.get(storageRefs.claims, this.namespace, claim);
    const { volumeName } = spec as { volumeName: string }; // it is bound
    await eventually(() => this.phase(storageRefs.volumes, volumeName)).toBe('Bound');
    return (await this.client.get(storageRefs.volumes, undefined, volumeName)) as never; // a volume
  }

  /** Resolves when an event with this reason and message has been written about the object. */
  async event(name: string, reason: string, message: string | RegExp): Promise<void> {
    const messages = async (): Promise<unknown[]> => {
      const { items } = await this.client.list(refs.events, { namespace: this.namespace });
      const about = items.filter(
        (one) => (one.involvedObject as { name: string }).name === name && one.reason === reason,
      );
      return about.map((one) => one.message as string);
    };
    const wanted: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    await eventually(messages).toContainEqual(wanted);
  }
}

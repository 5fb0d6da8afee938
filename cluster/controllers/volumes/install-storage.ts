import { type Clock, isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { snapshotDefinitions } from '../snapshots/snapshot-definitions.ts';
import { isDefaultClass, snapshotGroup, snapshotRefs } from '../snapshots/snapshot-kinds.ts';
import { localPathName } from './local-path-storage.ts';
import { simulatedStorageName } from './simulated-storage.ts';
import { storageRefs } from './storage-kinds.ts';

const rbac = 'rbac.authorization.k8s.io';
const everyWrite = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const onlyRead = ['get', 'list', 'watch'];
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): object => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

const roles: Readonly<Record<string, readonly object[]>> = {
  'volume-provisioner': [
    rule('', ['persistentvolumes'], everyWrite),
    rule('', ['persistentvolumeclaims', 'nodes'], onlyRead),
    rule('storage.k8s.io', ['storageclasses'], onlyRead),
    rule(snapshotGroup, ['volumesnapshots', 'volumesnapshotcontents'], onlyRead),
    rule('', ['events'], ['create', 'patch', 'update']),
  ],
  'snapshot-controller': [
    rule(snapshotGroup, ['volumesnapshots', 'volumesnapshotcontents'], everyWrite),
    rule(snapshotGroup, ['volumesnapshots/status', 'volumesnapshotcontents/status'], ['patch', 'update']),
    rule(snapshotGroup, ['volumesnapshotclasses'], onlyRead),
    rule('', ['persistentvolumes', 'persistentvolumeclaims'], onlyRead),
    rule('', ['events'], ['create', 'patch', 'update']),
  ],
};

function storageClass(name: string, provisioner: string, more: object): ClusterObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(provisioner === simulatedStorageName && { annotations: { [defaultClass]: 'true' } }) },
    provisioner,
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
    ...more,
  };
}

function snapshotClass(name: string, driver: string): ClusterObject {
  return {
    apiVersion: `${snapshotGroup}/v1`,
    kind: 'VolumeSnapshotClass',
    metadata: { name, annotations: { [isDefaultClass]: 'true' } },
    driver,
    deletionPolicy: 'Delete',
  };
}

function rolesAndBindings(): (readonly [ResourceRef, ClusterObject])[] {
  return Object.entries(roles).flatMap(([account, rules]) => {
    const metadata = { name: `system:controller:${account}` };
    const apiVersion = `${rbac}/v1`;
    const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name };
    const subjects = [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }];
    return [
      [
        { group: rbac, resource: 'clusterroles' },
        { apiVersion, kind: 'ClusterRole', metadata, rules },
      ],
      [
        { group: rbac, resource: 'clusterrolebindings' },
        { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
      ],
    ] as const;
  });
}

const patience = { tries: 100, everyMs: 50 };

/** Creates the object unless it is there; waits for its kind when that is new. */
async function ensure(
  client: ClusterClient,
  clock: Clock,
  [ref, object]: readonly [ResourceRef, ClusterObject],
): Promise<void> {
  for (let left = patience.tries; ; left--) {
    try {
      await client.create(ref, object);
      return;
    } catch (error) {
      if (isApiError(error, 'AlreadyExists')) return;
      if (!isApiError(error, 'NotFound') || left === 0) throw error;
      await new Promise<void>((resolve) => void clock.after(patience.everyMs, resolve));
    }
  }
}

/** Gives the cluster the storage classes `simulated` (the default) and `local-path`, and the kinds of snapshots. */
export async function installStorage(client: ClusterClient, clock: Clock): Promise<void> {
  const delayed = { volumeBindingMode: 'WaitForFirstConsumer' };
  const objects: (readonly [ResourceRef, ClusterObject])[] = [
    ...rolesAndBindings(),
    [storageRefs.classes, storageClass('simulated', simulatedStorageName, { volumeBindingMode: 'Immediate' })],
    [storageRefs.classes, storageClass('local-path', localPathName, delayed)],
    ...snapshotDefinitions.map((definition) => [refs.definitions, definition] as const),
    [snapshotRefs.classes, snapshotClass('simulated', simulatedStorageName)],
    [snapshotRefs.classes, snapshotClass('local-path', localPathName)],
  ];
  for (const object of objects) await ensure(client, clock, object);
}

import { iamTypes } from '@feature/iam/contract';
import { tenancyTypes } from '@feature/tenancy/contract';
import { kinds, type ResourceType } from '@kit/kube';
import type { Filter } from '@kit/kube/listing';
import * as filters from './kind-filters.ts';
import { withStatus } from './kubernetes-kinds.ts';
import type { ListedKind } from './listed-kind.ts';
import { aggregateTo } from './role-filter.ts';
import { usersListed } from './users-listed.ts';

const { field, listed } = filters;

const kind = (type: ResourceType, own: Record<string, Filter> = {}): ListedKind => ({
  type,
  filters: { fieldSelector: filters.fieldSelector, ...own },
});

/** Roles are listed, too, as the templates that one of them is made of. */
const roles = (type: ResourceType): ListedKind => ({
  ...kind(type),
  related: (context) => ({ aggregateTo: aggregateTo(context, type) }),
});

interface Custom {
  readonly group: string;
  readonly version: string;
  readonly scope?: 'cluster';
}

/** Kinds that a definition brings: a cluster without it has none of them. */
function custom(at: Custom, names: Readonly<Record<string, string>>, own: Record<string, Filter> = {}): ListedKind[] {
  const { group, version, scope } = at;
  return Object.entries(names).map(([plural, name]) => ({
    ...kind({ group, version, kind: name, plural, namespaced: scope !== 'cluster' }, own),
    isCustom: true,
  }));
}

const snapshots: Custom = { group: 'snapshot.storage.k8s.io', version: 'v1' };
const [volumeSnapshots] = custom(snapshots, { volumesnapshots: 'VolumeSnapshot' });
const ofClass = { volumeSnapshotClassName: field('spec.volumeSnapshotClassName') };
const readyToUse = { readyToUse: field('status.readyToUse') };
const ofDriver = { deletionPolicy: field('deletionPolicy'), driver: field('driver') };
const content = {
  ...ofClass,
  ...readyToUse,
  volumeSnapshotName: field('spec.volumeSnapshotRef.name'),
  volumeSnapshotNamespace: field('spec.volumeSnapshotRef.namespace'),
  driver: field('spec.driver'),
  deletionPolicy: field('spec.deletionPolicy'),
};

const federated = custom(
  { group: 'types.kubefed.io', version: 'v1beta1' },
  {
    federatednamespaces: 'FederatedNamespace',
    federateddeployments: 'FederatedDeployment',
    federatedsecrets: 'FederatedSecret',
    federatedconfigmaps: 'FederatedConfigMap',
    federatedservices: 'FederatedService',
    federatedapplications: 'FederatedApplication',
    federatedpersistentvolumeclaims: 'FederatedPersistentVolumeClaim',
    federatedstatefulsets: 'FederatedStatefulSet',
    federatedingresses: 'FederatedIngress',
  },
).map((one): ListedKind => (one.type.plural === 'federatedsecrets' ? { ...one, guarded: true } : one));

const notification: Custom = { group: 'notification.kubesphere.io', version: 'v2beta2', scope: 'cluster' };
const builders: Custom = { group: 'devops.kubesphere.io', version: 'v1alpha1' };
const dashboards: Custom = { group: 'monitoring.kubesphere.io', version: 'v1alpha2' };

/** People, roles and workspaces, and what components of KubeSphere brought. */
export const platformKinds: readonly ListedKind[] = [
  roles(kinds.roles),
  kind(kinds.rolebindings),
  roles(kinds.clusterroles),
  kind(kinds.clusterrolebindings),
  usersListed,
  roles(iamTypes.globalRoles),
  kind(iamTypes.globalRoleBindings),
  roles(iamTypes.workspaceRoles),
  kind(iamTypes.workspaceRoleBindings, { rolename: field('roleRef.name') }),
  kind(iamTypes.groups),
  kind(iamTypes.groupBindings, { user: listed('users', true) }),
  kind(iamTypes.loginRecords, { type: field('spec.type') }),
  kind(tenancyTypes.workspaces),
  kind(tenancyTypes.workspaceTemplates),
  ...custom({ group: 'app.k8s.io', version: 'v1beta1' }, { applications: 'Application' }),
  ...custom({ group: 'network.kubesphere.io', version: 'v1alpha1', scope: 'cluster' }, { ippools: 'IPPool' }),
  ...custom(dashboards, { dashboards: 'Dashboard' }),
  ...custom({ ...dashboards, scope: 'cluster' }, { clusterdashboards: 'ClusterDashboard' }),
  ...custom(
    { group: 'devops.kubesphere.io', version: 'v1alpha3', scope: 'cluster' },
    { devopsprojects: 'DevOpsProject' },
  ),
  ...custom({ group: 'cluster.kubesphere.io', version: 'v1alpha1', scope: 'cluster' }, { clusters: 'Cluster' }).map(
    (one): ListedKind => ({ ...one, guarded: true }), // a Cluster holds the kubeconfig of another cluster
  ),
  ...custom(notification, {
    notificationmanagers: 'NotificationManager',
    configs: 'Config',
    receivers: 'Receiver',
    routers: 'Router',
    silences: 'Silence',
  }),
  ...custom(builders, { s2ibuilders: 'S2iBuilder', s2iruns: 'S2iRun' }),
  ...custom({ ...builders, scope: 'cluster' }, { s2ibuildertemplates: 'S2iBuilderTemplate' }),
  ...(volumeSnapshots
    ? [
        {
          ...withStatus(volumeSnapshots.type, {
            filters: {
              ...ofClass,
              ...readyToUse,
              persistentVolumeClaimName: field('spec.source.persistentVolumeClaimName'),
            },
          }),
          isCustom: true,
        },
      ]
    : []),
  ...custom({ ...snapshots, scope: 'cluster' }, { volumesnapshotclasses: 'VolumeSnapshotClass' }, ofDriver),
  ...custom({ ...snapshots, scope: 'cluster' }, { volumesnapshotcontents: 'VolumeSnapshotContent' }, content),
  ...federated,
];

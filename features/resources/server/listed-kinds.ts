import { iamTypes, publicUser, type UserObject } from '@feature/iam/contract';
import { tenancyTypes } from '@feature/tenancy/contract';
import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import type { Filter, SortKey } from '@kit/kube/listing';
import * as filters from './kind-filters.ts';

/** How one kind is listed: what it is, and what it has beyond the filters of every kind. */
export interface ListedKind {
  readonly type: ResourceType;
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly sorts?: Readonly<Record<string, SortKey>>;
  /** What callers get to see of an object; absent when all of it. */
  readonly show?: (object: KubeObject) => KubeObject;
  /** Asks for the right in the kind's own group too, so that a general right to list resources does not open it. */
  readonly guarded?: boolean;
}

const { status, field } = filters;
const listed = (type: ResourceType, more: Omit<ListedKind, 'type'> = {}): ListedKind => ({ type, ...more });
const withStatus = (type: ResourceType, more: Record<string, Filter> = {}): ListedKind =>
  listed(type, {
    filters: { ...more, status: status(type.plural) },
    sorts: { status: filters.statusOrder(type.plural) },
  });

const all: readonly ListedKind[] = [
  withStatus(kinds.deployments),
  withStatus(kinds.statefulsets),
  withStatus(kinds.daemonsets),
  withStatus(kinds.jobs),
  withStatus(kinds.cronjobs),
  withStatus(kinds.pods, {
    nodeName: field('spec.nodeName'),
    phase: field('status.phase'),
    pvcName: filters.podUsesClaim,
  }),
  listed(kinds.replicasets),
  listed(kinds.controllerrevisions),
  listed(kinds.services, { filters: { type: field('spec.type') } }),
  listed(kinds.endpoints),
  listed(kinds.endpointslices),
  listed(kinds.ingresses),
  listed(kinds.networkpolicies),
  listed(kinds.configmaps),
  listed(kinds.secrets, {
    filters: { type: field('type'), fieldSelector: filters.fieldSelector },
    guarded: true,
  }),
  listed(kinds.serviceaccounts),
  listed(kinds.events, {
    filters: {
      type: field('type'),
      reason: field('reason'),
      involvedObjectUid: field('involvedObject.uid'),
      involvedObjectKind: field('involvedObject.kind'),
      involvedObjectName: field('involvedObject.name'),
    },
    sorts: { lastTimestamp: filters.eventTime },
  }),
  withStatus(kinds.persistentvolumeclaims, { storageClassName: field('spec.storageClassName') }),
  withStatus(kinds.persistentvolumes, { storageClassName: field('spec.storageClassName') }),
  listed(kinds.storageclasses),
  listed(kinds.horizontalpodautoscalers),
  listed(kinds.limitranges),
  listed(kinds.resourcequotas),
  withStatus(kinds.nodes),
  withStatus(kinds.namespaces),
  listed(kinds.customresourcedefinitions),
  listed(kinds.roles),
  listed(kinds.rolebindings),
  listed(kinds.clusterroles),
  listed(kinds.clusterrolebindings),
  listed(iamTypes.users, { filters: { email: field('spec.email') }, show: (user) => publicUser(user as UserObject) }), // cast: the view is of users
  listed(iamTypes.globalRoles),
  listed(iamTypes.globalRoleBindings),
  listed(iamTypes.workspaceRoles),
  listed(iamTypes.workspaceRoleBindings, { filters: { rolename: field('roleRef.name') } }),
  listed(iamTypes.groups),
  listed(iamTypes.groupBindings),
  listed(iamTypes.loginRecords, { filters: { type: field('spec.type') } }),
  listed(tenancyTypes.workspaces),
  listed(tenancyTypes.workspaceTemplates),
];

/** Every kind the lists know, by the plural name in the path; group and version do not matter there. */
export const listedKinds: ReadonlyMap<string, ListedKind> = new Map(all.map((kind) => [kind.type.plural, kind]));

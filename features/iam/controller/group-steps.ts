import { isApiError } from '@kit/base';
import { apiVersionOf } from '@kit/kube';
import type { KubeClient, ObjectKey, OwnerReference, ResourceType } from '@kit/kube';
import { done, waiting } from '@kit/reconcile';
import type { Step } from '@kit/reconcile';
import { fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject, GroupBindingObject, GroupObject, UserObject } from '../contract/index.ts';
import type { IamControllerDeps } from './ports.ts';

type GroupStep = Step<GroupObject, IamControllerDeps>;
type MembershipStep = Step<GroupBindingObject, IamControllerDeps>;

/** Owned by another feature; named here only to belong to it. */
const workspaceTemplates: ResourceType = {
  group: 'tenant.kubesphere.io',
  version: 'v1alpha2',
  kind: 'WorkspaceTemplate',
  plural: 'workspacetemplates',
  namespaced: false,
};

interface OwnerKey {
  readonly type: ResourceType;
  readonly name: string;
}

function ownerKeyOf({ metadata: { labels: own = {} } }: GroupObject): OwnerKey | undefined {
  const parent = own[labels.groupParent];
  if (parent !== undefined && parent !== '' && parent !== 'root') return { type: iamTypes.groups, name: parent };
  const workspace = own[labels.workspace];
  return workspace ? { type: workspaceTemplates, name: workspace } : undefined;
}

/** A group goes with the group above it, and one at the top with its workspace. */
export const ensureGroupOwner: GroupStep = async (group, { kube }) => {
  const key = ownerKeyOf(group);
  if (!key) return done;
  const owner = await kube.find(key.type, { name: key.name });
  if (!owner) return waiting(`${key.type.plural}/${key.name}`, 30);
  const { name, resourceVersion, ownerReferences = [] } = group.metadata;
  if (ownerReferences.some(({ uid }) => uid === owner.metadata.uid)) return done;
  const reference: OwnerReference = {
    apiVersion: apiVersionOf(key.type),
    kind: key.type.kind,
    name: key.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
  const patch = { metadata: { resourceVersion, ownerReferences: [reference] } };
  await kube.patch(iamTypes.groups, { name }, patch, { type: 'merge', fieldManager });
  return done;
};

const bindingTypes = [
  iamTypes.globalRoleBindings,
  iamTypes.workspaceRoleBindings,
  iamTypes.roleBindings,
  iamTypes.clusterRoleBindings,
] as const;

/** The roles of a group that goes: whoever later makes a group of that name starts with none. */
export const removeGroupRoles: GroupStep = async ({ metadata: { name } }, { kube }) => {
  for (const type of bindingTypes) {
    const { items } = await kube.list<BindingObject>(type);
    for (const binding of items) await leaveGroup(kube, type, { binding, name });
  }
  return done;
};

async function leaveGroup(
  kube: KubeClient,
  type: ResourceType,
  { binding, name }: { readonly binding: BindingObject; readonly name: string },
): Promise<void> {
  const { subjects = [], metadata } = binding;
  const others = subjects.filter((subject) => subject.kind !== 'Group' || subject.name !== name);
  if (others.length === subjects.length) return;
  const key = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  if (others.length === 0) await remove(kube, type, { ...key, name: metadata.name });
  else await kube.update(type, { ...binding, subjects: others }, { fieldManager });
}

/** Its members: each binding, as it goes, takes the group off the user. */
export const removeGroupMembers: GroupStep = async ({ metadata: { name } }, { kube }) => {
  const { items } = await kube.list(iamTypes.groupBindings, { labelSelector: `${labels.groupRef}=${name}` });
  for (const { metadata } of items) await remove(kube, iamTypes.groupBindings, { name: metadata.name });
  return items.length === 0 ? done : waiting('groupbindings', 1);
};

async function remove(kube: KubeClient, type: ResourceType, key: ObjectKey): Promise<void> {
  await kube.delete(type, key).catch((error: unknown) => {
    if (!isApiError(error, 'NotFound')) throw error;
  });
}

/** What a binding says of a person is written on the person: sign-in reads it there. */
export const joinGroup: MembershipStep = async ({ groupRef, users = [] }, { kube }) => {
  if (!(await kube.find(iamTypes.groups, { name: groupRef.name }))) return waiting(`group/${groupRef.name}`, 30);
  for (const name of users) {
    const user = await kube.find<UserObject>(iamTypes.users, { name });
    if (!user || user.spec.groups?.includes(groupRef.name)) continue;
    await writeGroups(kube, user, [...(user.spec.groups ?? []), groupRef.name]);
  }
  return done;
};

/** Takes the group off the people of a binding that goes, unless another one says the same of them. */
export const leaveGroups: MembershipStep = async (binding, { kube }) => {
  const { groupRef, users = [], metadata } = binding;
  const { items } = await kube.list<GroupBindingObject>(iamTypes.groupBindings);
  const others = items.filter(
    (one) =>
      one.metadata.name !== metadata.name && !one.metadata.deletionTimestamp && one.groupRef.name === groupRef.name,
  );
  for (const name of users) {
    const user = await kube.find<UserObject>(iamTypes.users, { name });
    const groups = user?.spec.groups ?? [];
    if (!user || !groups.includes(groupRef.name) || others.some((one) => one.users.includes(name))) continue;
    await writeGroups(
      kube,
      user,
      groups.filter((group) => group !== groupRef.name),
    );
  }
  return done;
};

async function writeGroups(kube: KubeClient, { metadata }: UserObject, groups: readonly string[]): Promise<void> {
  const { name, resourceVersion } = metadata;
  const patch = { metadata: { resourceVersion }, spec: { groups } };
  await kube.patch(iamTypes.users, { name }, patch, { type: 'merge', fieldManager });
}

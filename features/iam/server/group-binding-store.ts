import { ApiError } from '@kit/base';
import { apiVersionOf } from '@kit/kube';
import type { User } from '@kit/http';
import { fieldManager, groupBindingFinalizer, iamGroup, iamTypes, labels } from '../contract/index.ts';
import type { GroupBindingObject, UserObject } from '../contract/index.ts';
import { awaitRow } from './await-row.ts';
import { checkMayJoin } from './group-rights.ts';
import { groupRow } from './group-store.ts';
import type { IamParts } from './parts.ts';

const type = iamTypes.groupBindings;

/** One person and one group, as the API of group bindings speaks of them. */
export interface GroupMember {
  readonly userName: string;
  readonly groupName: string;
}

/** Puts people into groups of a workspace. All are checked before the first is written. */
export async function addGroupMembers(
  parts: IamParts,
  { caller, workspace }: { readonly caller: User; readonly workspace: string },
  members: readonly GroupMember[],
): Promise<GroupBindingObject[]> {
  for (const member of members) await check(parts, { caller, workspace }, member);
  const made: GroupBindingObject[] = [];
  for (const member of members)
    made.push(await parts.kube.create(type, bindingOf(workspace, member), { fieldManager }));
  for (const { userName, groupName } of members)
    await awaitGroup(parts, userName, (groups) => groups.includes(groupName));
  return made;
}

async function check(
  parts: IamParts,
  { caller, workspace }: { readonly caller: User; readonly workspace: string },
  { userName, groupName }: GroupMember,
): Promise<void> {
  groupRow(parts.views, workspace, groupName);
  const user = await parts.kube.find<UserObject>(iamTypes.users, { name: userName });
  if (!user || user.metadata.deletionTimestamp) {
    throw new ApiError('NotFound', `there is no user "${userName}"`, { details: { kind: 'users', name: userName } });
  }
  const { items } = await parts.kube.list(type, {
    labelSelector: `${labels.groupRef}=${groupName},${labels.userRef}=${userName}`,
  });
  if (items.some(({ metadata }) => !metadata.deletionTimestamp)) {
    throw new ApiError('AlreadyExists', `user "${userName}" is in group "${groupName}" already`, {
      details: { group: iamGroup, kind: type.plural, name: items[0]?.metadata.name ?? '' },
    });
  }
  checkMayJoin(parts, caller, groupName);
}

function bindingOf(workspace: string, { userName, groupName }: GroupMember): GroupBindingObject {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name: '',
      generateName: `${groupName}-${userName}-`,
      labels: { [labels.workspace]: workspace, [labels.groupRef]: groupName, [labels.userRef]: userName },
      finalizers: [groupBindingFinalizer],
    },
    groupRef: { apiGroup: iamGroup, kind: iamTypes.groups.kind, name: groupName },
    users: [userName],
  };
}

/** Takes a person out of a group. */
export async function removeGroupMember(
  parts: IamParts,
  { caller, workspace, name }: { readonly caller: User; readonly workspace: string; readonly name: string },
): Promise<void> {
  const row = parts.views.of<GroupBindingObject>(type).get('', name);
  if (row?.labels[labels.workspace] !== workspace) {
    throw new ApiError('NotFound', `workspace "${workspace}" has no group binding "${name}"`, {
      details: { group: iamGroup, kind: type.plural, name },
    });
  }
  const { groupRef, users = [] } = row.object();
  checkMayJoin(parts, caller, groupRef.name);
  await parts.kube.delete(type, { name });
  for (const userName of users) await awaitGroup(parts, userName, (groups) => !groups.includes(groupRef.name));
}

/** The controller writes the groups of a user; the caller's next request should find them. */
async function awaitGroup(
  { clock, users }: IamParts,
  userName: string,
  isDone: (groups: readonly string[]) => boolean,
): Promise<void> {
  await awaitRow(clock, users, () => isDone(users.get('', userName)?.object().spec.groups ?? []));
}

import { ApiError, isApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { QueryValues } from '@kit/kube/listing';
import { fieldManager, iamTypes, publicUser } from '../contract/index.ts';
import type { Member, RoleObject, UserObject } from '../contract/index.ts';
import { awaitRow } from './await-row.ts';
import type { Grant } from './binding-index.ts';
import { memberBinding } from './member-place.ts';
import type { MemberPlace } from './member-place.ts';
import type { IamParts } from './parts.ts';
import { userPage } from './user-list.ts';
import type { UserPage } from './user-list.ts';

/** One page of the members of a place, each with their role in it. */
export function memberPage(parts: IamParts, place: MemberPlace, query: QueryValues): UserPage {
  const rows = [...parts.index.bindings.subjectsIn(place.place).keys()].flatMap((subject) => {
    const row = subject.startsWith('User:') ? parts.users.get('', subject.slice('User:'.length)) : undefined;
    return row ? [row] : [];
  });
  return userPage(parts, { rows, query, extra: (name) => ({ [place.annotation]: roleIn(parts, place, name) ?? '' }) });
}

/** The role a user is bound to in a place. */
export function roleIn({ index }: Pick<IamParts, 'index'>, place: MemberPlace, userName: string): string | undefined {
  return grantsIn({ index }, place, userName)[0]?.roleName;
}

/** All roles a user has in a place, their own and those of their groups. */
export function rolesIn(parts: Pick<IamParts, 'index' | 'users'>, place: MemberPlace, userName: string): string[] {
  const groups = parts.users.get('', userName)?.object().spec.groups ?? [];
  const grants = groups.flatMap((group) => parts.index.bindings.grants(place.place, `Group:${group}`));
  return [...new Set([...grantsIn(parts, place, userName), ...grants].map(({ roleName }) => roleName))];
}

function grantsIn({ index }: Pick<IamParts, 'index'>, place: MemberPlace, userName: string): readonly Grant[] {
  return index.bindings.grants(place.place, `User:${userName}`);
}

/** One member with their role; `NotFound` for a user who is none. */
export async function readMember(parts: IamParts, place: MemberPlace, userName: string): Promise<UserObject> {
  const role = roleIn(parts, place, userName);
  if (role === undefined) throw noMember(place, userName);
  const user = await parts.kube.get<UserObject>(iamTypes.users, { name: userName });
  return publicUser(user, { [place.annotation]: role });
}

function noMember({ title }: MemberPlace, userName: string): ApiError {
  return new ApiError('NotFound', `user "${userName}" is no member of ${title}`, {
    details: { kind: 'members', name: userName },
  });
}

/** Makes people members, or gives members another role. All are checked before the first is written. */
export async function putMembers(
  parts: IamParts,
  place: MemberPlace,
  list: { readonly caller: User; readonly members: readonly Member[] },
): Promise<void> {
  for (const member of list.members) await checkMember(parts, place, { ...member, caller: list.caller });
  for (const member of list.members) await putMember(parts, place, member);
}

async function checkMember(
  parts: IamParts,
  place: MemberPlace,
  { caller, username, roleRef }: Member & { readonly caller: User },
): Promise<void> {
  const user = await parts.kube.find<UserObject>(iamTypes.users, { name: username });
  if (!user || user.metadata.deletionTimestamp) {
    throw new ApiError('NotFound', `there is no user "${username}"`, { details: { kind: 'users', name: username } });
  }
  const key = place.namespace === '' ? { name: roleRef } : { namespace: place.namespace, name: roleRef };
  const role = await parts.kube.find<RoleObject>(place.roleType, key);
  if (!role || !place.hasRole(role.metadata.labels ?? {})) {
    throw new ApiError('NotFound', `${place.title} has no role "${roleRef}"`, {
      details: { kind: place.roleType.plural, name: roleRef },
    });
  }
  parts.index.checkMayGive(caller, place.where, { name: roleRef, rules: role.rules });
}

/** Binds first and unbinds after, so that nobody is without a role in between. Resolves when the index knows. */
async function putMember(parts: IamParts, place: MemberPlace, { username, roleRef }: Member): Promise<void> {
  const binding = memberBinding(place, username, roleRef);
  await parts.kube.create(place.bindingType, binding, { fieldManager }).catch((error: unknown) => {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  });
  await awaitRoles(parts, { place, userName: username }, (roles) => roles.includes(roleRef));
  await unbind(parts, { place, userName: username }, roleRef);
}

/** Takes a member's bindings away; `NotFound` when there was none. */
export async function removeMember(
  parts: IamParts,
  place: MemberPlace,
  list: { readonly caller: User; readonly userName: string },
): Promise<void> {
  const { caller, userName } = list;
  const grants = grantsIn(parts, place, userName);
  if (grants.length === 0) throw noMember(place, userName);
  if (caller.name !== userName) {
    for (const { roleName } of grants) {
      const role = parts.views.of<RoleObject>(place.roleType).get(place.namespace, roleName)?.object();
      if (role) parts.index.checkMayGive(caller, place.where, { name: roleName, rules: role.rules });
    }
  }
  await unbind(parts, { place, userName });
}

/** One user in one place. */
interface Membership {
  readonly place: MemberPlace;
  readonly userName: string;
}

async function unbind(parts: IamParts, { place, userName }: Membership, exceptRole?: string): Promise<void> {
  const gone = grantsIn(parts, place, userName).filter(({ roleName }) => roleName !== exceptRole);
  for (const { bindingName } of gone) {
    const key = place.namespace === '' ? { name: bindingName } : { namespace: place.namespace, name: bindingName };
    await parts.kube.delete(place.bindingType, key).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
  if (gone.length > 0)
    await awaitRoles(parts, { place, userName }, (roles) => roles.every((role) => role === exceptRole));
}

function awaitRoles(
  parts: IamParts,
  { place, userName }: Membership,
  isDone: (roles: readonly string[]) => boolean,
): Promise<void> {
  const view = parts.views.of(place.bindingType);
  return awaitRow(parts.clock, view, () => isDone(grantsIn(parts, place, userName).map(({ roleName }) => roleName)));
}

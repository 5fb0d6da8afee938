import { ApiError, isApiError } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf, fieldManager, iamGroup, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject, RoleObject } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import { awaitRow } from './await-row.ts';
import type { IamParts } from './parts.ts';

const onPlatform = attributesOf({ verb: 'create', group: iamGroup, resource: 'globalrolebindings' });

/** The platform role a user is bound to by name. */
export function globalRoleOf({ index }: Pick<IamParts, 'index'>, userName: string): string | undefined {
  return index.bindings.grants('platform', `User:${userName}`)[0]?.roleName;
}

/** Throws unless the role exists and the caller has all that it allows. */
export async function checkMayGiveGlobalRole({ kube, index }: IamParts, caller: User, role: string): Promise<void> {
  const found = await kube.find<RoleObject>(iamTypes.globalRoles, { name: role });
  if (!found)
    throw new ApiError('NotFound', `there is no platform role "${role}"`, {
      details: { kind: 'globalroles', name: role },
    });
  index.checkMayGive(caller, onPlatform, { name: role, rules: found.rules });
}

/** Throws when the user has platform rights that the caller does not have: who may manage users must not become one of them. */
export function checkOutranks({ index, views }: IamParts, caller: User, userName: string): void {
  for (const { roleName } of index.bindings.grants('platform', `User:${userName}`)) {
    const role = views.of<RoleObject>(iamTypes.globalRoles).get('', roleName)?.object();
    if (role) index.checkMayGive(caller, onPlatform, { name: roleName, rules: role.rules });
  }
}

/** Binds a user to this platform role and to no other. Resolves when the index knows. */
export async function setGlobalRole(parts: IamParts, userName: string, role: string): Promise<void> {
  const { kube, views, index, clock } = parts;
  const type = iamTypes.globalRoleBindings;
  const name = `${userName}-${role}`;
  await kube.create(type, globalRoleBinding(name, userName, role), { fieldManager }).catch((error: unknown) => {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  });
  const { items } = await kube.list(type, { labelSelector: `${labels.userRef}=${userName}` });
  for (const { metadata } of items) if (metadata.name !== name) await kube.delete(type, { name: metadata.name });
  await awaitRow(clock, views.of(type), () => {
    const roles = index.bindings.grants('platform', `User:${userName}`).map(({ roleName }) => roleName);
    return roles.length === 1 && roles[0] === role;
  });
}

/** The binding of one user to one platform role. */
export function globalRoleBinding(name: string, userName: string, role: string): BindingObject {
  return {
    apiVersion: apiVersionOf(iamTypes.globalRoleBindings),
    kind: iamTypes.globalRoleBindings.kind,
    metadata: { name, labels: { [labels.userRef]: userName } },
    roleRef: { apiGroup: iamGroup, kind: iamTypes.globalRoles.kind, name: role },
    subjects: [{ apiGroup: iamGroup, kind: 'User', name: userName }],
  };
}

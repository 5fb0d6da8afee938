import type { User } from '@kit/http';
import { iamTypes } from '../contract/index.ts';
import type { Attributes, RoleObject } from '../contract/index.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';
import { attributesOf } from '../rules/attributes.ts';
import type { Grant, SubjectKey } from './binding-index.ts';
import { clusterPlace, projectPlace, workspacePlace } from './member-place.ts';
import type { IamParts } from './parts.ts';

const onPlatform = attributesOf({ verb: 'create', group: 'iam.kubesphere.io', resource: 'globalrolebindings' });

function whereIs(place: BindingPlace): Attributes {
  if (place === 'platform') return onPlatform;
  if (place === 'cluster') return clusterPlace.where;
  const [level = '', name = ''] = place.split('/');
  return level === 'workspace' ? workspacePlace(name).where : projectPlace(name).where;
}

const roleTypes = [iamTypes.globalRoles, iamTypes.workspaceRoles, iamTypes.clusterRoles, iamTypes.roles];

function roleOf({ views }: Pick<IamParts, 'views'>, { role }: Grant): RoleObject | undefined {
  const [kind = '', namespace = '', name = ''] = role.split('/');
  const type = roleTypes.find((one) => one.kind === kind);
  return type && views.of<RoleObject>(type).get(namespace, name)?.object();
}

/**
 * Throws unless the caller holds, wherever it counts, all that members of the group are given: who may put people into
 * groups, or call a user a member of one, must not hand out what they do not have.
 */
export function checkMayJoin(parts: Pick<IamParts, 'index' | 'views'>, caller: User, group: string): void {
  checkMayGiveAllOf(parts, caller, `Group:${group}`);
}

/**
 * Throws unless the caller holds all that is bound to the name already, in the cluster's own bindings or left over: an
 * account made under it would start with that.
 */
export function checkMayTakeName(parts: Pick<IamParts, 'index' | 'views'>, caller: User, userName: string): void {
  checkMayGiveAllOf(parts, caller, `User:${userName}`);
}

function checkMayGiveAllOf(parts: Pick<IamParts, 'index' | 'views'>, caller: User, subject: SubjectKey): void {
  const { bindings } = parts.index;
  for (const place of bindings.placesOf(subject)) {
    for (const grant of bindings.grants(place, subject)) {
      const role = roleOf(parts, grant);
      if (role) parts.index.checkMayGive(caller, whereIs(place), { name: grant.roleName, rules: role.rules });
    }
  }
}

import type { User } from '@kit/http';
import { iamTypes } from '../contract/index.ts';
import type { Attributes, RoleObject } from '../contract/index.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';
import { attributesOf } from '../rules/attributes.ts';
import type { Grant } from './binding-index.ts';
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
  const { bindings } = parts.index;
  for (const place of bindings.placesOf(`Group:${group}`)) {
    for (const grant of bindings.grants(place, `Group:${group}`)) {
      const role = roleOf(parts, grant);
      if (role) parts.index.checkMayGive(caller, whereIs(place), { name: grant.roleName, rules: role.rules });
    }
  }
}

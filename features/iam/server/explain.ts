import type { User } from '@kit/http';
import type { ResourceType, Row, Views } from '@kit/kube';
import { annotations, iamTypes, labels } from '../contract/index.ts';
import type { Attributes, AttributesQuery, Decision, RoleObject } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import { allows, compileRole } from '../rules/compiled-role.ts';
import { placesToLook } from '../rules/places-to-look.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { clusterPlace, projectPlace, workspacePlace } from './member-place.ts';
import type { MemberPlace } from './member-place.ts';

/** A role that would allow what is refused, and people who may give it. */
export interface Remedy {
  readonly kind: string;
  readonly role: string;
  readonly aliasName?: string;
  readonly workspace?: string;
  readonly namespace?: string;
  readonly mayGrant: readonly string[];
}

export interface Explanation extends Decision {
  readonly remedies: readonly Remedy[];
}

interface Parts {
  readonly index: AuthorizationIndex;
  readonly views: Views;
}

/** More names help nobody. */
const mostNames = 10;

function memberPlaceOf(place: BindingPlace): MemberPlace | undefined {
  if (place === 'cluster') return clusterPlace;
  if (place.startsWith('workspace/')) return workspacePlace(place.slice('workspace/'.length));
  return place.startsWith('project/') ? projectPlace(place.slice('project/'.length)) : undefined;
}

function* rolesIn(views: Views, place: BindingPlace): Iterable<{ type: ResourceType; row: Row<RoleObject> }> {
  const member = memberPlaceOf(place);
  const type = member?.roleType ?? iamTypes.globalRoles;
  const rows = views.of<RoleObject>(type).rows(member?.namespace ? member.namespace : undefined);
  for (const row of rows) {
    const isOffered = !(labels.roleTemplate in row.labels) && !row.name.startsWith('system:');
    if (isOffered && (!member || member.hasRole(row.labels))) yield { type, row };
  }
}

/** A role, as somebody may give it in a place. */
interface Gift {
  readonly where: MemberPlace['where'];
  readonly role: RoleObject;
}

function mayGive(index: AuthorizationIndex, user: User, { where, role }: Gift): boolean {
  if (!index.decideFor(user, where).allowed) return false;
  try {
    index.checkMayGive(user, where, { name: role.metadata.name, rules: role.rules ?? null });
    return true;
  } catch {
    return false; // it throws for exactly that
  }
}

/** People with a role in the place itself who may give this one; administrators of the platform may always. */
function granters({ index }: Parts, place: BindingPlace, role: RoleObject): string[] {
  const member = memberPlaceOf(place);
  if (!member) return [];
  const gift: Gift = { where: member.where, role };
  const found: string[] = [];
  for (const subject of index.bindings.subjectsIn(place).keys()) {
    if (found.length >= mostNames) break;
    const name = subject.startsWith('User:') ? subject.slice('User:'.length) : undefined;
    if (name && !name.startsWith('system:') && mayGive(index, { name, groups: [] }, gift)) found.push(name);
  }
  return found.sort();
}

function remedyFor(
  parts: Parts,
  place: BindingPlace,
  { type, row }: { type: ResourceType; row: Row<RoleObject> },
): Remedy {
  const role = row.object();
  const aliasName = role.metadata.annotations?.[annotations.aliasName];
  return {
    kind: type.kind,
    role: row.name,
    ...(aliasName ? { aliasName } : {}),
    ...(place.startsWith('workspace/') ? { workspace: place.slice('workspace/'.length) } : {}),
    ...(place.startsWith('project/') ? { namespace: place.slice('project/'.length) } : {}),
    mayGrant: granters(parts, place, role),
  };
}

function remedies(parts: Parts, wanted: Attributes): Remedy[] {
  // The narrowest place first: whoever asks for access asks for as little as will do.
  const places = placesToLook(wanted, (namespace) => parts.index.workspaceOf(namespace)).reverse();
  return places.flatMap((place) =>
    [...rolesIn(parts.views, place)]
      .filter(({ row }) => allows(compileRole(row.object().rules), wanted))
      .map((found) => remedyFor(parts, place, found)),
  );
}

/** Why a user may do something, or which roles would let them and who may give those. */
export function explain(parts: Parts, user: User, query: AttributesQuery): Explanation {
  const wanted = attributesOf(query);
  const decision = parts.index.decideFor(user, wanted);
  return { ...decision, remedies: decision.allowed ? [] : remedies(parts, wanted) };
}

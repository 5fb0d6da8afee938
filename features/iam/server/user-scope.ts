import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { Row } from '@kit/kube';
import type { QueryValues } from '@kit/kube/listing';
import type { UserObject } from '../contract/index.ts';
import { clusterPlace, projectPlace, workspacePlace } from './member-place.ts';
import type { MemberPlace } from './member-place.ts';
import { roleIn } from './member-store.ts';
import type { IamParts } from './parts.ts';

/** The part of a list of users that one place is asked about: its members, each with their role there. */
export interface ScopedUsers {
  readonly rows: Iterable<Row<UserObject>>;
  readonly query: QueryValues;
  readonly extra?: (name: string) => Record<string, string>;
}

interface Scope {
  readonly place: MemberPlace;
  readonly role: string | undefined;
  readonly rest: QueryValues;
}

const textOf = (value: QueryValues[string]): string | undefined => (typeof value === 'string' ? value : value?.at(-1));

function scopeIn(query: QueryValues): Scope | undefined {
  const { namespace, role, workspace, workspacerole, cluster, clusterrole, ...rest } = query;
  const [project, workspaceName] = [textOf(namespace), textOf(workspace)];
  if (project) return { place: projectPlace(project), role: textOf(role), rest };
  if (workspaceName) return { place: workspacePlace(workspaceName), role: textOf(workspacerole), rest };
  if (textOf(cluster) === 'true') return { place: clusterPlace, role: textOf(clusterrole), rest };
  if (role !== undefined || workspacerole !== undefined || clusterrole !== undefined)
    throw new ApiError(
      'BadRequest',
      'say where the role is: namespace with role, workspace with workspacerole, cluster=true with clusterrole',
    );
  return undefined;
}

/**
 * The users that `namespace`, `workspace` or `cluster` ask for, with the role that `role`, `workspacerole` or
 * `clusterrole` says. Everybody may list users, but who is a member of a place is for those to know who may list them.
 */
export function scopedUsers(parts: IamParts, caller: User, query: QueryValues): ScopedUsers {
  const scope = scopeIn(query);
  if (!scope) return { rows: parts.users.rows(), query };
  const { place, role, rest } = scope;
  parts.index.checkFor(caller, { ...place.where, verb: 'list' });
  const rows = [...parts.users.rows()].filter((row) => {
    const own = roleIn(parts, place, row.name);
    return own !== undefined && (!role || own === role);
  });
  return { rows, query: rest, extra: (name) => ({ [place.annotation]: roleIn(parts, place, name) ?? '' }) };
}

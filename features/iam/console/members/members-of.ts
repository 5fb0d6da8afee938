import type { QueryValue } from '@kit/ui';
import { annotation, type UserItem } from '../api.ts';
import type { RolesOf } from '../roles/roles-of.ts';

/** Members of a place: where they are listed, which roles there are, and how both are named. */
export interface MembersOf {
  readonly kind: 'cluster' | 'workspace' | 'project';
  readonly name: string;
  readonly members: string;
  readonly roles: string;
  /** Which of the roles are offered. */
  readonly roleQuery: Readonly<Record<string, QueryValue>>;
  /** The resource of which `list`, `create` … are asked. */
  readonly resource: 'clustermembers' | 'workspacemembers' | 'members';
  readonly roleOf: (member: UserItem) => string;
  readonly shortRole: (role: string) => string;
}

const kinds = {
  cluster: { resource: 'clustermembers', annotation: annotation.clusterRole },
  workspace: { resource: 'workspacemembers', annotation: annotation.workspaceRole },
  project: { resource: 'members', annotation: annotation.projectRole },
} as const;

/** The members of the place that these are the roles of; the platform's own are its users. */
export function membersOf(roles: RolesOf & { readonly kind: MembersOf['kind'] }): MembersOf {
  const { resource, annotation: key } = kinds[roles.kind];
  const base = roles.path.slice(0, roles.path.lastIndexOf('/'));
  return {
    kind: roles.kind,
    name: roles.name,
    members: `${base}/${resource}`,
    roles: roles.path,
    roleQuery: roles.query,
    resource,
    roleOf: (member) => member.metadata.annotations?.[key] ?? '',
    shortRole: roles.shortRole,
  };
}

import {
  annotations,
  iamGroup,
  iamTypes,
  labels,
  publicUser,
  type BindingObject,
  type UserObject,
} from '@feature/iam/contract';
import type { Facet, ResourceType, Row } from '@kit/kube';
import type { Filter } from '@kit/kube/listing';
import * as filters from './kind-filters.ts';
import type { ListContext, ListedKind } from './listed-kind.ts';

/** A place in which users have roles: which bindings give them, and which annotation an answer carries them in. */
interface Place {
  readonly bindings: ResourceType;
  readonly annotation: string;
  readonly namespace?: string;
  readonly workspace?: string;
}

function placeIn(query: ListContext['query']): Place | undefined {
  const { namespace, workspace, cluster } = query;
  if (namespace) return { bindings: iamTypes.roleBindings, annotation: annotations.role, namespace };
  if (workspace) return { bindings: iamTypes.workspaceRoleBindings, annotation: annotations.workspaceRole, workspace };
  if (cluster === 'true') return { bindings: iamTypes.clusterRoleBindings, annotation: annotations.clusterRole };
  return undefined;
}

/** Everybody may list users, but who is a member of a place is for those to know who may list its members. */
function checkMayKnow({ parts, user }: ListContext, { namespace, workspace }: Place): void {
  const what = { verb: 'list', group: iamGroup };
  if (namespace !== undefined) parts.access.check(user, { ...what, resource: 'members', namespace });
  else if (workspace !== undefined) parts.access.check(user, { ...what, resource: 'workspacemembers', workspace });
  else parts.access.check(user, { ...what, resource: 'clustermembers' });
}

const bindingFacet: Facet<{ readonly role: string; readonly users: readonly string[] }> = {
  name: 'binding',
  of: (object) => {
    const { roleRef, subjects = [] } = object as BindingObject; // cast: only bindings have this facet
    return { role: roleRef.name, users: subjects.filter(({ kind }) => kind === 'User').map(({ name }) => name) };
  },
};

/** The role of each user that a place has bound. */
function rolesIn({ parts }: ListContext, { bindings, namespace, workspace }: Place): ReadonlyMap<string, string> {
  const roles = new Map<string, string>();
  for (const row of parts.views.of(bindings).rows(namespace)) {
    if (workspace !== undefined && row.labels[labels.workspace] !== workspace) continue;
    const { role, users } = row.value(bindingFacet);
    for (const name of users) if (!roles.has(name)) roles.set(name, role);
  }
  return roles;
}

const globally: Place = { bindings: iamTypes.globalRoleBindings, annotation: annotations.globalRole };

function related(context: ListContext): Record<string, Filter> {
  const place = placeIn(context.query);
  const global = (value: string) => {
    const roles = rolesIn(context, globally);
    return (row: Row): boolean => roles.get(row.name) === value;
  };
  if (!place) return { globalrole: global };
  checkMayKnow(context, place);
  const roles = rolesIn(context, place);
  const isMember = () => (row: Row) => roles.has(row.name);
  const hasRole = (value: string) => (row: Row) => roles.get(row.name) === value;
  const { namespace, workspace } = place;
  if (namespace !== undefined) return { globalrole: global, namespace: isMember, role: hasRole };
  if (workspace !== undefined) return { globalrole: global, workspace: isMember, workspacerole: hasRole };
  return { globalrole: global, cluster: isMember, clusterrole: hasRole };
}

const state = filters.fieldFacet('status.state');
const lastLogin = filters.fieldFacet('status.lastLoginTime');

/** Users, without the hashes of their passwords, and with their role in the place that is asked about. */
export const usersListed: ListedKind = {
  type: iamTypes.users,
  filters: {
    email: filters.field('spec.email'),
    ingroup: filters.listed('spec.groups', true),
    notingroup: filters.listed('spec.groups', false),
    status: filters.equals(state),
  },
  facets: [state],
  sorts: { lastLoginTime: (row) => row.value(lastLogin) },
  related,
  reads: (query) => {
    const place = placeIn(query);
    return place ? [iamTypes.globalRoleBindings, place.bindings] : [iamTypes.globalRoleBindings];
  },
  show: (context) => {
    const place = placeIn(context.query);
    // KubeSphere says the platform's role only where it is asked for.
    const globalRoles = context.query['globalrole'] === undefined ? undefined : rolesIn(context, globally);
    const own = place && rolesIn(context, place);
    return (row) => {
      const globalRole = globalRoles?.get(row.name);
      const user = row.object() as UserObject; // cast: the view is of users
      return publicUser(user, {
        ...(globalRole === undefined ? {} : { [annotations.globalRole]: globalRole }),
        ...(place && own?.has(row.name) ? { [place.annotation]: own.get(row.name) ?? '' } : {}),
      });
    };
  },
};

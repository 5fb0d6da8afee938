import { to, usePlace, type Href, type QueryValue } from '@kit/ui';
import { iamApi } from '../api.ts';

/** The roles of a level: where they are, how they are named, and where their pages are. */
export interface RolesOf {
  readonly kind: 'platform' | 'cluster' | 'workspace' | 'project';
  /** Of the workspace or project. */
  readonly name: string;
  readonly path: string;
  /** The resource of which `list`, `create` … are asked. */
  readonly resource: 'globalroles' | 'clusterroles' | 'workspaceroles' | 'roles';
  /** Leaves what people can be given, without templates and without what Kubernetes itself brings. */
  readonly query: Readonly<Record<string, QueryValue>>;
  /** `acme-admin` -> `admin`; only roles of workspaces have a prefix. */
  readonly shortRole: (role: string) => string;
  readonly fullName: (short: string) => string;
  readonly listHref: Href;
  readonly newHref: Href;
  readonly roleHref: (role: string) => Href;
}

const same = (name: string): string => name;
const made = { annotation: 'iam.kubesphere.io/aggregation-roles', labelSelector: '!iam.kubesphere.io/role-template' };
const noTemplates = { labelSelector: '!iam.kubesphere.io/role-template' };

export const platformRoles: RolesOf = {
  kind: 'platform',
  name: '',
  path: `${iamApi}/globalroles`,
  resource: 'globalroles',
  query: made,
  shortRole: same,
  fullName: same,
  listHref: to.platform('users', { tab: 'roles' }),
  newHref: to.platform('users/new/role'),
  roleHref: (name) => to.platform('users/roles/$name', { name }),
};

export const clusterRoles: RolesOf = {
  ...platformRoles,
  kind: 'cluster',
  path: `${iamApi}/clusterroles`,
  resource: 'clusterroles',
  listHref: to.platform('cluster', { tab: 'roles' }),
  newHref: to.platform('cluster/new/role'),
  roleHref: (name) => to.platform('cluster/roles/$name', { name }),
};

/** The roles of the current workspace or project; elsewhere those of the platform. */
export function useRolesOf(): RolesOf {
  const { workspace = '', cluster = '', project } = usePlace();
  if (project !== undefined) {
    const at = { workspace, cluster, project };
    return {
      kind: 'project',
      name: project,
      path: `${iamApi}/namespaces/${encodeURIComponent(project)}/roles`,
      resource: 'roles',
      query: noTemplates,
      shortRole: same,
      fullName: same,
      listHref: to.project(at, 'members', { tab: 'roles' }),
      newHref: to.project(at, 'members/new/role'),
      roleHref: (name) => to.project(at, 'members/roles/$name', { name }),
    };
  }
  if (workspace === '') return platformRoles;
  const prefix = `${workspace}-`;
  return {
    kind: 'workspace',
    name: workspace,
    path: `${iamApi}/workspaces/${encodeURIComponent(workspace)}/workspaceroles`,
    resource: 'workspaceroles',
    query: noTemplates,
    shortRole: (role) => (role.startsWith(prefix) ? role.slice(prefix.length) : role),
    // Roles of all workspaces share one set of names in the cluster.
    fullName: (short) => `${prefix}${short}`,
    listHref: to.workspace(workspace, 'members', { tab: 'roles' }),
    newHref: to.workspace(workspace, 'members/new/role'),
    roleHref: (name) => to.workspace(workspace, 'members/roles/$name', { name }),
  };
}

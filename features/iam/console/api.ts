import { to, type Href, type ProjectPlace } from '@kit/ui';

export const iamApi = '/kapis/iam.kubesphere.io/v1alpha2';

/** A user as the API shows one; in a list of members with the role in that place as an annotation. */
export interface UserItem {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly email: string; readonly displayName?: string; readonly description?: string };
  readonly status?: { readonly state?: string; readonly lastLoginTime?: string };
}

/** A role of any level, as far as choosing one needs it. */
export interface RoleItem {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

const annotation = {
  globalRole: 'iam.kubesphere.io/globalrole',
  workspaceRole: 'iam.kubesphere.io/workspacerole',
  projectRole: 'iam.kubesphere.io/role',
  alias: 'kubesphere.io/alias-name',
} as const;

export function globalRoleOf(user: UserItem): string {
  return user.metadata.annotations?.[annotation.globalRole] ?? '';
}

export function aliasOf(role: RoleItem): string | undefined {
  return role.metadata.annotations?.[annotation.alias];
}

/** The annotation by which a new user asks for a platform role. */
export function withGlobalRole(role: string): Record<string, string> {
  return { [annotation.globalRole]: role };
}

/** Members of a place: where they are listed, which roles there are, and how both are named. */
export interface MembersOf {
  readonly kind: 'workspace' | 'project';
  readonly name: string;
  readonly members: string;
  readonly roles: string;
  /** The resource of which `list`, `create` … are asked. */
  readonly resource: 'workspacemembers' | 'members';
  readonly roleOf: (member: UserItem) => string;
  /** `acme-admin` -> `admin`; roles of a project have no prefix. */
  readonly shortRole: (role: string) => string;
  readonly href: Href;
}

/** The members of a workspace. */
export function workspaceMembers(workspace: string): MembersOf {
  const base = `${iamApi}/workspaces/${encodeURIComponent(workspace)}`;
  return {
    kind: 'workspace',
    name: workspace,
    members: `${base}/workspacemembers`,
    roles: `${base}/workspaceroles`,
    resource: 'workspacemembers',
    roleOf: (member) => member.metadata.annotations?.[annotation.workspaceRole] ?? '',
    shortRole: (role) => (role.startsWith(`${workspace}-`) ? role.slice(workspace.length + 1) : role),
    href: to.workspace(workspace, 'members'),
  };
}

/** The members of a project. */
export function projectMembers(at: ProjectPlace): MembersOf {
  const base = `${iamApi}/namespaces/${encodeURIComponent(at.project)}`;
  return {
    kind: 'project',
    name: at.project,
    members: `${base}/members`,
    roles: `${base}/roles`,
    resource: 'members',
    roleOf: (member) => member.metadata.annotations?.[annotation.projectRole] ?? '',
    shortRole: (role) => role,
    href: to.project(at, 'members'),
  };
}

export const iamApi = '/kapis/iam.kubesphere.io/v1alpha2';

/** A user as the API shows one; in a list of members with the role in that place as an annotation. */
export interface UserItem {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly email: string;
    readonly displayName?: string;
    readonly description?: string;
    readonly lang?: string;
    readonly groups?: readonly string[];
  };
  readonly status?: { readonly state?: string; readonly lastLoginTime?: string };
}

/** A role of any level, as far as choosing one needs it. */
export interface RoleItem {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export const annotation = {
  globalRole: 'iam.kubesphere.io/globalrole',
  workspaceRole: 'iam.kubesphere.io/workspacerole',
  projectRole: 'iam.kubesphere.io/role',
  clusterRole: 'iam.kubesphere.io/clusterrole',
  description: 'kubesphere.io/description',
  alias: 'kubesphere.io/alias-name',
} as const;

export function globalRoleOf(user: UserItem): string {
  return user.metadata.annotations?.[annotation.globalRole] ?? '';
}

export function aliasOf(role: RoleItem): string | undefined {
  return role.metadata.annotations?.[annotation.alias] || undefined;
}

/** The annotation by which a new user asks for a platform role. */
export function withGlobalRole(role: string): Record<string, string> {
  return { [annotation.globalRole]: role };
}

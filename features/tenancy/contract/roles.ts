/** The four roles every workspace has; in the cluster they are WorkspaceRoles named by `workspaceRoleName`. */
export const workspaceRoles = ['admin', 'viewer', 'self-provisioner', 'regular'] as const;

export type WorkspaceRoleKind = (typeof workspaceRoles)[number];

/** The name of a workspace's own copy of a role: `acme-admin`. */
export function workspaceRoleName(workspace: string, role: string): string {
  return `${workspace}-${role}`;
}

/** The RoleBase that a workspace role is made from: `workspace-admin`. */
export function workspaceRoleBase(role: WorkspaceRoleKind): string {
  return `workspace-${role}`;
}

export { tenancyKinds, tenancySeeds } from './crds.ts';
export { deletionPreview } from './deletion-preview.ts';
export type { DeletionPreview } from './deletion-preview.ts';
export { managedBy, orphanFinalizer, tenancyTypes, tenantGroup, workspaceTemplateFinalizer } from './kinds.ts';
export type { Namespace, Workspace, WorkspaceSpec, WorkspaceTemplate } from './kinds.ts';
export { workspaceRoleBase, workspaceRoleName, workspaceRoles } from './roles.ts';
export type { WorkspaceRoleKind } from './roles.ts';

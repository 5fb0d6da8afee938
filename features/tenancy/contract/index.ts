import { tenancyKinds as tenantKinds } from './crds.ts';
import { accessRequestKind } from './access-request.ts';
import { quotaKind } from './quota-crd.ts';

export { systemWorkspace, tenancySeeds } from './crds.ts';
/** The definitions of every kind of this feature. */
export const tenancyKinds = [...tenantKinds, quotaKind, accessRequestKind];
export { deletionPreview, projectDeletionPreview } from './deletion-preview.ts';
export type { DeletionPreview, ProjectDeletionPreview } from './deletion-preview.ts';
export { managedBy, orphanFinalizer, tenancyTypes, tenantGroup, workspaceTemplateFinalizer } from './kinds.ts';
export type { Namespace, Workspace, WorkspaceSpec, WorkspaceTemplate } from './kinds.ts';
export { quotaGroup, quotaType, quotaWebhookName, webhookConfigurationType } from './quota.ts';
export type { Amounts, QuotaFigures, QuotaScopes, WorkspaceQuota } from './quota.ts';
export { workspaceRoleBase, workspaceRoleName, workspaceRoles } from './roles.ts';
export type { WorkspaceRoleKind } from './roles.ts';
export { defaultLimitsName, settingsMap, tenancySettings } from './settings.ts';
export type { TenancySettings } from './settings.ts';
export { transferReport, transfersAnnotation } from './transfer.ts';
export type { TransferReport } from './transfer.ts';
export { accessRequestType, requestAnnotation, seenAnnotation } from './access-request.ts';
export type { AccessRequest, RequestPhase } from './access-request.ts';

import { iamTypes, labels } from '@feature/iam/contract';
import { kinds } from '@kit/kube';
import { defineController } from '@kit/reconcile';
import { tenancyTypes, workspaceTemplateFinalizer, type WorkspaceTemplate } from '../contract/index.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';
import { deleteProjects, deleteWorkspace, orphanProjects, removeMembers } from './workspace-removal.ts';
import { ensureManager, ensureRoles, ensureWorkspace } from './workspace-steps.ts';

/** Makes of a WorkspaceTemplate its Workspace, its roles and its manager's binding; takes its projects with it. */
export const workspaceController = defineController<WorkspaceTemplate, TenancyControllerDeps>({
  name: 'workspace',
  type: tenancyTypes.workspaceTemplates,
  owns: [iamTypes.workspaceRoles, iamTypes.workspaceRoleBindings],
  watches: [
    { type: tenancyTypes.workspaces, map: ({ name }) => [{ name }] },
    {
      type: kinds.namespaces,
      map: (row) => {
        const name = row.labels[labels.workspace];
        return name ? [{ name }] : [];
      },
    },
  ],
  steps: [ensureWorkspace, ensureRoles, ensureManager],
  finalizer: workspaceTemplateFinalizer,
  finalize: [orphanProjects, deleteProjects, removeMembers, deleteWorkspace],
  fieldOwner,
});

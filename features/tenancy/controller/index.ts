import { bindController, type BoundController } from '@kit/reconcile';
import type { TenancyControllerDeps } from './ports.ts';
import { projectController } from './project-controller.ts';
import { quotaController } from './quota/quota-controller.ts';
import { requestController } from './requests/request-controller.ts';
import { workspaceController } from './workspace-controller.ts';
import { workspaceRoleBindingController, workspaceRoleController } from './workspace-ties-controller.ts';

export type { TenancyControllerDeps } from './ports.ts';

/** The controllers of workspaces, projects, quotas and requests for access. */
export function tenancyControllers(deps: TenancyControllerDeps): BoundController[] {
  return [
    bindController(workspaceController, deps),
    bindController(workspaceRoleController, deps),
    bindController(workspaceRoleBindingController, deps),
    bindController(projectController(deps.views), deps),
    bindController(quotaController(deps.views), deps),
    bindController(requestController(deps.views), deps),
  ];
}

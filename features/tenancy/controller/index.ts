import { bindController, type BoundController } from '@kit/reconcile';
import type { TenancyControllerDeps } from './ports.ts';
import { projectController } from './project-controller.ts';
import { workspaceController } from './workspace-controller.ts';

export type { TenancyControllerDeps } from './ports.ts';

/** The controllers of workspaces and projects. */
export function tenancyControllers(deps: TenancyControllerDeps): BoundController[] {
  return [bindController(workspaceController, deps), bindController(projectController(deps.views), deps)];
}

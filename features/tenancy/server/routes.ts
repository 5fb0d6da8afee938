import type { Route } from '@kit/http';
import { kinds } from '@kit/kube';
import type { TenancyDeps } from './ports.ts';
import { ProjectIndex } from './project-index.ts';
import { projectRoutes } from './project-routes.ts';
import { workspaceExtraRoutes } from './workspace-extras.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** Workspaces and projects: tenant.kubesphere.io v1alpha2 and v1alpha3, and tenant.freehold.io. */
export function tenancyRoutes(deps: TenancyDeps): Route[] {
  const parts = { ...deps, projects: new ProjectIndex(deps.views.of(kinds.namespaces)) };
  return [...workspaceRoutes(parts), ...workspaceExtraRoutes(parts), ...projectRoutes(parts)];
}

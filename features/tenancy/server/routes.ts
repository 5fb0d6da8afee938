import type { Route } from '@kit/http';
import { kinds } from '@kit/kube';
import { placeListRoutes } from './place-lists.ts';
import type { TenancyDeps } from './ports.ts';
import { ProjectIndex } from './project-index.ts';
import { projectQuotaRoutes } from './project-quota-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { QuotaLedger } from './quota/quota-ledger.ts';
import { quotaRoutes } from './quota/quota-routes.ts';
import { requestRoutes } from './requests/request-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import { workspaceExtraRoutes } from './workspace-extras.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** Workspaces, projects and quotas: tenant.kubesphere.io v1alpha2 and v1alpha3, and tenant.freehold.io. */
export function tenancyRoutes(deps: TenancyDeps): Route[] {
  const projects = new ProjectIndex(deps.views.of(kinds.namespaces));
  const parts = { ...deps, projects, ledger: new QuotaLedger({ ...deps, projects }) };
  return [
    ...workspaceRoutes(parts),
    ...workspaceExtraRoutes(parts),
    ...projectRoutes(parts),
    ...placeListRoutes(parts),
    ...transferRoutes(parts),
    ...quotaRoutes(parts),
    ...projectQuotaRoutes(parts),
    ...requestRoutes(parts),
  ];
}

import type { Route } from '@kit/http';
import { componentRoutes } from './component-routes.ts';
import { countRoutes } from './count-routes.ts';
import { importRoutes } from './import/import-routes.ts';
import { listRoutes } from './list-routes.ts';
import type { ResourcesDeps } from './ports.ts';
import { revisionRoutes } from './revision-routes.ts';

/** Lists, objects, counts, revisions and imports; Kubernetes' own API is mounted beside them. */
export function resourcesRoutes(deps: ResourcesDeps): Route[] {
  return [
    ...componentRoutes(deps),
    ...listRoutes(deps),
    ...countRoutes(deps),
    ...revisionRoutes(deps),
    ...importRoutes(deps),
  ];
}

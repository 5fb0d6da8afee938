import type { Route } from '@kit/http';
import { createDiscovery } from '@kit/kube';
import { componentRoutes } from './component-routes.ts';
import { ClaimUse } from './enrich/claim-use.ts';
import { NodeSums } from './enrich/node-sums.ts';
import { importRoutes } from './import/import-routes.ts';
import { abnormalRoutes } from './legacy/abnormal-routes.ts';
import { jobRoutes } from './legacy/job-routes.ts';
import { kubectlPodRoute } from './legacy/kubectl-pod-route.ts';
import { legacyListRoutes } from './legacy/legacy-list-routes.ts';
import { setRevisionRoutes } from './legacy/revision-routes.ts';
import { routerRoutes } from './legacy/router-routes.ts';
import { countRoutes } from './lists/count-routes.ts';
import { KindFinder } from './lists/kind-finder.ts';
import { listRoutes } from './lists/list-routes.ts';
import { viewOf } from './lists/listed-kind.ts';
import type { ResourcesParts } from './parts.ts';
import type { ResourcesDeps } from './ports.ts';
import { gitRoute } from './registry/git-route.ts';
import { registryRoutes } from './registry/registry-routes.ts';
import { revisionRoutes } from './revision-routes.ts';
import { SearchIndex } from './search/search-index.ts';
import { searchRoutes } from './search/search-routes.ts';
import { viewRoutes } from './view-routes.ts';
import { VisiblePlaces } from './visible-places.ts';

/** What all routes share; nothing is asked of the cluster but the namespaces before a caller asks. */
function partsOf(deps: ResourcesDeps): ResourcesParts {
  const { kube, views, clock } = deps;
  const discovery = createDiscovery(kube, { clock });
  const places = new VisiblePlaces(deps);
  const parts: ResourcesParts = {
    ...deps,
    discovery,
    finder: new KindFinder({ discovery, views, clock }),
    nodeSums: new NodeSums(views),
    claimUse: new ClaimUse(views),
    places,
    search: new SearchIndex(places, (kind) => viewOf(parts, kind)),
  };
  return parts;
}

/** Lists, objects, counts, searches, revisions and imports; Kubernetes' own API is mounted beside them. */
export function resourcesRoutes(deps: ResourcesDeps): Route[] {
  const parts = partsOf(deps);
  return [
    ...componentRoutes(parts),
    ...listRoutes(parts),
    ...countRoutes(parts),
    ...searchRoutes(parts),
    ...viewRoutes(parts),
    ...revisionRoutes(parts),
    ...setRevisionRoutes(parts),
    ...legacyListRoutes(parts),
    ...abnormalRoutes(parts),
    ...jobRoutes(parts),
    kubectlPodRoute(parts),
    ...routerRoutes(parts),
    ...registryRoutes(parts),
    gitRoute(parts),
    ...importRoutes(parts),
  ];
}

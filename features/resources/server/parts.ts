import type { Discovery } from '@kit/kube';
import type { ClaimUse } from './enrich/claim-use.ts';
import type { NodeSums } from './enrich/node-sums.ts';
import type { ResourcesDeps } from './ports.ts';
import type { KindFinder } from './lists/kind-finder.ts';
import type { SearchIndex } from './search/search-index.ts';
import type { VisiblePlaces } from './visible-places.ts';

/** The ports, and what the feature makes of them once for all its routes. */
export interface ResourcesParts extends ResourcesDeps {
  readonly discovery: Discovery;
  readonly finder: KindFinder;
  readonly nodeSums: NodeSums;
  readonly claimUse: ClaimUse;
  readonly places: VisiblePlaces;
  readonly search: SearchIndex;
}
